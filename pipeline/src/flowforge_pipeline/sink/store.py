"""One topic into its table: gather messages, then store them as a range that is fixed before it is sent."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime
from typing import cast

from flowforge_pipeline.broker import Confirmations, Consumer, Piece, Position
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading.announcer import Announcer
from flowforge_pipeline.loading.blocks import WHOLE_BLOCKS
from flowforge_pipeline.loading.revised_bars import revise
from flowforge_pipeline.messages import Kind, normalized
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.sink.ledger import Ledger, Range
from flowforge_pipeline.sink.rows import arrow, rows, table

SELF = "sink"
"""Name under which the sink confirms."""
MOST_ROWS = 50_000
LONGEST_SECONDS = 0.6
POLL_SECONDS = 0.2
PAUSE_SECONDS = 0.35
"""Between polls that found little. What comes is stored a second later at most, with all that came meanwhile."""
LITTLE = 1_000
RETRY_SECONDS = 0.5

log = logging.getLogger(__name__)


class Store:
    """Run by one thread."""

    def __init__(self, kind: Kind, ledger: Ledger, announcer: Announcer, stopping: threading.Event) -> None:
        self._kind: Kind = kind
        self._topic = normalized(kind)
        self._ledger = ledger
        self._announcer = announcer
        self._stopping = stopping
        self._clickhouse = ClickHouse.from_environment()
        self._confirmations = Confirmations()
        self._gathered: list[Piece] = []
        self._since = 0.0

    def run(self) -> None:
        """Until told to stop; what is gathered by then is read again by the next process."""
        position, begun = self._ledger.state(self._topic)
        # One that has stored nothing yet needs everything.
        self._confirmations.confirm(SELF, self._topic, 0, position or Position("-", 0))
        with Consumer(self._topic, {0: position} if position else None, partitions=[0]) as consumer:
            while not self._stopping.is_set():
                piece = consumer.poll(POLL_SECONDS)
                if piece is not None:
                    self._since = self._since if self._gathered else time.monotonic()
                    self._gathered.append(piece)
                if begun is not None and self._gathered and self._gathered[-1].position.seq >= begun.last:
                    self._again(begun)
                    begun = None
                if begun is None and self._due(idle=piece is None or piece.caught_up):
                    self._flush()
                if piece is None or len(piece.values) < LITTLE:
                    consumer.rest()
                    self._stopping.wait(PAUSE_SECONDS)

    def _due(self, *, idle: bool) -> bool:
        count = sum(len(piece.values) for piece in self._gathered)
        late = time.monotonic() - self._since >= LONGEST_SECONDS
        return count >= MOST_ROWS or bool(count and idle and late)

    def _flush(self) -> None:
        pieces, self._gathered = self._gathered, []
        values = [value for piece in pieces for value in piece.values]
        wanted = Range(pieces[0].first, pieces[-1].position.seq)
        self._ledger.begin(self._topic, wanted)
        self._store(values, wanted, pieces[-1].position)

    def _again(self, begun: Range) -> None:
        """The range that a killed process had begun, exactly; what was read beyond it stays gathered."""
        values: list[bytes] = []
        rest: list[Piece] = []
        position = self._gathered[0].position
        for piece in self._gathered:
            inside = [
                value
                for seq, value in enumerate(piece.values, piece.first)
                if begun.first <= seq <= begun.last
            ]
            values += inside
            if len(inside) < len(piece.values):
                beyond = piece.values[len(inside) :]
                rest.append(Piece(piece.topic, 0, beyond, begun.last + 1, piece.position, piece.caught_up))
            else:
                position = piece.position
        # The offset may be that of an earlier message: reading skips by the number.
        offset = position.offset if position.seq <= begun.last else 0
        self._store(values, begun, Position(position.epoch, offset, begun.last))
        self._gathered = rest

    def _store(self, values: list[bytes], wanted: Range, position: Position) -> None:
        found = rows(self._kind, values)
        name = table(self._kind)
        settings: dict[str, str | int] = {
            **WHOLE_BLOCKS,
            "insert_deduplicate": 1,
            "deduplicate_blocks_in_dependent_materialized_views": 1,
            "insert_deduplication_token": f"{self._topic}:{wanted.first}-{wanted.last}",
        }
        content = arrow(found)
        while True:
            try:
                self._clickhouse.insert(name, content, settings)
                if self._kind == "trades":
                    revise(self._clickhouse, found)
                break
            except PipelineError as error:
                log.warning("%s takes no rows now, trying again: %s", name, error)
                if self._stopping.wait(RETRY_SECONDS):
                    return  # the ledger says which range was begun
        self._ledger.end(self._topic, position, found.height)
        self._confirmations.confirm(SELF, self._topic, 0, position)
        self._announcer.changed(
            name,
            symbols=found["symbol"].unique().to_list(),
            rows=found.height,
            watermark=cast("datetime | None", found["event_time"].max()),
        )
