"""``group_by``: one row per combination of keys (NULL is a key like any other); in no order.

Without keys there is exactly one row, even of no rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowforge.types import Column
from oracle.aggregates import Aggregate, aggregate
from oracle.context import Context
from oracle.order import identity
from oracle.relation import Poison, Relation, looked_at


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    keys = [relation.index(name) for name in config.get("group_by", [])]
    made = [_aggregate(each, relation) for each in config.get("aggregations", [])]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for position, row in enumerate(relation.rows):
        groups.setdefault(tuple(identity(row[index]) for index in keys), []).append(position)
    if not keys and not groups:
        groups[()] = []
    rows = []
    for members in groups.values():
        key = tuple(looked_at(relation.rows[members[0]][index]) for index in keys)
        group = relation.arranged(members)
        rows.append((*key, *[each.evaluate(group) for _, each in made]))
    schema = (
        *[relation.schema[index] for index in keys],
        *[Column(name, each.type, nullable=True) for name, each in made],
    )
    overflowed = relation.overflowed or any(isinstance(cell, Poison) for row in rows for cell in row)
    return Relation(tuple(schema), tuple(rows), overflowed=overflowed)


def _aggregate(config: Mapping[str, Any], relation: Relation) -> tuple[str, Aggregate]:
    function, column = config["function"], config.get("column")
    name = config.get("alias") or (function if column is None else f"{function}_{column}")
    operands = [config.get(each) for each in ("column", "by", "weight")]
    return name, aggregate(function, relation, *operands)
