"""``kpi``: one number, large, and how far it is from another; drawn from the first row."""

from __future__ import annotations

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import Schema


class KpiConfig(NodeConfig):
    """The column of the number, and of the one that it is compared with."""

    value: ColumnName
    comparison: ColumnName | None = None


def encoded(config: KpiConfig) -> list[str]:
    """The columns that are drawn: value, comparison."""
    return [config.value, *([config.comparison] if config.comparison is not None else [])]


def infer(config: KpiConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The encoded columns, which must be numbers."""
    fields = ["value", "comparison"]
    columns = [
        column_of(inputs[0], name, field) for name, field in zip(encoded(config), fields, strict=False)
    ]
    for column, field in zip(columns, fields, strict=False):
        if not column.type.numeric:
            raise GraphError(
                ErrorCode.TYPE_MISMATCH,
                f"{column.name!r} is {column.type}, but a {field} is a number.",
                field=field,
                column=column.name,
                hint="Choose a numeric column, or count it in a group by node.",
            )
    refuse_duplicates(encoded(config), lambda index: fields[index])
    return tuple(columns)


def apply(config: KpiConfig, relations: tuple[Relation, ...]) -> Relation:
    """Only the encoded columns are read."""
    return relations[0].project(encoded(config))


NODE = NodeType("kpi", KpiConfig, infer, apply, "One number and its change.", terminal=True)
