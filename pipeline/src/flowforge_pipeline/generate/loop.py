"""The generator's process: a rate of messages per second, one fifth trades, three fifths quotes, the rest orders."""

from __future__ import annotations

import logging
import random
import time
from typing import Any

from flowforge_pipeline.broker import Confirmations, Outgoing, Producer
from flowforge_pipeline.broker.durable import DurableSender
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.generate.market import Market
from flowforge_pipeline.generate.orders import Book
from flowforge_pipeline.messages import Kind, encode, instant_text, raw
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.process import running
from flowforge_pipeline.seed.walk import SOURCE

SHORTEST_TICK, LONGEST_TICK = 0.1, 0.5
MESSAGES_OF_A_TICK = 10
"""A slow market ticks less often: each tick costs every process behind it as much as some hundred messages."""
LONGEST_CATCH_UP = 2.0
"""After a pause of the machine the messages of so many seconds are sent at once, not those of all of it."""
SHARES: tuple[tuple[Kind, float], ...] = (("trades", 0.2), ("quotes", 0.6), ("orders", 0.2))

log = logging.getLogger(__name__)


def run(rate: float, seed: int | None) -> int:
    """Until SIGTERM. ``seed`` None draws another market each time."""
    with running("generate") as process, Producer() as producer:
        began = time.time_ns()
        source = Source(random.Random(seed), f"{SOURCE}-{began // 1_000_000:x}", _levels())  # noqa: S311
        sender = DurableSender(producer, Confirmations(), process.stopping)
        owed, last = 0.0, time.monotonic()
        tick = min(max(SHORTEST_TICK, MESSAGES_OF_A_TICK / max(rate, 1e-9)), LONGEST_TICK)
        while not process.stopping.wait(tick):
            now = time.monotonic()
            owed += rate * min(LONGEST_CATCH_UP, now - last)
            last = now
            count, owed = int(owed), owed % 1
            for kind, messages in source.messages(count, time.time_ns()).items():
                sender.send(raw(kind), messages)
            sender.settle()
    return 0


class Source:
    """Messages of one run. ``stream`` and a number make event ids, so that what is sent again is known."""

    def __init__(self, generator: random.Random, stream: str, levels: dict[str, float]) -> None:
        self._random = generator
        self._stream = stream
        self._market = Market(generator, levels, time.time())
        self._book = Book(generator, self._market, stream)
        self._numbers: dict[Kind, int] = dict.fromkeys(("trades", "quotes", "orders"), 0)
        self._last = 0

    def messages(self, count: int, now: int) -> dict[Kind, list[Outgoing]]:
        """``count`` messages, their event times spread over the time since the last ones, up to ``now`` (ns)."""
        found: dict[Kind, list[Outgoing]] = {}
        since = min(max(self._last or now - int(SHORTEST_TICK * 1e9), now - int(LONGEST_TICK * 1e9)), now)
        kinds = self._random.choices([kind for kind, _ in SHARES], [share for _, share in SHARES], k=count)
        for position, kind in enumerate(kinds, 1):
            at = since + (now - since) * position // count
            found.setdefault(kind, []).append(self._message(kind, at, now))
        self._last = now
        return found

    def _message(self, kind: Kind, at: int, now: int) -> Outgoing:
        entity, payload = self._event(kind, at / 1e9)
        self._numbers[kind] += 1
        stream = self._stream if kind == "trades" else f"{self._stream}-{kind}"
        event_id, event_time = f"{stream}:{self._numbers[kind]}", instant_text(at)
        payload["event_time"] = event_time
        if kind == "trades":
            payload["trade_id"] = event_id
        return Outgoing(
            entity.encode(), encode(event_id, event_time, instant_text(now), SOURCE, entity, payload)
        )

    def _event(self, kind: Kind, at: float) -> tuple[str, dict[str, Any]]:
        if kind == "orders":
            return self._book.event()
        symbol = self._market.pick()
        made = self._market.trade(symbol, at) if kind == "trades" else self._market.quote(symbol, at)
        return symbol.stock.symbol, made


def _levels() -> dict[str, float]:
    """Where prices were left: the newest synthetic trade of each symbol."""
    try:
        rows = ClickHouse.from_environment().rows(
            "SELECT symbol, argMax(price, (event_time, sequence)) AS price FROM flowforge.raw_trades "  # noqa: S608
            f"WHERE source = '{SOURCE}' AND trade_date >= today() - 30 GROUP BY symbol"
        )
    except PipelineError as error:
        log.warning("Prices begin at their base: %s", error)
        return {}
    return {row["symbol"]: float(row["price"]) for row in rows}
