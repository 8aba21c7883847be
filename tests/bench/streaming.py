"""``flowforge bench pipeline``, performance row 11: five-minute VWAP per core, and memory over many messages.

Everybody sums up the same trades, which are there as typed columns (ours, polars) or as Python objects (the
windows of Bytewax itself) before the clock starts. What decoding JSON costs before that is a row of its own.

The target, 3 M events/s, was set where Bytewax's windows took 0.30 M: ten times theirs, which is what ours is held to
in the same run, as machines differ. The rate itself is told beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import bytewax.operators as op
import bytewax.operators.windowing as win
import numpy as np
import polars as pl
import psutil
from bytewax.dataflow import Dataflow
from bytewax.inputs import DynamicSource, StatelessSourcePartition
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

from bench.measure import Contender, Row, Target, alternate
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.messages import encode, frame, instant_text
from flowforge_pipeline.warm.logic import FlowLogic, Slice
from flowforge_pipeline.warm.revisions import Revisions
from flowforge_pipeline.warm.trades import scaled
from flowforge_pipeline.warm.vwap import VwapMemory
from flowforge_pipeline.warm.windows import LENGTH_NS, sums

EVENTS = 1_000_000
BATCH = 10_000
OF_BYTEWAX = 50_000
"""Events of the contender that takes them one by one; its time is told for as many as the others'."""
PEER = "bytewax fold_window"
OF_PEER = 10
"""Times the rate of Bytewax's own windows: 3 M ÷ 0.30 M events/s."""
START = 1_767_225_600_000_000_000
SYMBOLS = ("AAPL", "MSFT", "IBM", "SPY", "BAC")


def rows(rounds: int, many: int) -> list[Row]:
    """The windows, the decoding, and what memory does over ``many`` messages."""
    trades = _trades(EVENTS)
    batches = [trades.slice(first, BATCH) for first in range(0, EVENTS, BATCH)]
    objects = [
        (row["symbol"], (row["event_time"].replace(tzinfo=UTC), row["price"], row["quantity"]))
        for row in trades.head(OF_BYTEWAX).iter_rows(named=True)
    ]
    contenders: dict[str, Contender] = {
        "ours": lambda _: _seconds(lambda: _through_bytewax(_slices(batches))),
        PEER: lambda _: _seconds(lambda: _fold_window(objects)) * (EVENTS / OF_BYTEWAX),
        "polars micro-batches": lambda _: _seconds(lambda: [sums(scaled(each)) for each in batches]),
        "polars, all at once": lambda _: _seconds(lambda: sums(scaled(trades))),
    }
    medians, notes, ratios = alternate(contenders, rounds)
    rate = Target(f"≥ {OF_PEER} × its rate (3 M events/s where it has 0.3)", PEER, 1 / OF_PEER)
    if "ours" in medians:
        notes["our rate"] = f"{EVENTS / medians['ours'] / 1e6:.2f} M events/s"
    return [
        Row(11, f"VWAP of {EVENTS:,} trades", medians, [rate], notes, ratios),
        _decoding(trades.head(100_000), rounds),
        _memory(batches, many),
    ]


def _trades(count: int) -> pl.DataFrame:
    generator = np.random.default_rng(7)
    times = START + np.sort(generator.integers(0, 6 * 3600 * 10**9, count))
    return pl.DataFrame(
        {
            "symbol": np.array(SYMBOLS)[generator.integers(0, len(SYMBOLS), count)],
            "event_time": pl.Series(times).cast(pl.Datetime("ns", "UTC")),
            "price": pl.Series(generator.integers(10_000, 10_500, count)).cast(pl.Decimal(18, 6)) / 100,
            "quantity": pl.Series(generator.integers(1, 500, count)).cast(pl.Decimal(18, 4)),
            "sequence": np.arange(count),
        }
    ).with_columns(
        pl.col("price").cast(pl.Decimal(18, 6)),
        source_file=pl.lit("bench"),
        row_no=pl.col("sequence"),
        ohlc_eligible=True,
        volume_eligible=True,
        session=pl.lit("regular"),
        status=pl.lit("new"),
        trade_date=pl.lit("2026-01-01").str.to_date(),
        trade_id=pl.lit("t"),
        corrects_id=pl.lit(""),
    )


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of all threads, since the rate is one per core."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _slices(batches: list[pl.DataFrame]) -> Iterator[tuple[str, Slice]]:
    for number, batch in enumerate(batches, 1):
        yield "0", Slice("trades", 0, number * BATCH, batch, caught_up=True)


