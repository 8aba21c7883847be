"""What the engines say exists: our own constant queries on their catalogues.

The lists are intersected with the declarations of ``flowforge.schema.declared``; what an engine
holds beyond them stays invisible.
"""

from __future__ import annotations

from flowforge.records import dataclass
from flowforge.settings import settings
from flowforge.stores.limits import Limits

LIMITS = Limits(seconds=10, memory_bytes=500_000_000)

CLICKHOUSE_COLUMNS = """
SELECT database, table, name, type
FROM system.columns
WHERE database IN ('flowforge', 'metrics', 'marts', 'reference')
ORDER BY database, table, position
"""

CLICKHOUSE_TABLES = """
SELECT database, name, engine, sorting_key, toString(coalesce(total_rows, 0)), comment
FROM system.tables
WHERE database IN ('flowforge', 'metrics', 'marts', 'reference')
"""

POSTGRESQL_COLUMNS = """
SELECT c.table_schema, c.table_name, c.column_name,
       format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
FROM information_schema.columns c
JOIN pg_catalog.pg_namespace n ON n.nspname = c.table_schema
JOIN pg_catalog.pg_class t ON t.relnamespace = n.oid AND t.relname = c.table_name
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = c.column_name
WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY c.table_schema, c.table_name, c.ordinal_position
"""

MATERIALIZE_COLUMNS = """
SELECT s.name, o.name, c.name,
       CASE WHEN c.type = 'numeric' AND c.type_mod >= 0
            THEN 'numeric(39,' || ((c.type_mod - 4) & 65535)::text || ')' ELSE c.type END,
       c.nullable
FROM mz_columns c
JOIN mz_objects o ON c.id = o.id
JOIN mz_schemas s ON o.schema_id = s.id
WHERE s.name NOT IN ('mz_internal', 'mz_catalog', 'pg_catalog', 'information_schema')
ORDER BY s.name, o.name, c.position
"""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table as its engine describes it; ``columns`` are (name, engine type, nullable)."""

    schema: str
    name: str
    columns: tuple[tuple[str, str, bool], ...]
    engine: str = ""
    sorting_key: tuple[str, ...] = ()
    rows: int | None = None
    comment: str = ""


async def clickhouse_tables() -> list[FoundTable]:
    """Tables and views of the serving layer's databases."""
    from flowforge.stores.clickhouse import query_own

    columns: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    for database, table, name, engine_type in await query_own(CLICKHOUSE_COLUMNS, LIMITS):
        columns.setdefault((database, table), []).append((name, engine_type, "Nullable(" in engine_type))
    return [
        FoundTable(
            database,
            name,
            tuple(columns.get((database, name), ())),
            engine,
            tuple(key.strip() for key in sorting_key.split(",") if key.strip()),
            int(rows),
            comment,
        )
        for database, name, engine, sorting_key, rows, comment in await query_own(CLICKHOUSE_TABLES, LIMITS)
    ]


async def live_tables() -> list[FoundTable]:
    """Tables and views of the live store that its reader may see."""
    from flowforge.stores.postgres import query_own

    own = MATERIALIZE_COLUMNS if settings().live_engine == "materialize" else POSTGRESQL_COLUMNS
    tables: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    for schema, table, name, engine_type, nullable in await query_own(own, LIMITS):
        tables.setdefault((schema, table), []).append((name, engine_type, nullable))
    return [FoundTable(schema, name, tuple(columns)) for (schema, name), columns in tables.items()]


async def counts_by(store: str, place: tuple[str, str], column: str) -> dict[str, int]:
    """Rows of a declared table by the values of a column; the names are ours and need no quotes."""
    from flowforge.stores import clickhouse, postgres

    sql = f"SELECT {column}, count(*) FROM {place[0]}.{place[1]} GROUP BY {column}"  # noqa: S608 - our names
    own = clickhouse.query_own if store == "clickhouse" else postgres.query_own
    return {str(value): int(count) for value, count in await own(sql, LIMITS)}
