"""The hot lane: ``normalized.quotes``, ``normalized.trades`` and ``normalized.orders`` → PostgreSQL ``live``.

    python -m flowforge_pipeline hot

Whatever waits is one transaction: the newest quote of each venue, the newest price of each symbol, every
fill, and how far that reaches. Readers see it with the commit. Afterwards Redis gets the changed positions,
the broker their states (``analytics.positions``, which Materialize serves from), and the readers of caches
the news. A transaction that is killed has happened whole or not at all, and then its messages are read again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime

import asyncpg
import redis

from flowforge_pipeline.broker import Cluster, Confirmations, Piece, Producer
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.environment import live_dsn
from flowforge_pipeline.hot import latest, store
from flowforge_pipeline.hot.batch import Batch
from flowforge_pipeline.hot.feed import Feed
from flowforge_pipeline.hot.messages import add
from flowforge_pipeline.hot.multipliers import Multipliers
from flowforge_pipeline.hot.publishing import publish
from flowforge_pipeline.hot.refusing import apply_singly
from flowforge_pipeline.latest import Latest
from flowforge_pipeline.loading.announcer import Announcer
from flowforge_pipeline.messages.topics import ALL
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.process import Process, running

log = logging.getLogger(__name__)

NAME = "hot"
WAIT_SECONDS = 0.2
QUOTE_COLUMNS = ("bid", "ask", "mid_price", "bid_size", "ask_size", "last_update")


def run() -> int:
    """Run until SIGTERM."""
    dsn = live_dsn()
    if dsn is None:
        raise PipelineError(
            "There is no PostgreSQL `live` here.", remedy="Materialize keeps the views itself."
        )
    with running(NAME) as process:
        cluster = Cluster()
        cluster.wait()
        cluster.ensure(ALL)
        asyncio.run(_serve(process, dsn))
    return 0


async def _serve(process: Process, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", store.LOCK)
        with ExitStack() as stack:
            lane = Lane(
                connection,
                Multipliers(ClickHouse.from_environment()),
                stack.enter_context(Announcer(NAME)),
                stack.enter_context(Producer(linger_ms=0)),
            )
            known = await store.positions(connection)
            lane.write_latest(known)
            feed = Feed(await store.progress(connection), process.stopping)
            while not process.stopping.is_set():
                pieces = await asyncio.to_thread(feed.take, WAIT_SECONDS)
                if pieces:
                    await lane.take(pieces)
    finally:
        await connection.close()


class Lane:
    """Applies pieces and tells of it."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        multipliers: Multipliers,
        announcer: Announcer,
        producer: Producer,
    ) -> None:
        self._connection = connection
        self._multipliers = multipliers
        self._announcer = announcer
        self._producer = producer
        self._latest = Latest()
        self._confirmations = Confirmations()

    async def take(self, pieces: Iterable[Piece]) -> None:
        """One transaction, then the news of it."""
        batch = Batch()
        for piece in pieces:
            add(batch, piece, self._multipliers)
            batch.progress[piece.topic, piece.partition] = piece.position
        try:
            changed = await store.apply(self._connection, batch)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
            log.warning("A batch cannot be stored as one (%s): its fills go one by one.", refused)
            changed = await apply_singly(self._connection, batch)
        self._announce(batch, changed)
        if changed:
            self.write_latest(changed)
            await asyncio.to_thread(publish, self._producer, changed)
        for (topic, partition), position in batch.progress.items():
            self._confirmations.confirm(NAME, topic, partition, position)

    def write_latest(self, changed: store.Positions) -> None:
        """Positions to Redis, which is behind until the next change where it is away."""
        try:
            self._latest.write(latest.entries(changed), latest.ORDER)
        except redis.RedisError as failure:
            log.warning("Positions could not be written to Redis (%s).", type(failure).__name__)

    def _announce(self, batch: Batch, changed: store.Positions) -> None:
        if batch.quoted:
            newest = max(side.time[0] for sides in (batch.bids, batch.asks) for side in sides.values())
            self._announcer.changed(
                "materialize.live_quotes",
                symbols=batch.quoted,
                rows=len(batch.quoted),
                watermark=_instant(newest),
                columns=QUOTE_COLUMNS,
            )
        if batch.lasts:
            self._announcer.changed(
                "materialize.live_pnl",
                symbols=batch.lasts,
                rows=len(batch.lasts),
                watermark=_instant(max(last.time[0] for last in batch.lasts.values())),
                columns=("mark", "unrealized_pnl"),
            )
        if changed:
            self._announcer.changed(
                "materialize.live_positions",
                symbols={key.symbol for key in changed},
                rows=len(changed),
                watermark=_instant(max(position.order[0] for position in changed.values())),
            )


def _instant(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)
