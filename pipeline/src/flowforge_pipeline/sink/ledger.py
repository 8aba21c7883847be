"""How far each topic is stored, in one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from flowforge_pipeline.broker import Position

FILE = "sink.db"


@dataclass(frozen=True, slots=True)
class Range:
    """Messages by their numbers, both inclusive."""

    first: int
    last: int


class Ledger:
    """May be used from several threads, each for its topic."""

    def __init__(self, place: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(place / FILE, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS topics (topic TEXT PRIMARY KEY, position TEXT, first INTEGER, "
            "last INTEGER, rows INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def state(self, topic: str) -> tuple[Position | None, Range | None]:
        """Where reading goes on, and the range that was being stored when the process ended, if one was."""
        row = self._run("SELECT position, first, last FROM topics WHERE topic = ?", topic)
        if row is None:
            return None, None
        position = Position.parse(row[0]) if row[0] else None
        return position, Range(row[1], row[2]) if row[1] is not None else None

    def begin(self, topic: str, wanted: Range) -> None:
        """Say which range is about to be stored."""
        self._run(
            "INSERT INTO topics (topic, first, last) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET first = excluded.first, last = excluded.last",
            topic, wanted.first, wanted.last,
        )  # fmt: skip

    def end(self, topic: str, position: Position, rows: int) -> None:
        """The range is stored; reading goes on at ``position``."""
        self._run(
            "UPDATE topics SET position = ?, first = NULL, last = NULL, rows = rows + ? WHERE topic = ?",
            str(position), rows, topic,
        )  # fmt: skip

    def _run(self, sql: str, *values: object) -> tuple[str | None, int, int] | None:
        with self._lock:
            row: tuple[str | None, int, int] | None = self._connection.execute(sql, values).fetchone()
            return row
