"""``candlestick``: open, high, low and close over time, with the volume below where there is one."""

from __future__ import annotations

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.charts import require_number
from flowforge.relation import Relation
from flowforge.types import Schema


class CandlestickConfig(NodeConfig):
    """The time of a bar, its four prices, and its volume."""

    time: ColumnName
    open: ColumnName
    high: ColumnName
    low: ColumnName
    close: ColumnName
    volume: ColumnName | None = None


def encoded(config: CandlestickConfig) -> dict[str, str]:
    """The columns that are drawn, by the field that names them: time, open, high, low, close, volume."""
    fields = ("time", "open", "high", "low", "close", "volume")
    return {field: name for field in fields if (name := getattr(config, field)) is not None}


def infer(config: CandlestickConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The encoded columns: a date or datetime, and numbers."""
    fields = list(encoded(config))
    columns = [column_of(inputs[0], name, field) for field, name in encoded(config).items()]
    for column, field in zip(columns, fields, strict=True):
        if field != "time":
            require_number(column, field, field)
        elif not column.type.temporal:
            raise GraphError(
                ErrorCode.TYPE_MISMATCH,
                f"{column.name!r} is {column.type}, but time needs a date or a datetime.",
                field=field,
                column=column.name,
                hint="Choose the column that says when a bar begins, or convert it in a formula node first.",
            )
    refuse_duplicates([column.name for column in columns], lambda index: fields[index])
    return tuple(columns)


def apply(config: CandlestickConfig, relations: tuple[Relation, ...]) -> Relation:
    """Only the encoded columns are read."""
    return relations[0].project(list(encoded(config).values()))


NODE = NodeType("candlestick", CandlestickConfig, infer, apply, "Prices over time as bars.", terminal=True)
