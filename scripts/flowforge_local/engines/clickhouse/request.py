"""One request, taken apart into statement text, settings, parameters, and what concerns the answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flowforge_local.engines.clickhouse.errors import BAD_ARGUMENTS, NOT_IMPLEMENTED, ClickHouseError

TRANSPORT = frozenset(
    {
        "add_http_cors_header",
        "buffer_size",
        "cancel_http_readonly_queries_on_client_close",
        "client_protocol_version",
        "compress",
        "database",
        "decompress",
        "default_format",
        "enable_http_compression",
        "http_headers_progress_interval_ms",
        "http_wait_end_of_query",
        "log_comment",
        "password",
        "query",
        "query_id",
        "quota_key",
        "role",
        "send_progress_in_http_headers",
        "session_check",
        "session_id",
        "session_timeout",
        "user",
        "wait_end_of_query",
    }
)
"""URL parameters that are about the exchange and not settings of the engine. ``log_comment`` is
among them because it carries the query id; a client that goes away always cancels its read."""


@dataclass(frozen=True)
class Request:
    """What a client asked, before its body is read."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case; the last of repeated ones."""
    query: str
    """Text of the URL parameter ``query``; the body follows it."""
    query_id: str
    database: str
    default_format: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    """Values of ``{name:Type}`` in the statement, from ``param_<name>``."""
    session_id: str
    session_timeout: float
    buffered: bool
    """Whether the whole answer is held back until the statement has ended."""
    compressed: bool
    """Whether the answer may use a coding of Accept-Encoding."""


def parse(scope: Mapping[str, Any]) -> Request:
    """Read an ASGI scope.

    Raises:
        ClickHouseError: a parameter is malformed or asks for what this server does not have.

    """
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    pairs = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    for name in ("compress", "decompress"):
        if _true(pairs.get(name, "0")):
            raise ClickHouseError(
                NOT_IMPLEMENTED,
                f"{name}=1 (blocks of the native protocol) is not supported; use HTTP content codings",
            )
    if headers.get("content-type", "").startswith("multipart/form-data"):
        raise ClickHouseError(NOT_IMPLEMENTED, "multipart/form-data (external tables) is not supported")
    timeout = pairs.get("session_timeout", "60")
    if not timeout.isdigit():
        raise ClickHouseError(BAD_ARGUMENTS, f"Invalid session timeout: '{timeout}'")
    return Request(
        method=scope["method"],
        path=scope["path"],
        headers=headers,
        query=pairs.get("query", ""),
        query_id=pairs.get("query_id") or str(uuid.uuid4()),
        database=pairs.get("database") or headers.get("x-clickhouse-database") or "default",
        default_format=pairs.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated",
        settings={
            name: value
            for name, value in pairs.items()
            if name not in TRANSPORT and not name.startswith("param_")
        },
        parameters={
            name.removeprefix("param_"): value for name, value in pairs.items() if name.startswith("param_")
        },
        session_id=pairs.get("session_id", ""),
        session_timeout=float(min(int(timeout), 3600)),
        buffered=_true(pairs.get("wait_end_of_query", "0"))
        or _true(pairs.get("http_wait_end_of_query", "0")),
        compressed=_true(pairs.get("enable_http_compression", "0")),
    )


def _true(value: str) -> bool:
    return value.lower() in ("1", "true")
