"""What both engines share: a table of a case in an engine, a statement run, rows in oracle values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from flowforge import catalog
from flowforge.compiler import Statement
from flowforge.types import Schema
from oracle.relation import Row
from oracle.strategies.tables import Table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EngineError(Exception):
    """The engine refused the statement; carries its own words, for the report of a failing case."""


class ParityEngine(Protocol):
    """A running engine."""

    store: catalog.Store

    def load(self, table: Table, name: str) -> None:
        """Make the table under this physical name and fill it."""

    def drop(self, name: str) -> None:
        """Take it away."""

    def run(self, statement: Statement, columns: Schema) -> list[Row]:
        """The statement's rows; ``EngineError`` where the engine fails."""

    def schema(self) -> str:
        """Name of the schema (or database) that the tables are made in."""


def described(engine: ParityEngine, table: Table, name: str) -> catalog.Table:
    """The catalogue's entry of a loaded table."""
    times = _times(table)
    return catalog.Table(
        database=table.database,
        name=table.name,
        store=engine.store,
        columns=table.rows.schema,
        protection=catalog.Protection("symbol", "symbol"),
        physical=(engine.schema(), name),
        trade_order=table.trade_order,
        adjustable=table.rows.adjustable,
        prewhere=table.prewhere and engine.store == "clickhouse",
        datetime64=frozenset(times),
        since_1970=frozenset(name for name, values in times.items() if all(each >= EPOCH for each in values)),
    )


def _times(table: Table) -> dict[str, list[datetime]]:
    """The datetime columns and their values."""
    return {
        column.name: [row[index] for row in table.rows.rows if row[index] is not None]
        for index, column in enumerate(table.rows.schema)
        if column.type.kind == "datetime"
    }


def quoted(name: str, quote: str) -> str:
    """A name of DDL; ClickHouse, whose quote is the backtick, also reads backslashes in it."""
    escaped = name.replace("\\", "\\\\") if quote == "`" else name
    return f"{quote}{escaped.replace(quote, 2 * quote)}{quote}"


def listed(columns: Sequence[Any]) -> str:
    """Definitions in parentheses."""
    return f"({', '.join(columns)})"
