"""Put recomputed rows into an aggregate table: its feeds are not triggered, and what they write stays.

The rows are computed into a table beside it. Then the window's rows are deleted and the parts attached –
attaching runs no materialized view, so that nothing is counted twice further down. A trade that arrives in
between may be in both; whoever calls compares with raw afterwards and begins again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flowforge_pipeline.clickhouse import ClickHouse, literal

_AT_ONCE = {"mutations_sync": 2, "max_partitions_per_insert_block": 0}


@contextmanager
def beside(clickhouse: ClickHouse, physical: str) -> Iterator[str]:
    """An empty table of the same structure, dropped in the end."""
    database = physical.partition(".")[0]
    name = f"{database}._backfill_{secrets.token_hex(6)}"
    clickhouse.execute(f"CREATE TABLE {name} AS {physical}")
    try:
        yield name
    finally:
        clickhouse.execute(f"DROP TABLE IF EXISTS {name} SYNC")


def replace(clickhouse: ClickHouse, physical: str, condition: str, prepared: str) -> None:
    """Rows of ``prepared`` instead of those that meet the condition."""
    clickhouse.execute(f"ALTER TABLE {physical} DELETE WHERE {condition}", _AT_ONCE)
    database, _, table = prepared.partition(".")
    for row in clickhouse.rows(
        "SELECT DISTINCT partition_id FROM system.parts WHERE active "  # noqa: S608 - literals
        f"AND database = {literal(database)} AND table = {literal(table)} ORDER BY partition_id"
    ):
        clickhouse.execute(
            f"ALTER TABLE {physical} ATTACH PARTITION ID {literal(row['partition_id'])} FROM {prepared}"
        )