def _through_bytewax(pieces: Iterator[tuple[str, Slice]]) -> None:
    """The flow as it runs, between a source and a sink that cost nothing."""
    nowhere = ClickHouse("http://127.0.0.1:1")  # raw is never far enough to be asked

    def memory(dumped: bytes | None) -> FlowLogic:
        return FlowLogic(VwapMemory(nowhere, lambda _: -1, Revisions(), dumped))

    flow = Dataflow("bench")
    found = op.stateful_batch("memory", op.input("in", flow, _Given(pieces)), memory)
    op.output("out", found, _Nowhere())
    run_main(flow)


def _fold_window(objects: list[tuple[str, tuple[datetime, Decimal, Decimal]]]) -> None:
    clock = win.EventClock(lambda trade: trade[0], wait_for_system_duration=timedelta(seconds=10))
    windows = win.TumblingWindower(timedelta(minutes=5), align_to=datetime(2026, 1, 1, tzinfo=UTC))

    def add(total: list[Decimal], trade: tuple[datetime, Decimal, Decimal]) -> list[Decimal]:
        total[0] += trade[1] * trade[2]
        total[1] += trade[2]
        return total

    flow = Dataflow("peer")
    taken = op.input("in", flow, _Given(iter(objects)))
    found = win.fold_window(
        "vwap", taken, clock, windows, lambda: [Decimal(0), Decimal(0)], add, lambda one, other: one
    )
    op.output("out", found.down, _Nowhere())
    run_main(flow)


class _Given(DynamicSource):
    def __init__(self, items: Iterator[object]) -> None:
        self._items = items

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _GivenPartition:
        return _GivenPartition(self._items)


@dataclass
class _GivenPartition(StatelessSourcePartition):
    items: Iterator[object]

    def next_batch(self) -> list[object]:
        batch = [item for _, item in zip(range(1), self.items, strict=False)]
        first = batch[0] if batch else None
        if not isinstance(first, tuple) or not isinstance(first[1], Slice):
            batch += [item for _, item in zip(range(BATCH - 1), self.items, strict=False)]
        if not batch:
            raise StopIteration
        return batch


class _Nowhere(DynamicSink):
    def build(self, step_id: str, worker_index: int, worker_count: int) -> _NowherePartition:
        return _NowherePartition()


class _NowherePartition(StatelessSinkPartition):
    def write_batch(self, items: list[object]) -> None:
        return


def _decoding(trades: pl.DataFrame, rounds: int) -> Row:
    """From the bytes of messages, which everybody has to read first."""
    values = [_message(row) for row in trades.iter_rows(named=True)]
    parts = [values[first : first + BATCH] for first in range(0, len(values), BATCH)]
    contenders: dict[str, Contender] = {
        "ours": lambda _: _seconds(lambda: [sums(scaled(frame("trades", part))) for part in parts]),
        "decoding alone": lambda _: _seconds(lambda: [frame("trades", part) for part in parts]),
    }
    medians, notes, ratios = alternate(contenders, rounds)
    return Row(11, f"VWAP of {len(values):,} JSON messages", medians, (), notes, ratios)


def _message(row: dict[str, object]) -> bytes:
    at = row.pop("event_time")
    assert isinstance(at, datetime)
    text = instant_text(int(at.timestamp() * 1e6) * 1000)
    payload = {
        **{name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()},
        "event_time": text,
        "trade_date": "2026-01-01",
    }
    return encode(f"bench:{row['sequence']}", text, text, "bench", str(row["symbol"]), payload)


def _memory(batches: list[pl.DataFrame], many: int) -> Row:
    """The same trades day after day: what the process holds after a fifth of them and in the end."""
    process = psutil.Process(os.getpid())
    held: list[int] = []

    def days() -> Iterator[tuple[str, Slice]]:
        for number in range(many // BATCH):
            day, position = divmod(number, len(batches))
            shift = day * 24 * 3600 * 10**9 // LENGTH_NS * LENGTH_NS
            moved = batches[position].with_columns(pl.col("event_time") + pl.duration(nanoseconds=shift))
            if number in (many // BATCH // 5, many // BATCH - 1):
                held.append(process.memory_info().rss)
            yield "0", Slice("trades", 0, number * BATCH, moved, caught_up=True)

    seconds = _seconds(lambda: _through_bytewax(days()))
    early, late = (size / 1e6 for size in held)
    notes = {"memory": f"{early:.0f} MB after {many // 5:,} messages, {late:.0f} MB after {many:,}"}
    return Row(11, f"{many:,} messages without end", {"ours": seconds}, (), notes)
