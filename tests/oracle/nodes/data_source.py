"""``data_source``: the rows of a table, in no order; the table's trade order is remembered.

``adjust`` other than none: each row takes the factors of the span that begins last of those of its symbol
that have begun on its day (of several sources the last by name), if the span has not ended before it, else
1 and 1. Prices are multiplied by the split factor, for ``total_return`` by the total factor; quantities are
divided by the split factor; amounts are for ``total_return`` multiplied by the total and divided by the
split factor. Of a row that its source has adjusted already, only what is missing is made up for: prices by
the quotient of what is asked and what was done, quantities not at all. Numbers are those of formulas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flowforge.catalog import Adjustable
from flowforge.types import Column, decimal
from oracle.context import Context
from oracle.formula import compile_formula
from oracle.relation import Relation, Row

FACTORS = "reference.adjustment_factors"
ONE = Decimal(1)


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    table = replace(context.tables[f"{config['database']}.{config['table']}"], ranks=None)
    adjust = config.get("adjust", "none")
    if adjust == "none":
        return table
    assert table.adjustable is not None
    factors = [_factors(row, table, table.adjustable, adjust, context.tables[FACTORS]) for row in table.rows]
    wide = (
        *table.schema,
        *[Column(name, decimal(38, 12)) for name in ("=price", "=quantity", "=total", "=split")],
    )
    rows = [(*row, *found) for row, found in zip(table.rows, factors, strict=True)]
    overflowed = False
    columns: dict[str, Any] = {}
    for name, expression in _changed(table.adjustable, adjust).items():
        formula = compile_formula(expression, wide, context.as_of)
        overflowed = overflowed or any(map(formula.overflows, rows))
        assert formula.term.type is not None
        columns[name] = (formula.term.type, [formula.term.evaluate(row) for row in rows])
    schema = tuple(
        replace(column, type=columns[column.name][0], nullable=True) if column.name in columns else column
        for column in table.schema
    )
    made = tuple(
        tuple(
            columns[column.name][1][at] if column.name in columns else cell
            for column, cell in zip(table.schema, row, strict=True)
        )
        for at, row in enumerate(table.rows)
    )
    return replace(table, schema=schema, rows=made, overflowed=overflowed)


def _changed(changed: Adjustable, adjust: str) -> Mapping[str, str]:
    by_name = {name: f"{_quoted(name)} * [=price]" for name in changed.prices}
    by_name |= {name: f"{_quoted(name)} / [=quantity]" for name in changed.quantities}
    if adjust == "total_return":
        by_name |= {name: f"{_quoted(name)} * [=total] / [=split]" for name in changed.amounts}
    return by_name


def _factors(row: Row, table: Relation, changed: Adjustable, adjust: str, spans: Relation) -> Row:
    """What prices are multiplied by and quantities divided by, then the row's two factors."""
    split, total = _span(row[table.index(changed.symbol)], _day(row[table.index(changed.day)]), spans)
    price = split if adjust == "splits" else total
    made = "none" if changed.made is None else row[table.index(changed.made)]
    if made == "none":
        return (price, split, total, split)
    if made == adjust:
        return (ONE, ONE, total, split)
    done = total if adjust == "splits" else split
    return (ONE if done == 0 else _quotient(price, done), ONE, total, split)


def _quotient(a: Decimal, b: Decimal) -> Any:
    """As formulas divide, to twelve digits."""
    schema = (Column("a", decimal(38, 12)), Column("b", decimal(38, 12)))
    return compile_formula("[a] / [b]", schema).term.evaluate((a, b))


def _span(symbol: str, day: date | None, spans: Relation) -> tuple[Decimal, Decimal]:
    names = [
        spans.index(name)
        for name in ("symbol", "valid_from", "valid_to", "source", "split_factor", "total_factor")
    ]
    rows = [tuple(row[at] for at in names) for row in spans.rows]
    begun = [row for row in rows if day is not None and row[0] == symbol and row[1] <= day]
    if not begun:
        return ONE, ONE
    latest = max(begun, key=lambda row: (row[1], row[3]))
    return (latest[4], latest[5]) if day is not None and day <= latest[2] else (ONE, ONE)


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _quoted(name: str) -> str:
    return f"[{name.replace(']', ']]')}]"
