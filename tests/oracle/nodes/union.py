"""``union``: the rows of all inputs, columns matched by name and promoted to a common type; in no order.

The first input says which columns come and in which order. ``distinct`` keeps one of equal rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowforge.types import Column
from oracle.context import Context
from oracle.formula.promotion import common_type, promoted
from oracle.nodes.select import chosen
from oracle.order import identity
from oracle.relation import Poison, Relation, Row


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    names = [column.name for column in inputs[0].schema]
    aligned = [chosen(relation.settled(), names) for relation in inputs]
    schema = tuple(_common(columns) for columns in zip(*[each.schema for each in aligned], strict=True))

    def cast(row: Row) -> Row:
        return tuple(promoted(cell, column.type) for cell, column in zip(row, schema, strict=True))

    rows = tuple(cast(row) for relation in aligned for row in relation.rows)
    if config.get("mode", "all") == "distinct":
        rows = tuple({tuple(map(identity, row)): row for row in rows}.values())
    poisoned = any(isinstance(cell, Poison) for row in rows for cell in row)
    return replace(
        Relation(schema, rows), overflowed=poisoned or any(relation.overflowed for relation in inputs)
    )


def _common(columns: Sequence[Column]) -> Column:
    type_ = common_type([column.type for column in columns])
    assert type_ is not None
    return Column(columns[0].name, type_, any(column.nullable for column in columns))
