"""Counts and order-independent checksums over the rows of a query."""

from __future__ import annotations

from typing import NamedTuple

from flowforge_pipeline.clickhouse import ClickHouse


class Checksum(NamedTuple):
    """``digest`` is the sum of a 128-bit hash of each row, modulo 2^128: equal for equal rows in any order."""

    rows: int
    digest: str


def checksum(clickhouse: ClickHouse, query: str) -> Checksum:
    """Over all columns of a query. Decimals are hashed as their digits, so that 1.50 equals 1.5."""
    (row,) = clickhouse.rows(
        "SELECT count() AS rows, lower(hex(sum(reinterpretAsUInt128(sipHash128(toString(tuple(*)))))))"  # noqa: S608 - a query of ours
        f" AS digest FROM ({query})"
    )
    return Checksum(int(row["rows"]), row["digest"])
