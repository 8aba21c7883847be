"""A source's prices adjusted for splits, or for splits and dividends, as of the day of each row.

    price × factor        split factor; with ``total_return`` the factor of splits and dividends
    quantity ÷ factor     split factor: a dividend changes no number of shares
    amount                money: a split leaves it alone; with ``total_return`` it is multiplied by the total
                          factor and divided by the split factor, so that it stays price × quantity

The factor is that of the span of days, first and last day included, in which the row's day lies; a row
without one has factor 1. It is looked up by the symbol of the row. Numbers are those of the formula
language (``flowforge.formula.rules``): decimals of 12 digits behind the point, rounded half away from zero;
a quotient is NULL where a factor is 0. All other columns are as they are stored.

Where the source of a row has adjusted it already (``Adjustable.made``), the factor is that from what it made
to what is asked for: 1 where it made just that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flowforge.catalog import ADJUSTMENT_FACTORS, Adjustable, Catalog, Table
from flowforge.formula import analyse
from flowforge.nodes.adjusting import Adjustment, adjustable
from flowforge.relation import AsOf, Joined, Projection, Relation, joined_as_of
from flowforge.types import DATETIME, Schema

_WORDS: Mapping[str, str] = {"splits": "splits", "total_return": "splits and dividends"}
_FACTORS = ("by_split", "by_total", "by_price", "by_quantity")
_COLUMNS = ("symbol", "valid_from", "valid_to", "split_factor", "total_factor", "source")
"""What is read of a table of factors; of several sources of one span the last by name counts."""


def adjusted(table: Table, catalog: Catalog, adjust: Adjustment, node: str) -> Relation:
    """The scan of a table for ``node``, joined with the factors of each row's day."""
    scan = Relation.scan(table, node)
    changed, factors = adjustable(table, catalog), catalog.tables[ADJUSTMENT_FACTORS]
    spans = Relation.scan(factors, node)
    spans = spans.changed(fields=Projection([each for each in spans.fields if each.name in _COLUMNS]))
    mine = [field.name for field in scan.fields]
    end = _ending(mine)
    found = joined_as_of(
        scan, spans, "left", [(changed.symbol, "symbol")], AsOf((changed.day, "valid_from")),
        [*mine, *[f"{field.name}{end}" for field in spans.fields]],
    )  # fmt: skip
    assert isinstance(found.source, Joined)
    why = f"adjusted for {_WORDS[adjust]} by {ADJUSTMENT_FACTORS}"
    order = tuple([found.field(name).expression for name in table.trade_order if name in mine])
    found = found.changed(source=replace(found.source, implied=why), trade_order=order)
    for name, formula in _formulas(changed, adjust, end, found.schema):
        found = found.extend(name, analyse(formula, found.schema))
    return found.changed(fields=Projection([found.field(name) for name in mine]), clause="FROM")


def _ending(taken: Sequence[str]) -> str:
    """What no column of the table ends with: it tells the columns of the factors, and those made of them."""
    end = "_of_span"
    while any(name.endswith(end) for name in taken):
        end += "_"
    return end


def _formulas(changed: Adjustable, adjust: Adjustment, end: str, schema: Schema) -> Iterator[tuple[str, str]]:
    """Each column that is made and its formula, after those that it reads."""
    day = _quoted(changed.day)
    if any(column.name == changed.day and column.type == DATETIME for column in schema):
        day = f"DATE_TRUNC('day', {day})"
    by_split, by_total, by_price, by_quantity = [f"{name}{end}" for name in _FACTORS]
    for name, factor in ((by_split, "split_factor"), (by_total, "total_factor")):
        yield name, f"COALESCE(IF({day} <= [valid_to{end}], [{factor}{end}], NULL), 1)"
    asked = by_split if adjust == "splits" else by_total
    if changed.made is None:
        by_price, by_quantity = asked, by_split
    else:
        made, other = _quoted(changed.made), by_split if adjust == "total_return" else by_total
        partly = f"IF({made} = '{adjust}', 1, COALESCE([{asked}] / [{other}], 1))"
        yield by_price, f"IF({made} = 'none', [{asked}], {partly})"
        yield by_quantity, f"IF({made} = 'none', [{by_split}], 1)"
    for name in changed.prices:
        yield name, f"{_quoted(name)} * [{by_price}]"
    for name in changed.quantities:
        yield name, f"{_quoted(name)} / [{by_quantity}]"
    if adjust == "total_return":
        for name in changed.amounts:
            yield name, f"{_quoted(name)} * [{by_total}] / [{by_split}]"


def _quoted(name: str) -> str:
    return f"[{name.replace(']', ']]')}]"
