"""Which events were accepted before, exactly, by their ids.

``<stream>:<number>`` takes a bit: numbers of a stream lie in chunks of 65,536 bits, so that ten
million messages of files take little more than a megabyte. Any other id takes a row of its hash;
the oldest of those are forgotten beyond ``MOST_OTHERS``.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CHUNK_BITS = 1 << 16
MOST_OTHERS = 5_000_000
MOST_CHUNKS_KEPT = 512
_COUNTED = re.compile(r"(.{1,200}):(\d{1,15})\Z", re.ASCII).match

Bits = NDArray[np.uint8]


def table(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS seen_chunks (stream TEXT, chunk INTEGER, bits BLOB NOT NULL, "
        "PRIMARY KEY (stream, chunk)) WITHOUT ROWID"
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS seen_others (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE)"
    )


class Seen:
    """Asked and told in one step; what was told is the caller's transaction's to keep."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._chunks: dict[tuple[str, int], Bits] = {}

    def add(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """For each id whether it is new: not seen before and not earlier in ``ids``."""
        new = np.zeros(len(ids), dtype=np.bool_)
        places: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for position, text in enumerate(ids):
            counted = _COUNTED(text)
            if counted is None:
                new[position] = self._add_other(text)
                continue
            chunk, bit = divmod(int(counted[2]), CHUNK_BITS)
            places.setdefault((counted[1], chunk), []).append((position, bit))
        for key, found in places.items():
            self._add_bits(key, np.array(found, dtype=np.int64), new)
        return new

    def forget(self) -> None:
        """Drop what is in memory: the transaction that it belongs to was given up."""
        self._chunks.clear()

    def _add_bits(self, key: tuple[str, int], found: NDArray[np.int64], new: NDArray[np.bool_]) -> None:
        bits = self._chunk(key)
        numbers, first = np.unique(found[:, 1], return_index=True)
        fresh = bits[numbers] == 0
        new[found[first[fresh], 0]] = True
        bits[numbers] = 1
        if fresh.any():
            self._connection.execute(
                "INSERT OR REPLACE INTO seen_chunks (stream, chunk, bits) VALUES (?, ?, ?)",
                (*key, np.packbits(bits).tobytes()),
            )

    def _chunk(self, key: tuple[str, int]) -> Bits:
        known = self._chunks.pop(key, None)
        if known is None:
            row = self._connection.execute(
                "SELECT bits FROM seen_chunks WHERE stream = ? AND chunk = ?", key
            ).fetchone()
            known = (
                np.unpackbits(np.frombuffer(row[0], dtype=np.uint8))
                if row
                else np.zeros(CHUNK_BITS, dtype=np.uint8)
            )
            if len(self._chunks) >= MOST_CHUNKS_KEPT:
                del self._chunks[next(iter(self._chunks))]
        self._chunks[key] = known  # the one used last is the last to be dropped
        return known

    def _add_other(self, text: str) -> bool:
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        cursor = self._connection.execute("INSERT OR IGNORE INTO seen_others (id) VALUES (?)", (digest,))
        if cursor.rowcount == 0:
            return False
        if (number := cursor.lastrowid or 0) % 10_000 == 0:
            self._connection.execute("DELETE FROM seen_others WHERE number <= ?", (number - MOST_OTHERS,))
        return True
