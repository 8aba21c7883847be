"""The state directory of one installation, and how its files are written.

::

    <home>/
      credentials.json   passwords of the engines, mode 0600
      ports.json         loopback port of each engine
      clickhouse/        data of the ClickHouse process
      postgres           data of PostgreSQL: a directory, or a link where root had to place it elsewhere
      valkey/            append-only file of Valkey
      tansu/             the broker's lock; it keeps nothing on disk
      pipeline/          what the processes of the live pipeline remember

The directory is private to the user who runs FlowForge. For root it may be traversed by others,
because PostgreSQL runs there as an unprivileged user; everything inside keeps its own narrow mode.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from pathlib import Path


def prepare_home(home: Path) -> Path:
    """Create ``home`` where it is missing and return it as an absolute path.

    Modes of directories that already exist are left alone.
    """
    home = home.expanduser().absolute()
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    return home


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` atomically with ``text``, readable by its owner only and synced to disk."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class DirectoryInUseError(RuntimeError):
    """Another process holds the directory of an engine."""


def hold(directory: Path, *, wait: float = 10.0) -> int:
    """Take the directory's lock for the life of this process and of those it starts or becomes.

    The kernel lets go when the last holder dies, so ``kill -9`` leaves no stale lock, and a new
    engine waits up to ``wait`` seconds for the old one's children. Returns the descriptor.

    Raises:
        DirectoryInUseError: it is still held after ``wait`` seconds.

    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)  # the folder itself: no lock file is left
    os.set_inheritable(descriptor, True)
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise DirectoryInUseError(
                    f"{directory} is in use by another process; stop the FlowForge that runs on it"
                ) from None
            time.sleep(0.02)
        else:
            return descriptor
