"""``pivot_table``: values in a grid of rows and columns.

It arranges rows, it does not aggregate them: values stay digit for digit what its input made them.
"""

from __future__ import annotations

from pydantic import Field

from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import Schema

MAX_LEVELS = 10
MAX_MEASURES = 20


class PivotTableConfig(NodeConfig):
    """The columns whose values head the rows, those whose values head the columns, and the cells."""

    rows: list[ColumnName] = Field(min_length=1, max_length=MAX_LEVELS)
    columns: list[ColumnName] = Field(default_factory=list, max_length=MAX_LEVELS)
    values: list[ColumnName] = Field(min_length=1, max_length=MAX_MEASURES)


def encoded(config: PivotTableConfig) -> list[tuple[str, str]]:
    """What is drawn, as (field, column): rows, columns, values."""
    named = {"rows": config.rows, "columns": config.columns, "values": config.values}
    return [(f"{part}.{index}", name) for part, names in named.items() for index, name in enumerate(names)]


def infer(config: PivotTableConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The encoded columns."""
    drawn = encoded(config)
    columns = tuple([column_of(inputs[0], name, field) for field, name in drawn])
    refuse_duplicates([name for _, name in drawn], lambda index: drawn[index][0])
    return columns


def apply(config: PivotTableConfig, relations: tuple[Relation, ...]) -> Relation:
    """Only the encoded columns are read."""
    return relations[0].project([name for _, name in encoded(config)])


NODE = NodeType("pivot_table", PivotTableConfig, infer, apply, "Values by rows and columns.", terminal=True)
