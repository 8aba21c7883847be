"""Columns from and to Arrow, without any value changing.

ClickHouse sends days and seconds as plain integers in some of its types, and decimals of 256 bits:
what fits the types of ``residual.values`` is taken, anything else refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from flowforge.residual.exact import checked
from flowforge.residual.refusals import DIGITS, unsupported
from flowforge.residual.rows import Lazy, Rows
from flowforge.residual.values import dtype
from flowforge.types import Column, ColumnType, Schema

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


def rows_of(table: pa.Table, schema: Schema) -> Rows:
    """The columns of an Arrow table, in the order of the schema and under its names."""
    made = {column.name: partial(_series, table.column(index), column) for index, column in enumerate(schema)}
    return Rows(Lazy(made), table.num_rows)


def _series(chunked: pa.ChunkedArray, column: Column) -> pl.Series:
    import polars as pl
    import pyarrow as pa

    try:
        array = _READ[column.type.kind](chunked.combine_chunks(), column.type)
    except pa.ArrowInvalid:
        raise unsupported(
            f"A value of {column.name!r} that {column.type} does not hold here",
            f"Decimals have {DIGITS} digits and times lie in 1678…2261: round or filter before.",
        ) from None
    series = pl.Series(column.name, pl.from_arrow(array))
    if column.type.kind == "decimal":
        series = checked(series.to_physical(), column.type)  # ClickHouse's bits hold more than its digits
    return series.cast(dtype(column.type))


def _decimal(array: Any, type_: ColumnType) -> Any:
    import pyarrow as pa

    return array.cast(pa.decimal128(DIGITS, type_.scale))


def _string(array: Any, type_: ColumnType) -> Any:
    """Bytes that are no text are shown as the character that stands for such."""
    import pyarrow as pa

    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        try:
            array.validate(full=True)
        except pa.ArrowInvalid:
            array = array.view(pa.binary() if pa.types.is_string(array.type) else pa.large_binary())
        else:
            return array
    texts = [None if value is None else value.decode("utf-8", "replace") for value in array.to_pylist()]
    return pa.array(texts, pa.large_string())


def _integer(array: Any, type_: ColumnType) -> Any:
    import pyarrow as pa

    return array.cast(pa.int64())


def _date(array: Any, type_: ColumnType) -> Any:
    import pyarrow as pa

    if pa.types.is_integer(array.type):
        array = array.cast(pa.int32())
    return array.cast(pa.date32())


def _datetime(array: Any, type_: ColumnType) -> Any:
    import pyarrow as pa

    if pa.types.is_integer(array.type):
        array = array.cast(pa.int64()).cast(pa.timestamp("s"))
    zone = array.type.tz if pa.types.is_timestamp(array.type) else None  # a date, or a column of nothing
    return array.cast(pa.timestamp("ns", zone)).cast(pa.timestamp("ns"))


def _float(array: Any, type_: ColumnType) -> Any:
    import pyarrow as pa

    return array.cast(pa.float64())


def _boolean(array: Any, type_: ColumnType) -> Any:
    import pyarrow as pa

    return array.cast(pa.bool_())


_READ: Mapping[str, Callable[[Any, ColumnType], Any]] = {
    "string": _string,
    "int64": _integer,
    "float64": _float,
    "decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
}


def batch_of(rows: Rows, schema: Schema, start: int, length: int) -> pa.RecordBatch:
    """Some of the rows as a record batch of ``arrow_schema``."""
    import pyarrow as pa

    arrays = [_array(rows.columns[column.name].slice(start, length), column) for column in schema]
    return pa.record_batch(arrays, schema=arrow_schema(schema))


def arrow_schema(schema: Schema) -> pa.Schema:
    """The types that the API's Arrow streams have."""
    import pyarrow as pa

    from flowforge.stores.arrow import arrow_type

    return pa.schema(
        [
            pa.field(
                column.name,
                pa.timestamp("ns", tz="UTC") if column.type.kind == "datetime" else arrow_type(column),
            )
            for column in schema
        ]
    )


def _array(values: pl.Series, column: Column) -> Any:
    import polars as pl
    import pyarrow as pa

    target = arrow_schema((column,)).field(0).type
    if column.type.kind != "decimal":
        return values.to_arrow().cast(target)
    whole = checked(values, column.type).rechunk().cast(pl.Decimal(DIGITS, 0)).to_arrow()
    scaled = pa.Array.from_buffers(
        pa.decimal128(DIGITS, column.type.scale), len(whole), whole.buffers(), offset=whole.offset
    )
    return scaled.cast(target)
