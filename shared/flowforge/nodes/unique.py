"""``unique``: one row per combination of values; NULL equals NULL.

Kept is the first row of the incoming order. Rows that this order leaves equal are told apart by the
table's trade order where there is one, else by the values of their other columns: which of them is
kept is not promised, but it is the same one every time.
"""

from __future__ import annotations

from pydantic import Field

from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import Schema


class UniqueConfig(NodeConfig):
    """The columns whose values are to occur once; none means all of them."""

    columns: list[ColumnName] = Field(default_factory=list, max_length=1000)


def infer(config: UniqueConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Unchanged."""
    for index, name in enumerate(config.columns):
        column_of(inputs[0], name, f"columns.{index}")
    refuse_duplicates(config.columns, lambda index: f"columns.{index}")
    return inputs[0]


def apply(config: UniqueConfig, relations: tuple[Relation, ...]) -> Relation:
    """Rows are numbered in each combination, and the first is kept."""
    return relations[0].unique(config.columns)


NODE = NodeType("unique", UniqueConfig, infer, apply, "One row per combination of values.")
