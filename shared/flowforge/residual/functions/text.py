"""Functions of text. Positions and lengths count characters (code points), order is by code point."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flowforge.formula.tree import Call, Constant
from flowforge.residual.functions.arithmetic import Compute
from flowforge.residual.values import dtype

if TYPE_CHECKING:
    import polars as pl


def by_row(function: Callable[..., Any]) -> Compute:
    """A function of Python values, row by row; NULL where an argument is."""

    def compute(call: Call, values: Sequence[pl.Series]) -> pl.Series:
        import polars as pl

        rows = zip(*[column.to_list() for column in values], strict=True)
        made = [None if None in row else function(*row) for row in rows]
        return pl.Series(made, dtype=dtype(call.type), strict=True)

    return compute


def _part(name: str) -> Compute:
    """The first or last characters; a negative count is 0."""

    def compute(call: Call, values: Sequence[pl.Series]) -> pl.Series:
        import polars as pl

        text, count = values
        frame = pl.DataFrame({"text": text, "count": count.clip(lower_bound=0)})
        column = pl.col("text").str
        taken = column.head(pl.col("count")) if name == "LEFT" else column.tail(pl.col("count"))
        known = pl.col("count").is_not_null()
        return frame.select(pl.when(known).then(taken)).to_series()

    return compute


def _concat(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    frame = pl.DataFrame({f"c{index}": each for index, each in enumerate(values)})
    return frame.select(pl.concat_str(pl.all(), ignore_nulls=False)).to_series()


def _like(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    pattern = call.arguments[1]
    if isinstance(pattern, Constant) and isinstance(pattern.value, str):
        simple = _anchored(pattern.value)
        if simple is not None:
            return simple(values[0])
    return _like_by_row(call, values)


def _anchored(pattern: str) -> Callable[[pl.Series], pl.Series] | None:
    """The common patterns need no search for alternatives: ``x``, ``x%``, ``%x``, ``%x%``."""
    core = pattern.strip("%")
    if any(character in core for character in "%_\\") or not core:
        return None
    before, after = pattern.startswith("%"), pattern.endswith("%")
    if before and after:
        return lambda text: text.str.contains(core, literal=True)
    if before:
        return lambda text: text.str.ends_with(core)
    return (lambda text: text.str.starts_with(core)) if after else (lambda text: text == core)


_like_by_row = by_row(lambda text, pattern: _matches(pattern, text))


def _matches(pattern: str, text: str) -> bool:
    """Greedy matching with one step back: linear in practice, never exponential."""
    wanted = _tokens(pattern)
    at = place = 0
    star, mark = -1, 0
    while at < len(text):
        if place < len(wanted) and (wanted[place] == "" or wanted[place] == text[at]):
            at, place = at + 1, place + 1
        elif place < len(wanted) and wanted[place] is None:
            star, mark, place = place, at, place + 1
        elif star >= 0:
            mark, at, place = mark + 1, mark + 1, star + 1
        else:
            return False
    return all(each is None for each in wanted[place:])


@lru_cache(maxsize=1024)
def _tokens(pattern: str) -> tuple[str | None, ...]:
    """Characters of a LIKE pattern; None is ``%``, the empty text ``_``."""
    words: dict[str, str | None] = {"%": None, "_": ""}
    return tuple(words.get(part, part[-1]) for part in re.findall(r"\\.|.", pattern, re.DOTALL))


TEXT: Mapping[str, Compute] = {
    "CONCAT": _concat,
    "LEFT": _part("LEFT"),
    "RIGHT": _part("RIGHT"),
    "UPPER": lambda _, values: values[0].str.to_uppercase(),
    "LOWER": lambda _, values: values[0].str.to_lowercase(),
    "TRIM": lambda _, values: values[0].str.strip_chars(" "),
    "LENGTH": lambda call, values: values[0].str.len_chars().cast(dtype(call.type)),
    "CONTAINS": by_row(lambda text, other: other in text),
    "STARTS_WITH": by_row(lambda text, other: text.startswith(other)),
    "REPLACE": by_row(lambda text, old, new: text.replace(old, new) if old else text),
    "LIKE": _like,
}
