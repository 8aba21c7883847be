"""``select``: the chosen columns, in the chosen order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    return chosen(inputs[0], config["columns"])


def chosen(relation: Relation, names: Sequence[str]) -> Relation:
    """Only these columns of every row."""
    indices = [relation.index(name) for name in names]
    schema = tuple(relation.schema[index] for index in indices)
    return relation.mapped(schema, lambda row: tuple(row[index] for index in indices))
