"""What the normaliser remembers: one SQLite file, one transaction per batch.

Write-ahead logging without waiting for the disk: what was committed survives every way in which a
process can end. A power cut may take the newest seconds, in order: never a part of a batch.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import zstandard

from flowforge_pipeline.normalise import seen

FILE = "normaliser.db"
MOST_BLOCKS_BYTES = 1 << 30
"""The journal gives up what nobody confirmed beyond this size, and says so."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS positions (topic TEXT, partition INTEGER, epoch TEXT, next_offset INTEGER NOT NULL, "
    "PRIMARY KEY (topic, partition, epoch)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counts (topic TEXT, name TEXT, count INTEGER NOT NULL, "
    "PRIMARY KEY (topic, name)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS heads (topic TEXT PRIMARY KEY, next_seq INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS blocks (topic TEXT, first INTEGER, last INTEGER NOT NULL, content BLOB NOT NULL, "
    "PRIMARY KEY (topic, first))",
    "CREATE TABLE IF NOT EXISTS base (only INTEGER PRIMARY KEY, next_seq INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS published (topic TEXT PRIMARY KEY, epoch TEXT NOT NULL, next_seq INTEGER NOT NULL) "
    "WITHOUT ROWID",
)

_BASE_BITS = 20
"""A journal is given up less often than once a second per million messages."""

Line = tuple[bytes, bytes]
"""Key and value of a message."""


@dataclass(frozen=True, slots=True)
class Block:
    """Messages of a topic with consecutive numbers from ``first``."""

    topic: str
    first: int
    lines: list[Line]


class Journal:
    """Of one normaliser. Not for several threads."""

    def __init__(self, place: Path) -> None:
        self.path = place / FILE
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        for statement in _TABLES:
            self._connection.execute(statement)
        seen.table(self._connection)
        # A journal that was lost must not give the same numbers again: consumers would skip them.
        self._connection.execute(
            "INSERT OR IGNORE INTO base VALUES (0, ?)", (int(time.time()) << _BASE_BITS,)
        )
        self.seen = seen.Seen(self._connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """All that is told inside is remembered at once, or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            self.seen.forget()
            raise
        self._connection.execute("COMMIT")

    def position(self, topic: str, partition: int, epoch: str) -> int:
        """The offset to read next."""
        row = self._connection.execute(
            "SELECT next_offset FROM positions WHERE topic = ? AND partition = ? AND epoch = ?",
            (topic, partition, epoch),
        ).fetchone()
        return row[0] if row else 0

    def read_to(self, topic: str, partition: int, epoch: str, next_offset: int) -> None:
        """Everything before this offset is judged."""
        self._connection.execute(
            "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?)", (topic, partition, epoch, next_offset)
        )

    def count(self, topic: str, counts: Mapping[str, int]) -> None:
        """Add to the counts of a raw topic."""
        self._connection.executemany(
            "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            [(topic, name, number) for name, number in counts.items() if number],
        )

    def append(self, topic: str, lines: Sequence[Line]) -> None:
        """Take messages to publish."""
        if not lines:
            return
        first = self.head(topic)
        content = zstandard.compress(b"\n".join(key + b"\t" + value for key, value in lines), 1)
        following = first + len(lines)
        self._connection.execute(
            "INSERT INTO blocks VALUES (?, ?, ?, ?)", (topic, first, following - 1, content)
        )
        self._connection.execute("INSERT OR REPLACE INTO heads VALUES (?, ?)", (topic, following))

    def head(self, topic: str) -> int:
        """The number that the next message of the topic gets."""
        row = self._connection.execute(
            "SELECT coalesce((SELECT next_seq FROM heads WHERE topic = ?), next_seq) FROM base", (topic,)
        ).fetchone()
        return int(row[0])

    def last(self, topic: str) -> int | None:
        """The number of the topic's newest message; None if it never had any."""
        row = self._connection.execute("SELECT next_seq FROM heads WHERE topic = ?", (topic,)).fetchone()
        return None if row is None else int(row[0]) - 1

    def published(self, topic: str) -> tuple[str, int]:
        """In which epoch, and up to which number, the topic was published."""
        row = self._connection.execute(
            "SELECT epoch, next_seq FROM published WHERE topic = ?", (topic,)
        ).fetchone()
        return (row[0], row[1]) if row else ("", 0)

    def publish_to(self, topic: str, epoch: str, next_seq: int) -> None:
        """Everything before this number is acknowledged in this epoch."""
        self._connection.execute(
            "INSERT OR REPLACE INTO published VALUES (?, ?, ?)", (topic, epoch, next_seq)
        )

    def blocks(self, topic: str, next_seq: int) -> Iterator[Block]:
        """What the journal has of a topic from this number on."""
        cursor = self._connection.execute(
            "SELECT first, content FROM blocks WHERE topic = ? AND last >= ? ORDER BY first",
            (topic, next_seq),
        )
        for first, content in cursor.fetchall() if next_seq == self.head(topic) else cursor:
            lines = [_split(line) for line in zstandard.decompress(content).split(b"\n")]
            skipped = max(0, next_seq - first)
            yield Block(topic, first + skipped, lines[skipped:])

    def trim(self, topic: str, next_seq: int) -> None:
        """Nobody needs what lies before this number."""
        self._connection.execute("DELETE FROM blocks WHERE topic = ? AND last < ?", (topic, next_seq))

    def give_up(self) -> list[tuple[str, int, int]]:
        """Drop the oldest blocks beyond the size that is allowed: topic, first and last number of each."""
        rows = self._connection.execute(
            "SELECT topic, first, last, length(content) FROM blocks ORDER BY rowid DESC"
        )
        dropped, size = [], 0
        for topic, first, last, length in rows.fetchall():
            size += length
            if size > MOST_BLOCKS_BYTES:
                dropped.append((topic, first, last))
        for topic, first, _ in dropped:
            self._connection.execute("DELETE FROM blocks WHERE topic = ? AND first = ?", (topic, first))
        return dropped


def _split(line: bytes) -> Line:
    key, _, value = line.partition(b"\t")
    return key, value
