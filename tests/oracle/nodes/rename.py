"""``rename``: other names for columns, in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    renames: Mapping[str, str] = config["renames"]
    schema = tuple(column.renamed(renames.get(column.name, column.name)) for column in inputs[0].schema)
    return inputs[0].mapped(schema, lambda row: row)
