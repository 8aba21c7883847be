"""How the values of fetched rows are distributed: bins of equal width, or the most frequent ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flowforge.errors import ErrorCode, StoreError
from flowforge.graph import Graph, Node
from flowforge.preview.summary import Counts, Summary, extended
from flowforge.records import dataclass
from flowforge.residual.run import stream
from flowforge.stores import Limits
from flowforge.stores.values import decimal_text
from flowforge.types import Column, Schema

if TYPE_CHECKING:
    import numpy as np

    from flowforge.compiler import Plan

MOST_ROWS = 50_000
"""Rows that are looked at one by one."""
BINS = 20
TOP = 10


@dataclass(frozen=True, slots=True)
class Distributed:
    """Of one column."""

    distinct: int
    histogram: list[dict[str, Any]] | None = None
    top_values: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Distributions:
    """Of all columns, in ``rows`` rows."""

    rows: int
    columns: Mapping[str, Distributed]

    def of(self, column: Column) -> Distributed:
        """The column's."""
        return self.columns[column.name]


def fetched_graph(graph: Graph, target: str, columns: Schema, share: float | None) -> tuple[Graph, str]:
    """The graph with what is to be fetched behind its target: a share of the rows, and these columns."""
    nodes = [] if share is None else [Node("·sample", "sample", {"fraction": share})]
    nodes.append(Node("·columns", "select", {"columns": [column.name for column in columns]}))
    return extended(graph, target, nodes)


async def distributions(plan: Plan, columns: Schema, summary: Summary, limits: Limits) -> Distributions:
    """Fetch the rows of a plan that gives just these columns, and count."""
    pieces: list[bytes] = []
    size = 0
    try:
        async with aclosing(await stream(plan, limits, "arrow")) as chunks:  # type: ignore[type-var]
            async for piece in chunks:
                size += len(piece)
                if size > limits.memory_bytes:
                    raise StoreError(
                        ErrorCode.QUERY_MEMORY,
                        f"The values take more than {limits.memory_bytes // 1_000_000} MB.",
                        hint="Choose fewer columns.",
                    )
                pieces.append(piece)
    except StoreError as error:
        plan.blame(error)
        raise
    return await asyncio.to_thread(_counted, b"".join(pieces), columns, summary)


def _counted(sent: bytes, columns: Schema, summary: Summary) -> Distributions:
    import pyarrow as pa

    with pa.ipc.open_stream(sent) as reader:
        table = reader.read_all()
    found = {}
    for index, column in enumerate(columns):
        values = table.column(index).drop_null()
        found[column.name] = _distributed(values, column, summary.columns[column.name])
    return Distributions(table.num_rows, found)


def _distributed(values: Any, column: Column, counts: Counts) -> Distributed:
    import pyarrow.compute as pc

    if column.type.kind in _SCALES:
        numbers = _numbers(values, column)
        return Distributed(len(set(numbers.tolist())), _histogram(numbers, column, counts))
    counted = pc.value_counts(values.combine_chunks())
    tops = sorted(counted.to_pylist(), key=lambda each: (-each["counts"], str(each["values"])))
    return Distributed(
        len(tops),
        top_values=[{"value": _text(each["values"]), "count": each["counts"]} for each in tops[:TOP]],
    )


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _numbers(values: Any, column: Column) -> np.ndarray[Any, Any]:
    """As floats, which are near enough to say which bin a value is in; NaN and infinities are left out."""
    import numpy as np
    import pyarrow as pa

    whole = pa.types.is_integer(values.type)
    if column.type.kind == "datetime" and not whole:
        zone = values.type.tz if pa.types.is_timestamp(values.type) else None
        values = values.cast(pa.timestamp("us", zone), safe=False).cast(pa.int64())
    elif column.type.kind == "date" and not whole:
        values = values.cast(pa.date32()).cast(pa.int32())
    unit = 1e6 if column.type.kind == "datetime" and not whole else 1.0
    found: np.ndarray[Any, Any] = values.cast(pa.float64(), safe=False).to_numpy() / unit
    finite: np.ndarray[Any, Any] = found[np.isfinite(found)]
    return finite


def _histogram(numbers: np.ndarray[Any, Any], column: Column, counts: Counts) -> list[dict[str, Any]]:
    """Bins of equal width between the least and the greatest of all rows; a single value has one bin."""
    import numpy as np

    if counts.least is None or not len(numbers):
        return []
    scale = _SCALES[column.type.kind]
    low, high = scale.number(counts.least), scale.number(counts.greatest)
    bins = BINS if high > low else 1
    width = (high - low) / bins
    inside = np.clip(numbers, float(low), float(high))
    places = np.zeros(len(inside)) if not width else (inside - float(low)) / float(width)
    heights = np.bincount(np.minimum(places.astype(int), bins - 1), minlength=bins)
    edges = [counts.least, *[scale.wire(low + width * index) for index in range(1, bins)], counts.greatest]
    return [
        {"from": edges[index], "to": edges[index + 1], "count": int(heights[index])} for index in range(bins)
    ]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Between wire values and the numbers that bins are cut from."""

    number: Callable[[Any], Decimal]
    wire: Callable[[Decimal], Any]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _seconds(text: str) -> Decimal:
    """Python's times end at microseconds; what is finer does not move a value to another bin."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    since = datetime.fromisoformat(whole).replace(tzinfo=UTC) - _EPOCH
    return Decimal(since // timedelta(seconds=1)) + Decimal(f"0.{fraction or 0}")


def _moment(seconds: Decimal) -> str:
    moment = _EPOCH + int(seconds * 1_000_000) * _MICROSECOND
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _days(text: str) -> Decimal:
    return Decimal((date.fromisoformat(text) - _EPOCH.date()).days)


def _day(days: Decimal) -> str:
    return (_EPOCH.date() + timedelta(days=int(days))).isoformat()


def _decimal(value: Decimal) -> str:
    return decimal_text(value.quantize(Decimal("1e-12")).normalize())


_SCALES: Mapping[str, _Scale] = {
    "int64": _Scale(lambda text: Decimal(text), _decimal),
    "decimal": _Scale(lambda text: Decimal(text), _decimal),
    "float64": _Scale(lambda number: Decimal(repr(number)), float),
    "datetime": _Scale(_seconds, _moment),
    "date": _Scale(_days, _day),
}
