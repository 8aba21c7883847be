"""Telling the process's flusher that something was committed to the outbox."""

from __future__ import annotations

from collections.abc import Callable

_sleepers: set[Callable[[], None]] = set()


def on_commit(call: Callable[[], None]) -> Callable[[], None]:
    """Call ``call`` after each commit that put something into the outbox; gives what ends that."""
    _sleepers.add(call)
    return lambda: _sleepers.discard(call)


def wake() -> None:
    """Something was committed."""
    for call in tuple(_sleepers):
        call()
