"""A small client of ClickHouse's HTTP interface: statements, rows as JSON, Arrow in.

Not clickhouse-connect, which the application uses: importing it takes longer than a second start of
the pipeline may, and a POST body is all that an Arrow insert needs.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from flowforge_pipeline.environment import clickhouse_url
from flowforge_pipeline.problems import PipelineError

if TYPE_CHECKING:
    import pyarrow as pa

TIMEOUT_SECONDS = 600.0
Settings = Mapping[str, str | int]


class ClickHouseError(PipelineError):
    """The engine refused a statement; ``code`` is ClickHouse's own number, 0 when unknown."""

    def __init__(self, reason: str, code: int = 0) -> None:
        super().__init__(reason)
        self.code = code


class ClickHouse:
    """One server. Each request has a connection of its own: a kept one may be closed under an import
    that reads files for longer than the server waits.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._timeout = timeout
        credentials = f"{unquote(parts.username or 'default')}:{unquote(parts.password or '')}"
        self._authorization = "Basic " + base64.b64encode(credentials.encode()).decode()

    @staticmethod
    def from_environment() -> ClickHouse:
        """The engine named by ``FLOWFORGE_CLICKHOUSE_ADMIN_URL``."""
        return ClickHouse(clickhouse_url())

    def execute(self, sql: str, settings: Settings | None = None) -> None:
        """Run a statement that answers nothing."""
        self._post({**(settings or {})}, sql.encode())

    def rows(self, sql: str, settings: Settings | None = None) -> list[dict[str, Any]]:
        """All rows of a SELECT; 64-bit integers and decimals arrive as strings, so nothing is rounded."""
        formats: dict[str, str | int] = {
            "default_format": "JSONEachRow",
            "output_format_json_quote_64bit_integers": 1,
            "output_format_json_quote_decimals": 1,
            "wait_end_of_query": 1,
        }
        body = self._post({**formats, **(settings or {})}, sql.encode())
        return [json.loads(line) for line in body.splitlines() if line]

    def insert(self, table: str, rows: pa.Table, settings: Settings | None = None) -> None:
        """Insert an Arrow table by column names, as one block where the settings say so."""
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as stream:
            stream.write_table(rows)
        columns = ", ".join(f"`{name}`" for name in rows.column_names)
        query = f"INSERT INTO {table} ({columns}) FORMAT ArrowStream"
        self._post({"query": query, **(settings or {})}, memoryview(sink.getvalue()))

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return kind(self._host, self._port, timeout=self._timeout)

    def _post(self, parameters: Mapping[str, str | int], body: bytes | memoryview) -> bytes:
        headers = {"Authorization": self._authorization, "Content-Type": "application/octet-stream"}
        try:
            with closing(self._connect()) as connection:
                connection.request("POST", "/?" + urlencode(parameters), body=body, headers=headers)
                response = connection.getresponse()
                answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise PipelineError(
                f"ClickHouse at {self._host}:{self._port} does not answer ({error or type(error).__name__}).",
                remedy="Is it running? `flowforge up` starts it.",
            ) from error
        if response.status != http.client.OK:
            code = response.headers.get("X-ClickHouse-Exception-Code", "0")
            text = answer.decode(errors="replace").strip()
            raise ClickHouseError(text, int(code) if code.isdigit() else 0)
        return answer


def literal(text: str) -> str:
    """``text`` as an SQL string literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
