"""Graphs over a table whose prices are adjusted, and the table of the factors that they are adjusted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from flowforge.catalog import Adjustable
from flowforge.types import DATE, STRING, Column, decimal
from oracle.relation import Relation
from oracle.strategies.case import ASKING, Case, Growth, add
from oracle.strategies.pick import below, chance, pick
from oracle.strategies.tables import SYMBOLS, Table, table
from oracle.strategies.values import DAYS
from oracle.tables import with_tape

FACTOR = decimal(38, 12)
FACTORS = tuple(map(Decimal, ("0.25", "1", "0.0357143", "20", "0.9967882", "0.333333333333", "0")))
"""Of a split of four for one, of none, of seven and four, of one for twenty, of a dividend; and one that is none."""
LENGTHS = (10, 400, 0, 36500)
MADE = ("none", "splits", "total_return")


@st.composite
def adjusted(draw: st.DrawFn, kinds: Sequence[str], most_nodes: int = 5) -> Case:
    """A graph of these kinds of nodes behind a source that adjusts; one in four also has the table as stored."""
    priced, spans, symbols = priced_table(draw), factors(draw), pick(draw, ASKING)
    growth = Growth(Case((priced, spans), {}, "", symbols))
    ends = [growth.source(priced, adjust=pick(draw, ("splits", "total_return")))]
    ends += [growth.source(priced)] if chance(draw, 25) else []
    target = ends[0]
    for _ in range(draw(below(most_nodes))):
        open_ends = [end for end in ends if growth.open_ended(end)]
        if target not in open_ends:
            break
        target = (
            add(draw, growth, [*(end for end in open_ends if end != target), target], pick(draw, kinds))
            or target
        )
        ends += [target] if target not in ends else []
    graph = {"nodes": growth.nodes, "edges": growth.edges}
    return Case((priced, spans), graph, target, symbols)


def priced_table(draw: st.DrawFn) -> Table:
    """A table with a day or a time, of whose numbers some are prices, some quantities and some amounts."""
    drawn = table(draw, "hypothesis", timed=True)
    days = [column.name for column in drawn.rows.schema if column.type.temporal]
    numbers = [column.name for column in drawn.rows.schema if column.type.numeric and column.name != "seq"]
    made = {column: pick(draw, ("prices", "quantities", "amounts", "nothing")) for column in numbers}
    of = {each: tuple(name for name in numbers if made[name] == each) for each in made.values()}
    source = chance(draw, 30)
    rows = drawn.rows
    if source:
        schema = (*rows.schema, Column("made by", STRING))
        rows = replace(rows, schema=schema, rows=tuple((*row, pick(draw, MADE)) for row in rows.rows))
    declared = Adjustable(
        pick(draw, days),
        of.get("prices", ()),
        of.get("quantities", ()),
        () if source else of.get("amounts", ()),
        "made by" if source else None,
    )
    return replace(drawn, rows=replace(rows, adjustable=declared))


def factors(draw: st.DrawFn) -> Table:
    """Up to eight spans; some end before the next begins, some begin on one day in two sources."""
    schema = (
        Column("symbol", STRING),
        Column("valid_from", DATE),
        Column("valid_to", DATE),
        Column("split_factor", FACTOR),
        Column("total_factor", FACTOR),
        Column("source", STRING),
    )
    rows: dict[tuple[str, date, str], tuple[str, date, date, Decimal, Decimal, str]] = {}
    for _ in range(draw(below(9))):
        symbol, source = pick(draw, SYMBOLS), pick(draw, ("lean", "vendor"))
        begin = pick(draw, DAYS) - timedelta(days=draw(below(3)))
        end = begin + timedelta(days=pick(draw, LENGTHS))
        rows[symbol, begin, source] = (symbol, begin, end, pick(draw, FACTORS), pick(draw, FACTORS), source)
    order = ("valid_from", "source")
    filled = with_tape(Relation(schema, tuple(rows.values())), order)
    return Table("adjustment_factors", filled, order, database="reference")
