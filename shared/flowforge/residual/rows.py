"""Rows in memory: columns by name, each perhaps not worked out before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Rows:
    """``height`` rows; the columns are held as ``values`` says."""

    columns: Mapping[str, pl.Series]
    height: int


class Lazy(Mapping[str, "pl.Series"]):
    """Columns that are worked out on first use."""

    def __init__(self, made: Mapping[str, Callable[[], pl.Series]]) -> None:
        self._made = made
        self._done: dict[str, pl.Series] = {}

    def __getitem__(self, name: str) -> pl.Series:
        if name not in self._done:
            self._done[name] = self._made[name]()
        return self._done[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
