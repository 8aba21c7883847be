"""From the engine's Arrow stream to a Parquet file, a group of rows at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowforge.errors import ErrorCode, StoreError
from flowforge.records import dataclass
from flowforge.types import Column, Schema

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 50_000
"""Rows of a row group at least: what is read to show a page."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds."""

    rows: int
    bytes: int


async def spool(stream: AsyncIterator[bytes], file: Path, most_bytes: int) -> None:
    """Write the stream to a file; ``QUERY_ROWS`` once it is larger than may be kept."""
    size = 0
    with file.open("wb") as output:
        async with aclosing(stream) as pieces:  # type: ignore[type-var]  # generators in fact
            async for piece in pieces:
                size += len(piece)
                if size > most_bytes:
                    raise StoreError(
                        ErrorCode.QUERY_ROWS,
                        f"The result is larger than the {most_bytes // 1_000_000:,} MB that are kept.",
                        hint="Filter or aggregate, or export it with POST /api/v1/execute.",
                    )
                await asyncio.to_thread(output.write, piece)


def write(arrow: Path, columns: Schema, target: Path) -> Written:
    """The Arrow stream in ``arrow`` as a Parquet file with these columns, by position."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 0
    with pa.memory_map(str(arrow)) as source, pa.ipc.open_stream(source) as reader:
        schema = pa.schema(
            [
                pa.field(column.name, stored_type(field.type, column))
                for field, column in zip(reader.schema, columns, strict=True)
            ]
        )
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for group in _groups(reader, schema):
                writer.write_table(group, row_group_size=max(group.num_rows, 1))
                rows += group.num_rows
    return Written(rows, target.stat().st_size)


def stored_type(sent: pa.DataType, column: Column) -> pa.DataType:
    """The type in the file: that of the API, wide enough for what the engine sent."""
    import pyarrow as pa

    from flowforge.stores.arrow import arrow_type

    kind = column.type.kind
    if kind == "datetime":
        return pa.timestamp(sent.unit if pa.types.is_timestamp(sent) else "s", tz="UTC")
    keeps = (kind == "int64" and pa.types.is_uint64(sent)) or (
        kind == "decimal" and pa.types.is_decimal(sent)
    )
    return sent if keeps else arrow_type(column)


def _groups(reader: Any, schema: pa.Schema) -> Iterator[pa.Table]:
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    for batch in reader:
        batches.append(pa.record_batch(list(map(_cast, batch.columns, schema)), schema=schema))
        if sum(each.num_rows for each in batches) >= GROUP_ROWS:
            yield pa.Table.from_batches(batches, schema)
            batches = []
    if batches:
        yield pa.Table.from_batches(batches, schema)


def _cast(array: pa.Array, field: pa.Field) -> pa.Array:
    import pyarrow as pa

    if array.type == field.type:
        return array
    if pa.types.is_string(field.type) and not pa.types.is_null(array.type):
        texts = (
            value if value is None or isinstance(value, str) else value.decode("utf-8", "replace")
            for value in array.to_pylist()
        )
        return pa.array(texts, field.type)
    if pa.types.is_date(field.type) and pa.types.is_integer(array.type):
        return array.cast(pa.int32()).cast(field.type)
    if pa.types.is_timestamp(field.type) and pa.types.is_integer(array.type):
        return array.cast(pa.int64()).cast(field.type)
    return array.cast(field.type)
