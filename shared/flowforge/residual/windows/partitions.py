"""The rows of a window: partition by partition, each in its order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from flowforge.residual.order import sorted_rows

if TYPE_CHECKING:
    import polars as pl


class Partitions:
    """``positions`` are the rows' own places in the order of the window, ``place`` 0, 1, 2 … in it,
    ``begins`` the place at which each row's partition begins.
    """

    def __init__(
        self, parts: Sequence[pl.Series], order: Sequence[tuple[pl.Series, bool]], height: int
    ) -> None:
        import polars as pl

        self.positions = sorted_rows([*[(each, False) for each in parts], *order], height)
        self.place = pl.int_range(height, dtype=pl.Int64, eager=True)
        self._parts, self._order = parts, [each for each, _ in order]
        self.begins = self._run_starts(parts)

    @cached_property
    def peers(self) -> pl.Series:
        """The place of the first row that the order does not tell apart from each row."""
        return self._run_starts([*self._parts, *self._order])

    def ordered(self, values: pl.Series) -> pl.Series:
        """Values in the window's order."""
        return values.gather(self.positions)

    def back(self, values: pl.Series) -> pl.Series:
        """Values in the window's order as values in the rows' own order."""
        import polars as pl

        frame = pl.DataFrame({"position": self.positions, "values": values})
        return frame.sort("position")["values"]

    def _run_starts(self, keys: Sequence[pl.Series]) -> pl.Series:
        """For each place the first one of the run of equal keys that it is in."""
        import polars as pl

        frame = pl.DataFrame(
            {"place": self.place, **{f"k{index}": self.ordered(each) for index, each in enumerate(keys)}}
        )
        changes = [
            pl.col(name).ne_missing(pl.col(name).shift(1)) for name in frame.columns if name != "place"
        ]
        starts = pl.any_horizontal(pl.col("place") == 0, *changes)
        return frame.select(pl.when(starts).then("place").forward_fill()).to_series()
