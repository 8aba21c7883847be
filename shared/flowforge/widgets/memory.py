"""What questions about a workspace came to, for as long as nobody has changed it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from flowforge.records import dataclass
from flowforge.stores.edited import REMEMBER_SECONDS, Seen

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[V]):
    value: V
    mark: bytes | None
    until: float


class Memory(Generic[V]):
    """The answers used last. Each holds while its tenant's mark is the one it was read under, two seconds at most.

    A key names the tenant: nothing else keeps two of them apart.
    """

    def __init__(self, most: int = 1_024) -> None:
        self._most = most
        self._entries: OrderedDict[Hashable, _Entry[V]] = OrderedDict()

    def recall(self, key: Hashable) -> V | None:
        """What may still hold; only ``holds`` says that it does."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.until < time.monotonic():
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry.value

    def holds(self, key: Hashable, value: V, seen: Seen) -> bool:
        """Whether what was recalled holds under a mark that was read after that."""
        entry = self._entries.get(key)
        return entry is not None and entry.value is value and entry.mark == seen.mark

    def keep(self, key: Hashable, value: V, before: Seen) -> None:
        """Remember what was read after the mark ``before`` was seen."""
        self._entries[key] = _Entry(value, before.mark, before.at + REMEMBER_SECONDS)
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)
