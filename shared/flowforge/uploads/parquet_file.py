"""A Parquet file as columns of our types; what has none is refused by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, Column, ColumnType, decimal
from flowforge.uploads import limits
from flowforge.uploads.names import checked_names
from flowforge.uploads.refusal import Refusal

if TYPE_CHECKING:
    import pyarrow as pa

CELL_BYTES = 8


def read_parquet(path: Path) -> tuple[list[Column], pa.Table]:
    """``Refusal`` for a file that is broken, too large once it is unpacked, or has columns of other types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            raise Refusal("The file is named as Parquet, but it is not.", hint="Name CSV files .csv.")
    try:
        opened = pq.ParquetFile(path)
        _refuse_large(opened.metadata, path.stat().st_size)
        names = checked_names(opened.schema_arrow.names)
        for field in opened.schema_arrow:
            _type(field.name, field.type)
        table = opened.read()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, EOFError):
        raise Refusal("The Parquet file is broken.", hint="Write it again, or send it as CSV.") from None
    except (pa.ArrowMemoryError, MemoryError):
        raise Refusal("The Parquet file needs more memory than an upload may.") from None
    columns, arrays = [], []
    for index, name in enumerate(names):
        type_, values = _converted(name, table.column(index))
        columns.append(Column(name, type_, values.null_count > 0))
        arrays.append(values)
    return columns, pa.Table.from_arrays(arrays, names=names)


def _refuse_large(metadata: Any, packed: int) -> None:
    if metadata.num_columns > limits.MAX_COLUMNS:
        raise Refusal(f"The file has {metadata.num_columns:,} columns; {limits.MAX_COLUMNS} are taken.")
    if metadata.num_rows > limits.MAX_ROWS:
        raise Refusal(f"The file has {metadata.num_rows:,} rows; {limits.MAX_ROWS:,} are taken.")
    said = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    # A file of runs of one value says little of itself: it is as large as its cells.
    expanded = max(said, metadata.num_rows * metadata.num_columns * CELL_BYTES)
    if expanded > limits.MAX_EXPANDED_BYTES or said > limits.MAX_RATIO * packed:
        raise Refusal("The file is too large once it is unpacked.", hint="Leave out columns or rows.")


def _type(name: str, type_: Any) -> ColumnType:
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_dictionary(type_):
        type_ = type_.value_type
    if (
        kinds.is_string(type_)
        or kinds.is_large_string(type_)
        or kinds.is_string_view(type_)
        or kinds.is_null(type_)
    ):
        return STRING
    if kinds.is_integer(type_):
        return INT64
    if kinds.is_floating(type_):
        return FLOAT64
    if kinds.is_decimal(type_) and type_.scale >= 0:
        return decimal(18 if type_.precision <= 18 else 38, type_.scale)
    if kinds.is_boolean(type_):
        return BOOLEAN
    if kinds.is_date(type_):
        return DATE
    if kinds.is_timestamp(type_):
        return DATETIME
    raise Refusal(
        f"The column {name!r} is {str(type_)[:64]}, which no column of a result can be.",
        column=name,
        hint="Leave it out, or write it as text.",
    )


def _converted(name: str, values: Any) -> tuple[ColumnType, Any]:
    import pyarrow as pa

    type_ = _type(name, values.type)
    target = {
        "string": pa.large_string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }.get(type_.kind)
    try:
        if type_.kind == "datetime":
            zoned = values.cast(pa.timestamp("ns", values.type.tz))
            return type_, zoned.cast(pa.timestamp("ns"))
        if type_.kind == "decimal":
            return type_, values.cast(pa.decimal128(type_.precision, type_.scale))
        converted = values.cast(target)
        if type_.kind == "string":
            converted.validate(full=True)
    except pa.ArrowInvalid:
        raise Refusal(
            f"The column {name!r} has a value that {type_} does not hold.",
            column=name,
            hint="Integers have 64 bits, decimals 38 digits, texts are UTF-8, times lie in 1678…2261.",
        ) from None
    return type_, converted
