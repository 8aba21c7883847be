"""``flowforge bench pipeline``: from a message on ``normalized.quotes`` to a reader of ``live_quotes``, at 2,000 a second."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from bench.measure import Row
from flowforge_pipeline.broker import Cluster, Outgoing, Producer
from flowforge_pipeline.messages import encode, instant_text
from flowforge_pipeline.messages.topics import ALL

RATE = 2_000
SECONDS = 10.0
SYMBOLS = [f"S{number:02d}" for number in range(20)]
EVERY = 0.005
WARM_UP = 2.0
"""Seconds in which the lane connects."""


def row(environment: Mapping[str, str]) -> Row:
    """p50 and p99 of what a reader sees that asks every millisecond."""
    os.environ.update(environment)
    cluster = Cluster()
    cluster.wait()
    cluster.ensure(ALL)
    process = subprocess.Popen([sys.executable, "-m", "flowforge_pipeline", "hot"], env={**os.environ})
    alive = Path(environment["FLOWFORGE_PIPELINE_DIR"]) / "hot.alive"
    try:
        while process.poll() is None and not alive.exists():
            time.sleep(0.05)
        waited = sorted(asyncio.run(_measure(environment["FLOWFORGE_LIVE_DSN"])))
    finally:
        process.terminate()
        process.wait(20)
    middle, high = (waited[int(len(waited) * share)] for share in (0.5, 0.99))
    notes = {"p99": f"{high * 1e3:.1f} ms of {len(waited):,} quotes seen at {RATE:,} messages a second"}
    return Row(0, "hot lane: written → visible, p50", {"ours": middle}, (), notes)


async def _measure(dsn: str) -> list[float]:
    sent: dict[tuple[str, str], float] = {}
    connection = await asyncpg.connect(dsn)
    query = await connection.prepare("SELECT symbol, bid FROM live_quotes WHERE symbol LIKE 'S__'")
    sender = threading.Thread(target=_send, args=(sent,))
    sender.start()
    seen: dict[str, str] = {}
    waited: list[float] = []
    deadline = time.monotonic() + SECONDS + 10
    while time.monotonic() < deadline and (sender.is_alive() or time.monotonic() < deadline - 9):
        rows = await query.fetch()
        now = time.perf_counter()
        for found in rows:
            bid = f"{found['bid']:.2f}"
            if seen.get(found["symbol"]) != bid:
                seen[found["symbol"]] = bid
                if (found["symbol"], bid) in sent:
                    waited.append(now - sent[found["symbol"], bid])
        await asyncio.sleep(0.001)
    sender.join()
    await connection.close()
    return waited


def _send(sent: dict[tuple[str, str], float]) -> None:
    generator = random.Random(7)
    with Producer(linger_ms=0) as producer:
        time.sleep(WARM_UP)
        began, number = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - began) < SECONDS:
            messages = []
            at = instant_text(time.time_ns())
            while number < elapsed * RATE:
                symbol, bid = generator.choice(SYMBOLS), f"{1_000 + number // 100}.{number % 100:02d}"
                messages.append(_message(symbol, bid, at, number))
                sent[symbol, bid] = time.perf_counter()
                number += 1
            if messages:
                producer.send("normalized.quotes", messages)
            time.sleep(EVERY)


def _message(symbol: str, bid: str, at: str, number: int) -> Outgoing:
    payload = {
        "symbol": symbol, "event_time": at, "bid": bid, "ask": "99999.99", "bid_size": "1", "ask_size": "1",
        "venue": "", "sequence": number, "conditions": "", "suspicious": False, "source_file": "", "row_no": 0,
        "instrument_id": "", "trade_date": at[:10], "session": "unknown",
    }  # fmt: skip
    value = encode(f"bench:{number}", at, at, "bench", symbol, payload)
    return Outgoing(symbol.encode(), value, [("seq", str(number))])
