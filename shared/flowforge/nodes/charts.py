"""What charts share, and those with axes: ``x``, one or more ``y``, and an optional ``series``."""

from __future__ import annotations

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import ColumnName, NodeConfig, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import Column, Schema


class AxesConfig(NodeConfig):
    """Which column is drawn on which axis, and which one splits the lines or bars."""

    x: ColumnName
    y: list[ColumnName] = Field(min_length=1, max_length=50)
    series: ColumnName | None = None


def encoded(config: AxesConfig) -> list[str]:
    """The columns that the chart draws: x, y…, series."""
    return [config.x, *config.y, *([config.series] if config.series is not None else [])]


def infer(config: AxesConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The encoded columns; ``y`` must be numbers."""
    x = column_of(inputs[0], config.x, "x")
    y = [column_of(inputs[0], name, f"y.{index}") for index, name in enumerate(config.y)]
    for index, column in enumerate(y):
        require_number(column, f"y.{index}", "y")
    series = [column_of(inputs[0], config.series, "series")] if config.series is not None else []
    fields = ["x", *[f"y.{index}" for index in range(len(y))], "series"]
    refuse_duplicates(encoded(config), lambda index: fields[index])
    return (x, *y, *series)


def apply(config: AxesConfig, relations: tuple[Relation, ...]) -> Relation:
    """Only the encoded columns are read."""
    return relations[0].project(encoded(config))


def require_number(column: Column, field: str, role: str) -> None:
    """``TYPE_MISMATCH`` where what is drawn as a number is none; ``role`` says as what it is drawn."""
    if not column.type.numeric:
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"{column.name!r} is {column.type}, but {role} needs a number.",
            field=field,
            column=column.name,
            hint="Choose a numeric column, or count it in a group by node.",
        )
