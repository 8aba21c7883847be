"""Rows of a kept result as the API sends them: a page of JSON, or all of it as CSV or Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from flowforge.stores.csv import cells_of, header_of
from flowforge.stores.values import encoder
from flowforge.types import Column, Schema

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 10_000
_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - printed with a Z of its own


def page(file: Path, columns: Schema, offset: int, length: int) -> bytes:
    """``[[…],[…]]``: at most ``length`` rows from ``offset`` on."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as source:
        first = 0
        tables: list[pa.Table] = []
        for index in range(source.num_row_groups):
            count = source.metadata.row_group(index).num_rows
            start, stop = max(offset - first, 0), min(offset + length - first, count)
            if start < stop:
                tables.append(source.read_row_group(index).slice(start, stop - start))
            first += count
    rows = [row for table in tables for row in _records(table, columns)]
    return orjson.dumps(rows)


def csv(file: Path, columns: Schema) -> Iterator[bytes]:
    """The header, then some lines at a time; text cells are safe to open in a spreadsheet."""
    yield header_of(columns)
    for batch in _batches(file):
        yield cells_of(_records(batch, columns), columns)


def arrow(file: Path) -> Iterator[bytes]:
    """An Arrow IPC stream, a record batch at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from flowforge.stores.arrow import Pieces

    sink = Pieces()
    schema = pq.read_schema(file)
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), schema) as writer:
        for batch in _batches(file):
            writer.write_batch(batch.cast(schema))
            yield sink.take()
    yield sink.take()


def _batches(file: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as source:
        yield from source.iter_batches(BATCH_ROWS)


def _records(rows: pa.Table | pa.RecordBatch, columns: Schema) -> Iterator[tuple[Any, ...]]:
    values = [_wire(rows.column(index), column) for index, column in enumerate(columns)]
    return zip(*values, strict=True)


def _wire(values: Any, column: Column) -> list[Any]:
    if column.type.kind == "datetime":
        import pyarrow as pa

        print_ = partial(_moment, unit=values.type.unit)
        moments = values.cast(pa.int64()).to_pylist()
        return [None if each is None else print_(each) for each in moments]
    encode = encoder(column.type)
    return [None if each is None else encode(each) for each in values.to_pylist()]


def _moment(ticks: int, unit: str) -> str:
    """ISO 8601 with Z, as the store that sends this unit prints it.

    ClickHouse prints every digit of its type, the live store those that are not zero.
    """
    digits = _DIGITS[unit]
    seconds, fraction = divmod(ticks, 10**digits)
    text = (_EPOCH + timedelta(seconds=seconds)).isoformat()
    return f"{text}.{fraction:0{digits}}Z" if fraction or unit in ("ms", "ns") else f"{text}Z"
