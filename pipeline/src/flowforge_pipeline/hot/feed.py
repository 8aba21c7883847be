"""The topics of the hot lane, each read by a thread of its own, in the order in which messages came."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterable, Mapping

from flowforge_pipeline.broker import Consumer, Piece, Position
from flowforge_pipeline.messages import normalized

log = logging.getLogger(__name__)

TOPICS = (normalized("quotes"), normalized("trades"), normalized("orders"))
MOST_WAITING = 16
"""Pieces between the readers and the database: a slow database slows the readers down."""
POLL_SECONDS = 1.0
GATHER_SECONDS = 0.01
"""After the first piece: what was published together is one transaction."""
Positions = Mapping[tuple[str, int], Position]


class Feed:
    """Pieces of all topics. A reader that fails ends the feed: the next ``take`` raises what it raised."""

    def __init__(self, positions: Positions, stopping: threading.Event) -> None:
        self._pieces: queue.Queue[Piece | Exception] = queue.Queue(MOST_WAITING)
        self._stopping = stopping
        for topic in TOPICS:
            known = {partition: place for (name, partition), place in positions.items() if name == topic}
            thread = threading.Thread(target=self._read, args=(topic, known), name=topic, daemon=True)
            thread.start()

    def take(self, timeout: float) -> Iterable[Piece]:
        """All that is waiting, after at most ``timeout`` seconds; nothing where nothing came."""
        try:
            found = [self._pieces.get(timeout=timeout)]
        except queue.Empty:
            return []
        self._stopping.wait(GATHER_SECONDS)
        while len(found) < MOST_WAITING:
            try:
                found.append(self._pieces.get_nowait())
            except queue.Empty:
                break
        for piece in found:
            if isinstance(piece, Exception):
                raise piece
        return [piece for piece in found if isinstance(piece, Piece)]

    def _read(self, topic: str, known: dict[int, Position]) -> None:
        try:
            with Consumer(topic, known) as consumer:
                while not self._stopping.is_set():
                    piece = consumer.poll(POLL_SECONDS)
                    if piece is not None:
                        self._put(piece)
        except Exception as failure:  # handed to the thread that can act on it
            self._put(failure)

    def _put(self, item: Piece | Exception) -> None:
        while not self._stopping.is_set():
            try:
                self._pieces.put(item, timeout=POLL_SECONDS)
            except queue.Full:
                continue
            return
