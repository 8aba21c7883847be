"""``sort``: an order of the rows; NULL comes last in either direction, in every store."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.ordering import Ordering
from flowforge.relation import Relation
from flowforge.types import Schema


class SortTerm(NodeConfig):
    """One column to sort by."""

    column: ColumnName
    direction: Literal["asc", "desc"] = "asc"


class SortConfig(NodeConfig):
    """The columns to sort by, the most significant first; an earlier sort breaks ties."""

    sorts: list[SortTerm] = Field(min_length=1, max_length=100)


def infer(config: SortConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Unchanged."""
    for index, term in enumerate(config.sorts):
        column_of(inputs[0], term.column, f"sorts.{index}.column")
    refuse_duplicates([term.column for term in config.sorts], lambda index: f"sorts.{index}.column")
    return inputs[0]


def apply(config: SortConfig, relations: tuple[Relation, ...]) -> Relation:
    """ORDER BY."""
    return relations[0].sort([(term.column, term.direction == "desc") for term in config.sorts])


def orders(config: SortConfig, inputs: tuple[Ordering, ...]) -> Ordering:
    """Sorted; the trade order breaks ties."""
    return Ordering(inputs[0].trade, sorted=True)


NODE = NodeType("sort", SortConfig, infer, apply, "An order of the rows, NULL last.", orders=orders)
