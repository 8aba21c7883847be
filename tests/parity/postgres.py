"""PostgreSQL through asyncpg; statements run as the reader of ``live`` would, read-only and in UTC."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg

from flowforge import catalog
from flowforge.compiler import Statement
from flowforge.types import Column, Schema
from oracle.relation import Row
from oracle.strategies.tables import Table
from parity.engine import EngineError, listed, quoted

TYPES: Mapping[str, str] = {
    "string": "text",
    "int64": "bigint",
    "float64": "double precision",
    "date": "date",
    "datetime": "timestamptz",
    "boolean": "boolean",
}


class Postgres:
    """One connection, driven from synchronous tests."""

    store: catalog.Store = "postgres"

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner()
        settings = {"TimeZone": "UTC", "search_path": "pg_catalog"}
        self._connection = self._runner.run(asyncpg.connect(dsn, server_settings=settings))
        self._execute(f"CREATE SCHEMA IF NOT EXISTS {self.schema()}")

    def schema(self) -> str:
        return "parity"

    def close(self) -> None:
        """Leave."""
        self._runner.run(self._connection.close())
        self._runner.close()

    def load(self, table: Table, name: str) -> None:
        self._execute(
            f"CREATE TABLE {self.schema()}.{name} {listed([_definition(c) for c in table.rows.schema])}"
        )
        copy = self._connection.copy_records_to_table(
            name, schema_name=self.schema(), records=table.rows.rows
        )
        self._runner.run(copy)

    def drop(self, name: str) -> None:
        self._execute(f"DROP TABLE {self.schema()}.{name}")

    def run(self, statement: Statement, columns: Schema) -> list[Row]:
        try:
            records = self._runner.run(self._fetch(statement.sql))
        except asyncpg.PostgresError as refused:
            raise EngineError(f"{type(refused).__name__}: {refused}") from refused
        return [
            tuple(_value(cell, column) for cell, column in zip(record, columns, strict=True))
            for record in records
        ]

    async def _fetch(self, sql: str) -> list[Any]:
        async with self._connection.transaction(readonly=True):
            return list(await self._connection.fetch(sql))

    def _execute(self, sql: str) -> None:
        self._runner.run(self._connection.execute(sql))


def _definition(column: Column) -> str:
    kind = column.type.kind
    text = f"numeric({column.type.precision}, {column.type.scale})" if kind == "decimal" else TYPES[kind]
    return f"{quoted(column.name, chr(34))} {text}{'' if column.nullable else ' NOT NULL'}"


def _value(cell: Any, column: Column) -> Any:
    """asyncpg already gives Python's types; numeric may come where int64 or a decimal is declared."""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC)
    if cell is None or column.type.kind not in ("int64", "decimal"):
        return cell
    return int(cell) if column.type.kind == "int64" else Decimal(cell)
