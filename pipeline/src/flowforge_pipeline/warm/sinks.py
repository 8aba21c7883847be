"""Where rows of the flows go: ClickHouse, then Redis, then the analytics topic, then the news of it.

Each is safe to repeat: a table keeps one row per key, the highest revision; Redis keeps the newest; readers
of the topic take the highest revision of a key. So a flow that is killed between two of them writes all
of them again, from its snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
import redis
from bytewax.outputs import DynamicSink, StatelessSinkPartition

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.latest import Entry, Latest
from flowforge_pipeline.loading.announcer import Announcer
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.warm.retrying import persistently

Row = Mapping[str, Any]
Publish = Callable[[str, Sequence[tuple[str, Row]]], None]
"""Send rows to a topic, each under its key (the symbol); returns when the broker has them."""


@dataclass(frozen=True)
class Target:
    """A table and what goes with it. ``time`` is the column that says how new a row is."""

    table: str
    schema: pl.Schema
    time: str
    topic: str
    latest: str | None = None
    latest_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlets:
    """What a process writes to."""

    clickhouse: ClickHouse
    latest: Latest
    publish: Publish
    announcer: Announcer


class TableSink(DynamicSink[Any]):
    """Rows (mappings with the target's columns) of all partitions."""

    def __init__(self, target: Target, outlets: Outlets) -> None:
        self._target, self._outlets = target, outlets

    def build(self, step_id: str, worker_index: int, worker_count: int) -> StatelessSinkPartition[Any]:
        """One per worker."""
        return _TablePartition(self._target, self._outlets)


class _TablePartition(StatelessSinkPartition[Any]):
    def __init__(self, target: Target, outlets: Outlets) -> None:
        self._target, self._outlets = target, outlets

    def write_batch(self, items: list[Any]) -> None:
        rows: list[Row] = [row for _, row in items]
        if not rows:
            return
        target, outlets = self._target, self._outlets
        block = pl.DataFrame(rows, schema=target.schema, orient="row").to_arrow()
        persistently(
            lambda: outlets.clickhouse.insert(target.table, block),
            f"writing {target.table}",
            (PipelineError,),
        )
        if target.latest is not None:
            entries = [_entry(target, row) for row in _newest(rows, target.time)]
            persistently(
                lambda: outlets.latest.write(entries, target.time),
                f"writing {target.latest}",
                (redis.RedisError,),
            )
        outlets.publish(target.topic, [(row["symbol"], row) for row in rows])
        outlets.announcer.changed(
            target.table,
            symbols={row["symbol"] for row in rows},
            rows=len(rows),
            watermark=max(row[target.time] for row in rows),
        )


def instant(nanoseconds: int) -> datetime:
    """A bucket's edge; those are whole seconds."""
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)


def text(value: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: sorts like the instants do."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def plain(value: Any) -> Any:
    """A cell as JSON and Redis carry it: decimals in plain digits, instants as text."""
    if isinstance(value, datetime):
        return text(value)
    if value is None or isinstance(value, int | str):
        return value
    return format(value, "f")


def _newest(rows: Sequence[Row], time: str) -> list[Row]:
    newest: dict[str, Row] = {}
    for row in rows:
        known = newest.get(row["symbol"])
        if known is None or row[time] >= known[time]:
            newest[row["symbol"]] = row
    return list(newest.values())


def _entry(target: Target, row: Row) -> Entry:
    assert target.latest is not None
    return Entry(target.latest, row["symbol"], {name: plain(row[name]) for name in target.latest_fields})
