"""A Python environment for one tool: made once for the content of its lock file, shared by all homes.

The lock names every package with its hashes, so that an environment is the same wherever and whenever it is made.

They lie in ``$FLOWFORGE_TOOLS_DIR``, else ``$XDG_CACHE_HOME/flowforge/tools``. One is complete when it has its
stamp: an installation that broke off is made anew. Two commands at once make it once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "FLOWFORGE_TOOLS_DIR"
_STAMP = "complete"
_LOG_TAIL = 2000


class ToolError(Exception):
    """The environment could not be made; the message ends with what pip said."""


def tools_folder() -> Path:
    """Where the environments are."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(FOLDER) or Path(cache) / "flowforge" / "tools").absolute()


def tool_environment(name: str, lock: Path) -> Path:
    """The folder of the environment with what ``lock`` names, made if it is not there; raises ToolError."""
    content = lock.read_bytes() + sys.version.encode()
    place = tools_folder() / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}"
    if (place / _STAMP).exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place.with_suffix(".lock")):
        if not (place / _STAMP).exists():
            _make(name, place, lock)
    return place


def _make(name: str, place: Path, lock: Path) -> None:
    sys.stderr.write(f"· Installing {name} into {place}; this happens once …\n")
    shutil.rmtree(place, ignore_errors=True)
    try:
        venv.create(place, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolError(f"No environment for {name} could be made: {error}") from error
    python = str(place / "bin" / "python")
    wanted = ["--no-deps", "--require-hashes", "-r", str(lock)]
    installers = [[python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]]
    # uv installs the same files several times faster; pip does where uv is not there or knows no way to the index.
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        installers.insert(0, [str(uv), "pip", "install", "--quiet", "--compile-bytecode", "--python", python])
    for installer in installers:
        done = subprocess.run([*installer, *wanted], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            (place / _STAMP).write_text("\n")
            return
    raise ToolError(
        f"{name} could not be installed. The installer says:\n{(done.stderr or done.stdout)[-_LOG_TAIL:].strip()}"
    )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
