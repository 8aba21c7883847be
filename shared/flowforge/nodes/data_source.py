"""``data_source``: the rows of a table of the tenant's catalogue, their prices as stored or adjusted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from flowforge.nodes.adjusting import Adjustment
from flowforge.nodes.base import NodeConfig, NodeType
from flowforge.relation import Relation
from flowforge.types import Schema

TableName = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class DataSourceConfig(NodeConfig):
    """Which table, as the catalogue names it, and what its prices are adjusted for."""

    database: TableName
    table: TableName
    adjust: Adjustment = Field(
        default="none", description="none, splits, or total_return for splits and dividends"
    )


def infer(config: DataSourceConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The table's columns, which the caller has looked up: ``adjusting`` says of which types."""
    return inputs[0]


def apply(config: DataSourceConfig, relations: tuple[Relation, ...]) -> Relation:
    """The scan that the caller has opened."""
    return relations[0]


NODE = NodeType("data_source", DataSourceConfig, infer, apply, "The rows of a table.", ports=())
