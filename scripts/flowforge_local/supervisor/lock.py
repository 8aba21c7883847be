"""One owner per home: an flock, which the kernel releases however its holder ends."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from flowforge_local.engines.home import prepare_home

FILE = "owner.lock"
ASKING = 0.1
"""Seconds for which a lock may be held by somebody who only asks who the owner is."""


class HomeInUseError(Exception):
    """Another process owns the home."""


@contextlib.contextmanager
def own(home: Path, purpose: str) -> Iterator[None]:
    """Own ``home`` for the length of the block; the file is gone afterwards.

    Raises HomeInUseError, which names the other process.
    """
    path = prepare_home(home) / FILE
    deadline = time.monotonic() + ASKING
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            if time.monotonic() >= deadline:
                raise HomeInUseError(_in_use(home)) from None
            time.sleep(0.01)
            continue
        if _is(path, descriptor):
            break
        os.close(descriptor)  # its last owner removed the file between our open and our lock
    os.truncate(descriptor, 0)
    os.write(descriptor, json.dumps({"pid": os.getpid(), "purpose": purpose}).encode())
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def owner(home: Path) -> int | None:
    """Process id of the home's owner; None when it has none, whatever file a killed one left."""
    path = home / FILE
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = _content(home).get("pid")
        return pid if isinstance(pid, int) else None
    finally:
        os.close(descriptor)
    return None


def _is(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _content(home: Path) -> dict[str, object]:
    try:
        content: dict[str, object] = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # between the lock and its first write
        return {}
    return content


def _in_use(home: Path) -> str:
    content = _content(home)
    return (
        f"{home} is in use by `flowforge {content.get('purpose', 'up')}` (process {content.get('pid', 'unknown')}). "
        "Stop that one first (`flowforge down`), or choose another --home."
    )
