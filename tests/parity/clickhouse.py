"""ClickHouse over HTTP: tables are made by ``admin``, statements run as the read-only ``app``."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from flowforge import catalog
from flowforge.compiler import Statement
from flowforge.stores.digits import beyond_type
from flowforge.types import Column, Schema
from oracle.relation import Row
from oracle.strategies.nodes import wire
from oracle.strategies.tables import Table
from parity.engine import EngineError, listed, quoted

TYPES: Mapping[str, str] = {
    "string": "String",
    "int64": "Int64",
    "float64": "Float64",
    "date": "Date32",
    "datetime": "DateTime64(9, 'UTC')",
    "boolean": "Bool",
}

IDLE_SECONDS = 15
"""How long a connection is kept without use; the server ends it after 30 s."""

OUTPUT = {
    "default_format": "JSONCompactEachRow",
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "1",
    "output_format_json_quote_decimals": "1",
    "output_format_json_quote_denormals": "1",
    "wait_end_of_query": "1",
}

READ: Mapping[str, Callable[[Any], Any]] = {
    "string": str,
    "int64": int,
    "float64": float,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(_microseconds(text)).astimezone(UTC),
    "boolean": bool,
}


def _microseconds(text: str) -> str:
    whole, _, digits = text.rstrip("Z").partition(".")
    assert not digits[6:].strip("0"), f"{text} is finer than any value that went in"
    return f"{whole}.{digits[:6]:0<6}+00:00"


class ClickHouse:
    """One connection for each of the two users."""

    store: catalog.Store = "clickhouse"

    def __init__(self, admin_url: str, app_url: str) -> None:
        self._admin, self._app = _Connection(admin_url), _Connection(app_url)
        self._admin.post(f"CREATE DATABASE IF NOT EXISTS {self.schema()}", {})

    def schema(self) -> str:
        return "flowforge"

    def load(self, table: Table, name: str) -> None:
        columns = listed([_definition(column) for column in table.rows.schema])
        self._admin.post(
            f"CREATE TABLE {self.schema()}.{name} {columns} ENGINE = MergeTree ORDER BY tuple()", {}
        )
        if table.rows.rows:
            lines = "\n".join(json.dumps([wire(cell) for cell in row]) for row in table.rows.rows)
            settings = {"date_time_input_format": "best_effort"}
            self._admin.post(
                f"INSERT INTO {self.schema()}.{name} FORMAT JSONCompactEachRow\n{lines}", settings
            )

    def drop(self, name: str) -> None:
        self._admin.post(f"DROP TABLE {self.schema()}.{name} SYNC", {})

    def run(self, statement: Statement, columns: Schema) -> list[Row]:
        settings = {**OUTPUT, **{name: str(value) for name, value in statement.settings.items()}}
        body = self._app.post(statement.sql, settings)
        if (column := beyond_type(body.encode(), columns)) is not None:  # as the product reads it
            raise EngineError(f"{column} is beyond its type")
        return [_row(json.loads(line), columns) for line in body.splitlines()]


def _definition(column: Column) -> str:
    kind = column.type.kind
    text = f"Decimal({column.type.precision}, {column.type.scale})" if kind == "decimal" else TYPES[kind]
    text = f"Nullable({text})" if column.nullable else text
    return f"{quoted(column.name, '`')} {f'LowCardinality({text})' if column.name == 'symbol' else text}"


def _row(cells: list[Any], columns: Schema) -> Row:
    return tuple(
        None if cell is None else READ[column.type.kind](cell)
        for cell, column in zip(cells, columns, strict=True)
    )


class _Connection:
    """A kept HTTP connection; values never leave the loopback interface."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port)
        secret = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
        self._headers = {"Authorization": f"Basic {base64.b64encode(secret).decode()}"}
        self._used = time.monotonic()

    def post(self, sql: str, settings: Mapping[str, str]) -> str:
        """The answer's body; ``EngineError`` with the engine's message if it is not 200."""
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()  # the next request opens it again
        self._used = time.monotonic()
        self._connection.request("POST", f"/?{urlencode(settings)}", sql.encode(), self._headers)
        response = self._connection.getresponse()
        body = response.read().decode()
        if response.status != 200:
            raise EngineError(body.strip())
        return body
