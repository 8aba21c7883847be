"""Rows in memory as the bytes of the API: JSON lines, CSV or an Arrow stream, as the stores send them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from flowforge.residual.functions.casts import decimal_text
from flowforge.residual.rows import Rows
from flowforge.stores import rows as wire
from flowforge.stores.csv import cells_of, header_of
from flowforge.types import ColumnType, Schema

if TYPE_CHECKING:
    import polars as pl

BATCH_ROWS = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def json_lines(rows: Rows, schema: Schema) -> wire.Rows:
    """One JSON array per row; int64 and decimals as text, NaN and infinities as null."""
    return wire.Rows(b"\n".join(orjson.dumps(row) for row in _records(rows, schema, 0, rows.height)))


def csv(rows: Rows, schema: Schema) -> Iterator[bytes]:
    """The header, then some lines at a time."""
    yield header_of(schema)
    for start in range(0, rows.height, BATCH_ROWS):
        yield cells_of(_records(rows, schema, start, BATCH_ROWS), schema)


def arrow(rows: Rows, schema: Schema) -> Iterator[bytes]:
    """An Arrow IPC stream, a record batch at a time."""
    import pyarrow as pa

    from flowforge.residual.arrow_columns import arrow_schema, batch_of
    from flowforge.stores.arrow import Pieces

    sink = Pieces()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), arrow_schema(schema)) as writer:
        for start in range(0, rows.height, BATCH_ROWS):
            length = min(BATCH_ROWS, rows.height - start)
            writer.write_batch(batch_of(rows, schema, start, length))
            yield sink.take()
    yield sink.take()


def _records(rows: Rows, schema: Schema, start: int, length: int) -> Iterator[tuple[Any, ...]]:
    columns = [
        _WIRE[column.type.kind](rows.columns[column.name].slice(start, length), column.type)
        for column in schema
    ]
    return zip(*columns, strict=True)


def _plain(values: pl.Series, type_: ColumnType) -> list[Any]:
    return values.to_list()


def _integers(values: pl.Series, type_: ColumnType) -> list[str | None]:
    return [None if value is None else str(value) for value in values.to_list()]


def _decimals(values: pl.Series, type_: ColumnType) -> list[str | None]:
    scale = type_.scale
    return [None if value is None else decimal_text(value, scale) for value in values.to_list()]


def _floats(values: pl.Series, type_: ColumnType) -> list[float | None]:
    return [value if value is not None and math.isfinite(value) else None for value in values.to_list()]


def _dates(values: pl.Series, type_: ColumnType) -> list[str | None]:
    return [None if value is None else value.isoformat() for value in values.to_list()]


def _datetimes(values: pl.Series, type_: ColumnType) -> list[str | None]:
    import polars as pl

    return [None if value is None else _instant(value) for value in values.cast(pl.Int64).to_list()]


def _instant(nanoseconds: int) -> str:
    """ISO 8601 with Z; as many digits behind the second as are needed: none, six or nine."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    text = (_EPOCH + timedelta(seconds=seconds)).isoformat()[:-6]
    if not fraction:
        return f"{text}Z"
    return f"{text}.{fraction // 1000:06}Z" if fraction % 1000 == 0 else f"{text}.{fraction:09}Z"


_WIRE: Mapping[str, Callable[[pl.Series, ColumnType], list[Any]]] = {
    "string": _plain,
    "int64": _integers,
    "float64": _floats,
    "decimal": _decimals,
    "date": _dates,
    "datetime": _datetimes,
    "boolean": _plain,
}
