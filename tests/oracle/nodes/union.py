"""``union``: the rows of all inputs, columns matched by name and promoted to a common type; in no order.

Columns come in the order of the first input, then those that only later inputs have; where an input has
none, it is NULL. ``distinct`` keeps one of equal rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowforge.types import Column, find
from oracle.context import Context
from oracle.formula.promotion import common_type, promoted
from oracle.order import identity
from oracle.relation import Poison, Relation, Row


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    settled = [relation.settled() for relation in inputs]
    names = dict.fromkeys(column.name for relation in settled for column in relation.schema)
    schema = tuple(_common(name, settled) for name in names)
    rows = tuple(row for relation in settled for row in _aligned(relation, schema))
    poisoned = any(isinstance(cell, Poison) for row in rows for cell in row)
    if config.get("mode", "all") == "distinct":
        rows = tuple({tuple(map(identity, row)): row for row in rows}.values())
    return Relation(schema, rows, overflowed=poisoned or any(relation.overflowed for relation in settled))


def _common(name: str, inputs: Sequence[Relation]) -> Column:
    columns = [column for relation in inputs if (column := find(relation.schema, name)) is not None]
    type_ = common_type([column.type for column in columns])
    assert type_ is not None
    return Column(name, type_, len(columns) < len(inputs) or any(column.nullable for column in columns))


def _aligned(relation: Relation, schema: Sequence[Column]) -> list[Row]:
    places = {column.name: at for at, column in enumerate(relation.schema)}
    return [
        tuple(
            promoted(row[places[column.name]], column.type) if column.name in places else None
            for column in schema
        )
        for row in relation.rows
    ]
