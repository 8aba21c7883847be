"""``select``: the chosen columns, in the chosen order."""

from __future__ import annotations

from pydantic import Field

from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import Schema


class SelectConfig(NodeConfig):
    """The columns to keep."""

    columns: list[ColumnName] = Field(min_length=1, max_length=1000)


def infer(config: SelectConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The chosen columns."""
    columns = [column_of(inputs[0], name, f"columns.{index}") for index, name in enumerate(config.columns)]
    refuse_duplicates(config.columns, lambda index: f"columns.{index}")
    return tuple(columns)


def apply(config: SelectConfig, relations: tuple[Relation, ...]) -> Relation:
    """A narrower projection."""
    return relations[0].project(config.columns)


NODE = NodeType("select", SelectConfig, infer, apply, "Chosen columns in a chosen order.")
