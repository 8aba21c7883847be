"""A Python environment for one tool: made once for the content of its requirements, shared by all homes.

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
from collections.abc import Iterator, Sequence
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


def tool_environment(name: str, requirements: Path, *, options: Sequence[str] = ()) -> Path:
    """The folder of the environment with these requirements, made if it is not there; raises ToolError.

    ``options`` are further words for ``pip install``.
    """
    content = requirements.read_bytes() + "\0".join([*options, sys.version]).encode()
    place = tools_folder() / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}"
    if (place / _STAMP).exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place.with_suffix(".lock")):
        if not (place / _STAMP).exists():
            _make(name, place, requirements, options)
    return place


def _make(name: str, place: Path, requirements: Path, options: Sequence[str]) -> None:
    sys.stderr.write(f"· Installing {name} into {place}; this happens once …\n")
    shutil.rmtree(place, ignore_errors=True)
    try:
        venv.create(place, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolError(f"No environment for {name} could be made: {error}") from error
    command = [
        str(place / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    done = subprocess.run(
        [*command, *options, "-r", str(requirements)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout)[-_LOG_TAIL:].strip()
        raise ToolError(f"{name} could not be installed. pip says:\n{said}")
    (place / _STAMP).write_text("\n")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
