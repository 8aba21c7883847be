"""ClickHouse over HTTP: the engine's own JSON, CSV and Arrow bytes are passed through."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from secrets import token_hex
from typing import TYPE_CHECKING, Literal

import orjson

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.resources import resource
from flowforge.settings import settings
from flowforge.stores.csv import defuse
from flowforge.stores.digits import beyond_type
from flowforge.stores.failures import clickhouse_failure, failure, unavailable
from flowforge.stores.http import HttpPool, HttpResponse
from flowforge.stores.limits import Limits
from flowforge.stores.rows import Rows
from flowforge.stores.share import engine_settings
from flowforge.trace import trace_id
from flowforge.types import Schema

if TYPE_CHECKING:
    from flowforge.compiler import Statement

log = logging.getLogger(__name__)

ExportFormat = Literal["csv", "arrow"]
FORMATS: Mapping[str, str] = {"csv": "CSVWithNames", "arrow": "ArrowStream"}

WIRE: Mapping[str, str] = {
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "1",
    "output_format_json_quote_decimals": "1",
    "output_format_json_quote_denormals": "0",  # NaN and ±Inf become null
    "output_format_json_escape_forward_slashes": "0",
    "format_csv_null_representation": "",
    "output_format_arrow_string_as_string": "1",
    "output_format_arrow_compression_method": "none",
    "output_format_arrow_low_cardinality_as_dictionary": "0",
}
"""How values look on the wire (API.md)."""

GRANULE_ROWS = 8192
"""``index_granularity``: what is read at least. Parts end in smaller granules, whose size tells of others."""

Place = tuple[str, str]
"""(schema, table) inside the store."""

SMALL_INTEGER = re.compile(r"\bU?Int(8|16|32)\b")
_EXCEPTION = re.compile(rb"(?:^|\n|__exception__\r?\n)Code: (\d+)\. DB::Exception")


@resource
async def clickhouse() -> HttpPool:
    """The process's connections to ClickHouse."""
    return HttpPool(settings().clickhouse_url.get_secret_value())


async def read(statement: Statement, limits: Limits, columns: Schema) -> Rows:
    """A page of rows. ``StoreError`` names the limit that was met, never the engine's words."""
    chunks = _run(statement.sql, "JSONCompactEachRowWithNamesAndTypes", limits, statement.settings, True)
    body = b"".join([chunk async for chunk in chunks])
    _names, _, rest = body.partition(b"\n")
    types, _, lines = rest.partition(b"\n")
    if (column := beyond_type(lines, columns)) is not None:
        log.warning("%s holds a decimal beyond its type", column)
        raise failure(ErrorCode.NUMERIC_OVERFLOW, limits)
    return Rows(_with_quoted_integers(lines, orjson.loads(types or b"[]"), columns))


async def export(
    statement: Statement, limits: Limits, columns: Schema, export_format: ExportFormat
) -> AsyncGenerator[bytes, None]:
    """The whole result, streamed; a failure in the middle raises, so that no part passes for the whole."""
    chunks = _run(statement.sql, FORMATS[export_format], limits, statement.settings, False)
    async with aclosing(defuse(chunks) if export_format == "csv" else chunks) as pieces:
        async for piece in pieces:
            yield piece


async def estimate(statement: Statement, limits: Limits) -> dict[Place, int]:
    """Rows that the planner would read, by table, in whole granules; nothing is read."""
    sql = f"EXPLAIN ESTIMATE {statement.sql}"
    chunks = _run(sql, "JSONCompactEachRow", limits, statement.settings, True)
    found: dict[Place, int] = {}
    for line in b"".join([chunk async for chunk in chunks]).splitlines():
        schema, table, _parts, _rows, marks = orjson.loads(line)
        found[schema, table] = found.get((schema, table), 0) + int(marks) * GRANULE_ROWS
    return found


async def query_own(sql: str, limits: Limits) -> list[list[str]]:
    """Rows of one of our own constant queries on ``system`` tables (never of a user's plan)."""
    chunks = _run(sql, "JSONCompactEachRow", limits, {}, True)
    return [orjson.loads(line) for line in b"".join([chunk async for chunk in chunks]).splitlines()]


async def _run(
    sql: str, output: str, limits: Limits, plan_settings: Mapping[str, str | int], buffered: bool
) -> AsyncGenerator[bytes, None]:
    query_id = f"flowforge-{trace_id()}-{token_hex(4)}"
    parameters = {
        **WIRE,
        "query_id": query_id,
        "default_format": output,
        "max_execution_time": f"{limits.seconds:g}",
        "max_memory_usage": str(limits.memory_bytes),
        "max_rows_to_read": str(limits.rows_read or 0),
        "cancel_http_readonly_queries_on_client_close": "1",
        **engine_settings(),
        **{name: str(value) for name, value in plan_settings.items()},
    }
    if buffered:  # small answers: an error found late still gets its own status
        parameters["wait_end_of_query"] = "1"
    pool = await clickhouse()
    try:
        async with pool.post(parameters, sql.encode()) as response:
            await _raise_for_status(response, query_id, limits)
            tail = b""
            async for piece in response:
                tail = (tail + piece)[-8192:]
                if not buffered and (found := _EXCEPTION.search(tail)):
                    raise clickhouse_failure(int(found[1]), tail.decode(errors="replace"), query_id, limits)
                yield piece
    except OSError as gone:
        raise unavailable("clickhouse", gone) from gone


async def _raise_for_status(response: HttpResponse, query_id: str, limits: Limits) -> None:
    code = response.headers.get("x-clickhouse-exception-code")
    if response.status == 200 and code is None:
        return
    text = (await response.read()).decode(errors="replace")
    found = _EXCEPTION.search(text.encode())
    number = int(code) if code and code.isdigit() else int(found[1]) if found else 0
    error: FlowForgeError = clickhouse_failure(number, text, query_id, limits)
    raise error


def _with_quoted_integers(lines: bytes, types: Sequence[str], columns: Schema) -> bytes:
    """int64 travels as text: the engine quotes its 64-bit integers, the smaller ones are quoted here."""
    small = [
        index
        for index, (engine_type, column) in enumerate(zip(types, columns, strict=True))
        if column.type.kind == "int64" and SMALL_INTEGER.search(engine_type)
    ]
    if not small:
        return lines
    rows = [orjson.loads(line) for line in lines.splitlines()]
    for row in rows:
        for index in small:
            if row[index] is not None:
                row[index] = str(row[index])
    return b"\n".join(orjson.dumps(row) for row in rows)
