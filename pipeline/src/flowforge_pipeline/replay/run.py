"""``flowforge replay``: send the files, wait until everything is stored, compare what is stored with the files."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import cast

import polars as pl

from flowforge_pipeline.broker import Confirmations, Producer
from flowforge_pipeline.broker.durable import DurableSender
from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.importers.files import Options
from flowforge_pipeline.loading import ledger
from flowforge_pipeline.messages import PAYLOADS, normalized, raw
from flowforge_pipeline.process import collect_rarely
from flowforge_pipeline.replay.messages import Content, outgoing, read
from flowforge_pipeline.replay.schedule import Order, chunks, wait_until_due
from flowforge_pipeline.terminal import say

STORES = "sink"
FLOWS_PATIENCE = 60.0
"""Seconds without progress after which a flow that lags is not waited for any longer."""
POLL_SECONDS = 0.1
OPTIONS = {"replayed": True}
"""Of a replayed file in the ledger of imports, so that `flowforge import` does not add its rows again."""

log = logging.getLogger(__name__)


def run(paths: Sequence[Path], options: Options, order: Order) -> int:
    """0 when every row of every file is stored, 1 otherwise, 130 when interrupted."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    collect_rarely()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    clickhouse = ClickHouse.from_environment()
    contents = _not_imported(clickhouse, [content for path in paths for content in read(path, options)])
    if not contents:
        return 0
    _note(clickhouse, contents, "started")
    total = sum(content.rows.height for content in contents) * (2 if order.twice else 1)
    say(f"replaying {total:,} messages from {len(contents)} files")
    began = time.perf_counter()
    confirmations = Confirmations()
    with Producer() as producer:
        sender = DurableSender(producer, confirmations, stop)
        _send(sender, contents, order, stop)
        sender.drain()
        sent = time.perf_counter() - began
    if stop.is_set():
        return 130
    say(f"✓ {sender.sent:,} messages sent and taken in {sent:.1f} s ({sender.sent / sent:,.0f}/s)")
    topics = sorted({normalized(content.kind) for content in contents})
    _wait_until_stored(confirmations, topics, stop)
    say(f"✓ stored after {time.perf_counter() - began:.1f} s")
    return _compare(clickhouse, contents)


def _send(sender: DurableSender, contents: Sequence[Content], order: Order, stop: threading.Event) -> None:
    began: tuple[float, int] | None = None
    for chunk in chunks(contents, order):
        began = began or (time.monotonic(), chunk.due)
        wait_until_due(chunk.due, began, order, stop)
        if stop.is_set():
            return
        for number, rows in chunk.parts:
            content = contents[number]
            sender.send(raw(content.kind), outgoing(content, content.rows[rows], time.time_ns()))


def _wait_until_stored(confirmations: Confirmations, topics: Sequence[str], stop: threading.Event) -> None:
    """Until the sink, and every flow that reads the topics, has stored what is in them now."""
    for topic in topics:
        head = confirmations.head(topic)
        if head is None:
            continue
        seen: dict[str, int] = {}
        progress = time.monotonic()
        while not stop.is_set():
            now = {name: position.seq for name, position in confirmations.of(topic).items()}
            behind = sorted(name for name, seq in now.items() if seq < head.seq)
            if STORES in now and not behind:
                break
            if now != seen:
                seen, progress = now, time.monotonic()
            elif time.monotonic() - progress > FLOWS_PATIENCE:
                say(f"! {', '.join(behind) or STORES} has not reached the end of {topic}", failure=True)
                break
            stop.wait(POLL_SECONDS)


def _not_imported(clickhouse: ClickHouse, contents: Sequence[Content]) -> list[Content]:
    """Without the files that were imported: their rows are stored, and would be stored twice."""
    known = {
        (entry.sha256, entry.table)
        for entry in ledger.find(clickhouse, {content.sha256 for content in contents})
        if "replayed" not in entry.options
    }
    left = []
    for content in contents:
        if (content.sha256, PAYLOADS[content.kind].table) in known:
            say(f"= {content.path}: already imported; nothing to replay")
        else:
            left.append(content)
    return left


def _note(clickhouse: ClickHouse, contents: Sequence[Content], state: ledger.State) -> None:
    for content in contents:
        rows = content.rows
        entry = ledger.Entry(
            content.sha256, PAYLOADS[content.kind].table, OPTIONS, state, rows.height, rows.height
        )
        days = cast("date", rows["trade_date"].min()), cast("date", rows["trade_date"].max())
        ledger.write(
            clickhouse,
            entry,
            file=content.path.name,
            source=str(rows["source"][0]),
            symbols=sorted(rows["symbol"].cast(pl.String).unique()),
            days=days,
        )


def _compare(clickhouse: ClickHouse, contents: Sequence[Content]) -> int:
    wrong = 0
    for content in contents:
        table = PAYLOADS[content.kind].table
        found = clickhouse.rows(
            f"SELECT count() AS rows FROM {table} WHERE source_file = {literal(content.label)}"  # noqa: S608
        )[0]
        stored, wanted = int(found["rows"]), content.rows.height
        first = cast("datetime", content.rows["event_time"].min())
        if stored == wanted:
            say(f"✓ {content.path}: {stored:,} rows in {table} ({first:%Y-%m-%d})")
        else:
            wrong += 1
            say(
                f"✗ {content.path}: {stored:,} of {wanted:,} rows in {table}; "
                "`flowforge pipeline counts` says what was refused",
                failure=True,
            )
    if not wrong:
        _note(clickhouse, contents, "finished")
    return 1 if wrong else 0
