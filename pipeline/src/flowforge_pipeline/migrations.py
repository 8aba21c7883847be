"""Apply ``pipeline/clickhouse/*.sql`` and ``pipeline/live/*.sql`` in order, each file once.

A file's statements may all run twice (``IF NOT EXISTS``), so a crash between a statement and its
record in the ledger does no harm. An applied file never changes: a correction is a new file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flowforge_pipeline.clickhouse import ClickHouse, ClickHouseError, literal
from flowforge_pipeline.problems import PipelineError

LEDGER = "flowforge.schema_migrations"
_UNKNOWN_DATABASE, _UNKNOWN_TABLE = 81, 60
_STATEMENT_END = re.compile(r";[ \t]*(?:\n|$)")
_COMMENT_LINES = re.compile(r"^\s*--.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file. ``checksum`` is the sha256 of its text."""

    name: str
    sql: str
    checksum: str

    def statements(self) -> Iterator[str]:
        """Its statements: each ends with a semicolon at the end of a line."""
        for statement in _STATEMENT_END.split(self.sql):
            if _COMMENT_LINES.sub("", statement).strip():
                yield statement.strip()


def sql_folder(store: str) -> Path:
    """Where the SQL files of ``clickhouse`` or ``live`` are: in the wheel, else in the checkout."""
    packaged = Path(__file__).parent / "sql" / store
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / store


def migrations(store: str) -> tuple[Migration, ...]:
    """The store's files, by name."""
    files = sorted(sql_folder(store).glob("*.sql"))
    if not files:
        raise PipelineError(f"No SQL files in {sql_folder(store)}.", remedy="Reinstall FlowForge.")
    texts = ((file.name, file.read_text(encoding="utf-8")) for file in files)
    return tuple(Migration(name, sql, hashlib.sha256(sql.encode()).hexdigest()) for name, sql in texts)


def pending(store: str, applied: Mapping[str, str]) -> tuple[Migration, ...]:
    """The files that still have to run, given name → checksum of those that did."""
    every = migrations(store)
    for migration in every:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise PipelineError(
                f"{store}/{migration.name} changed after it was applied.",
                remedy="Undo the change and add a new file, or start from an empty home.",
            )
    return tuple(migration for migration in every if migration.name not in applied)


def migrate_clickhouse(clickhouse: ClickHouse) -> list[str]:
    """Bring ClickHouse up to date; the names of the files that ran."""
    waiting = pending("clickhouse", _applied(clickhouse))
    for migration in waiting:
        for statement in migration.statements():
            clickhouse.execute(statement)
        clickhouse.execute(
            f"CREATE TABLE IF NOT EXISTS {LEDGER} (name String, checksum String, "
            "applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) ENGINE = MergeTree ORDER BY name"
        )
        clickhouse.execute(
            f"INSERT INTO {LEDGER} (name, checksum) VALUES ({literal(migration.name)}, '{migration.checksum}')"  # noqa: S608 - escaped
        )
    return [migration.name for migration in waiting]


async def migrate_live(dsn: str) -> list[str]:
    """Bring the hot lane's PostgreSQL up to date, each file in one transaction."""
    import asyncpg

    try:
        connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError) as error:
        raise PipelineError(f"PostgreSQL `live` does not answer ({error}).") from error
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS public.schema_migrations "
            "(name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        records = await connection.fetch("SELECT name, checksum FROM public.schema_migrations")
        waiting = pending("live", {record["name"]: record["checksum"] for record in records})
        for migration in waiting:
            async with connection.transaction():
                await connection.execute(migration.sql)
                await connection.execute(
                    "INSERT INTO public.schema_migrations (name, checksum) VALUES ($1, $2)",
                    migration.name,
                    migration.checksum,
                )
    finally:
        await connection.close()
    return [migration.name for migration in waiting]


def _applied(clickhouse: ClickHouse) -> dict[str, str]:
    try:
        rows = clickhouse.rows(f"SELECT name, checksum FROM {LEDGER}")  # noqa: S608 - a constant
    except ClickHouseError as error:
        if error.code in (_UNKNOWN_DATABASE, _UNKNOWN_TABLE):
            return {}
        raise
    return {row["name"]: row["checksum"] for row in rows}
