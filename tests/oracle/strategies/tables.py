"""Tables: always a ``symbol`` for the guard and a unique ``seq``; the other columns vary."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from flowforge.types import DATETIME, INT64, STRING, Column, ColumnType
from oracle.relation import Relation
from oracle.strategies.pick import below, chance, pick, some
from oracle.strategies.values import value
from oracle.tables import with_tape

SYMBOLS = ("A", "o'x", "é")

TYPES = (
    "int64", "decimal(18,6)", "decimal(18,4)", "decimal(9,2)", "decimal(38,10)", "float64", "string", "datetime",
    "date", "boolean", "decimal(38,0)", "decimal(60,20)",
)  # fmt: skip

NAMES = (
    "price", "qty", "x", "select", "été", "a b", "x y", "count", "Order", "sum", "date", "now", "user", "order", "f",
    "timestamp", "1st", "a.b", "x.y", 'q"t', "o'k", "back`tick", "back\\slash", "[x]", "any", "toDate", "日本",
)  # fmt: skip
"""Plain names, keywords, functions and types of the stores, other letters, spaces, quotes, digits in front, dots."""

SIZES = (8, 4, 1, 0, 10, 6, 10, 9, 8, 7)
"""Numbers of rows."""

POOLS = (3, 2, 4, 1, 3, 8)
"""How many different values a column has: few, so that there are ties, duplicates and groups."""


@dataclass(frozen=True)
class Table:
    """A table and what the catalogue says of it.

    ``prewhere``: whether the guard may stand in PREWHERE (else in a sub-query, as for views). What of it can
    be adjusted stands with its rows.
    """

    name: str
    rows: Relation
    trade_order: tuple[str, ...]
    prewhere: bool = True
    database: str = "flowforge"


def table(draw: st.DrawFn, name: str, *, timed: bool = False) -> Table:
    """A table of up to 10 rows, with or without a trade order; ``timed``: with a time that is always there."""
    columns = [Column("at", DATETIME)] if timed else []
    columns += [
        Column(column, ColumnType.parse(pick(draw, TYPES)), chance(draw, 50))
        for column in some(draw, NAMES, 1, 5)
    ]
    schema = (Column("symbol", STRING), Column("seq", INT64), *columns)
    pools = [
        [None]
        if column.nullable and chance(draw, 8)
        else [value(draw, column.type) for _ in range(pick(draw, POOLS))]
        for column in columns
    ]
    step, start = pick(draw, (1, 3, 7)), draw(below(11))
    rows = tuple(
        (
            pick(draw, SYMBOLS),
            (start + step * at) % 11,
            *[
                None if column.nullable and chance(draw, 20) else pick(draw, pool)
                for column, pool in zip(columns, pools, strict=True)
            ],
        )
        for at in range(pick(draw, SIZES))
    )
    times = [column.name for column in columns if column.type.kind == "datetime" and not column.nullable]
    order = (*times[:1], "seq") if chance(draw, 50) else ()
    return Table(name, with_tape(Relation(schema, rows), order), order, chance(draw, 70))
