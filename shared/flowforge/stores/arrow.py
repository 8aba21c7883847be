"""Rows of a row-wise driver as an Arrow IPC stream."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from flowforge.types import Column, Schema


def record_batches(columns: Schema) -> Generator[bytes, Sequence[Any], None]:
    """A coroutine of stream pieces: the schema first, then a record batch for each batch sent to it.

    An empty batch ends the stream; its piece is the end-of-stream marker.
    """
    import pyarrow as pa

    schema = pa.schema([pa.field(column.name, arrow_type(column)) for column in columns])
    sink = Pieces()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), schema) as writer:
        records = yield sink.take()
        while records:
            arrays = [
                pa.array([record[index] for record in records], type=field.type)
                for index, field in enumerate(schema)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            records = yield sink.take()
    yield sink.take()


class Pieces:
    """A file that hands out what was written since it was last asked."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def arrow_type(column: Column) -> Any:
    """The Arrow type of a column."""
    import pyarrow as pa

    kind = column.type.kind
    if kind == "decimal":
        make = pa.decimal128 if column.type.precision <= 38 else pa.decimal256
        return make(column.type.precision, column.type.scale)
    return {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "boolean": pa.bool_(),
    }[kind]
