"""``pivot``: one row per combination of ``rows``, one column per listed value: the aggregate of ``value``
over the group's rows that have it. Rows with a value that is not listed still make their group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowforge.types import Column
from oracle.aggregates import Aggregate, aggregate
from oracle.context import Context
from oracle.formula.casts import written
from oracle.nodes.filter import read
from oracle.order import identity
from oracle.problems import Overflow
from oracle.relation import Poison, Relation, looked_at


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    keys = [relation.index(name) for name in config["rows"]]
    at = relation.index(config["column"])
    wanted = [read(value, relation.schema[at].type) for value in config["column_values"]]
    operands = [config.get(each) for each in ("value", "by", "weight")]
    made = aggregate(config["function"], relation, *operands)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for position, row in enumerate(relation.rows):
        groups.setdefault(tuple(identity(row[index]) for index in keys), []).append(position)
    rows = []
    for members in groups.values():
        cells = [looked_at(relation.rows[members[0]][index]) for index in keys]
        for value in wanted:
            matching = [each for each in members if _same(relation.rows[each][at], value)]
            cells.append(made.evaluate(relation.arranged(matching)))
        rows.append(tuple(cells))
    schema = (
        *[relation.schema[index] for index in keys],
        *[Column(written(value), made.type, nullable=True) for value in wanted],
    )
    overflowed = relation.overflowed or any(isinstance(cell, Poison) for row in rows for cell in row)
    overflowed = overflowed or any(_overflows(made, relation, at) for at in range(len(relation.rows)))
    return Relation(schema, tuple(rows), overflowed=overflowed)


def _overflows(made: Aggregate, relation: Relation, at: int) -> bool:
    """Whether a row alone leaves the type: an engine may work it out, though it counts in no cell."""
    try:
        return isinstance(made.evaluate(relation.arranged([at])), Poison)
    except Overflow:
        return True


def _same(cell: Any, value: Any) -> bool:
    return looked_at(cell) is not None and bool(cell == value)
