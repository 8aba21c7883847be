"""Put recomputed rows into an aggregate table: its feeds are not triggered, and what they write stays.

The rows are computed into a table beside it. Then the window's rows are deleted and the parts attached –
attaching runs no materialized view, so that nothing is counted twice further down. A trade that arrives in
between may be in both; whoever calls compares with raw afterwards and begins again.

Readers find the window empty, or in part, from when the engine begins to rewrite its parts until the new ones are
attached: as long as that takes, and where the process was killed meanwhile until the backfill is run again. Replacing
whole partitions would hide it, and lose what is written into them while they are copied.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flowforge_pipeline.clickhouse import ClickHouse, literal

_PREFIX = "_backfill_"
_ABANDONED = timedelta(days=1)
"""No run takes so long: what is older belongs to none."""
_AT_ONCE = {"mutations_sync": 2, "max_partitions_per_insert_block": 0}


@contextmanager
def beside(clickhouse: ClickHouse, physical: str) -> Iterator[str]:
    """An empty table of the same structure, dropped in the end; those of killed runs are dropped after a day."""
    database = physical.partition(".")[0]
    sweep(clickhouse, database, older_than=_ABANDONED)
    name = f"{database}.{_PREFIX}{secrets.token_hex(6)}"
    clickhouse.execute(f"CREATE TABLE {name} AS {physical}")
    try:
        yield name
    finally:
        clickhouse.execute(f"DROP TABLE IF EXISTS {name} SYNC")


def sweep(clickhouse: ClickHouse, database: str, *, older_than: timedelta) -> None:
    """Drop what runs that were killed left beside the tables of a database."""
    for row in clickhouse.rows(
        f"SELECT name FROM system.tables WHERE database = {literal(database)} AND startsWith(name, {literal(_PREFIX)}) "  # noqa: S608 - literals
        f"AND metadata_modification_time <= now() - INTERVAL {int(older_than.total_seconds())} SECOND"
    ):
        clickhouse.execute(f"DROP TABLE IF EXISTS {database}.{row['name']} SYNC")


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
