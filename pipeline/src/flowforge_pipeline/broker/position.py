"""How far something was read."""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """The offset that comes next in a partition, in this epoch. ``seq`` is that of the last message before
    it, which holds in every epoch; -1 where none is known.
    """

    epoch: str
    offset: int
    seq: int = -1

    def __str__(self) -> str:
        return f"{self.epoch} {self.offset} {self.seq}"

    @staticmethod
    def parse(text: str) -> Position:
        """Of its text."""
        epoch, offset, seq = text.split(" ")
        return Position(epoch, int(offset), int(seq))
