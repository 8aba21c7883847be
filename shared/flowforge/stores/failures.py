"""From an engine's error to ours: a code and our own sentence; the original goes to the log only.

An engine's text can quote values of rows that the caller may not see (SECURITY.md, "the guard must
also be first"), so nothing of it is ever sent.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flowforge.errors import ErrorCode, StoreError
from flowforge.stores.limits import Limits

log = logging.getLogger(__name__)

CLICKHOUSE: Mapping[int, ErrorCode] = {
    69: ErrorCode.NUMERIC_OVERFLOW,  # ARGUMENT_OUT_OF_BOUND
    158: ErrorCode.QUERY_ROWS,  # TOO_MANY_ROWS
    159: ErrorCode.QUERY_TIMEOUT,  # TIMEOUT_EXCEEDED
    160: ErrorCode.QUERY_TIMEOUT,  # TOO_SLOW
    173: ErrorCode.QUERY_MEMORY,  # CANNOT_ALLOCATE_MEMORY
    202: ErrorCode.STORE_UNAVAILABLE,  # TOO_MANY_SIMULTANEOUS_QUERIES
    209: ErrorCode.STORE_UNAVAILABLE,  # SOCKET_TIMEOUT
    210: ErrorCode.STORE_UNAVAILABLE,  # NETWORK_ERROR
    241: ErrorCode.QUERY_MEMORY,  # MEMORY_LIMIT_EXCEEDED
    307: ErrorCode.QUERY_ROWS,  # TOO_MANY_BYTES
    394: ErrorCode.QUERY_CANCELLED,  # QUERY_WAS_CANCELLED
    395: ErrorCode.NUMERIC_OVERFLOW,  # FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: the compiler's own range check
    396: ErrorCode.QUERY_ROWS,  # TOO_MANY_ROWS_OR_BYTES
    407: ErrorCode.NUMERIC_OVERFLOW,  # DECIMAL_OVERFLOW
    516: ErrorCode.STORE_UNAVAILABLE,  # AUTHENTICATION_FAILED
}
"""https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp"""

POSTGRES: Mapping[str, ErrorCode] = {
    "08": ErrorCode.STORE_UNAVAILABLE,  # connection exceptions
    "22003": ErrorCode.NUMERIC_OVERFLOW,  # numeric_value_out_of_range
    "28": ErrorCode.STORE_UNAVAILABLE,  # invalid authorization
    "53200": ErrorCode.QUERY_MEMORY,  # out_of_memory
    "53300": ErrorCode.STORE_UNAVAILABLE,  # too_many_connections
    "57014": ErrorCode.QUERY_TIMEOUT,  # query_canceled, by statement_timeout
    "57P": ErrorCode.STORE_UNAVAILABLE,  # shutting down, or not up yet
}
"""https://www.postgresql.org/docs/current/errcodes-appendix.html, by code or by class."""


def clickhouse_failure(code: int, text: str, query_id: str, limits: Limits) -> StoreError:
    """The error for a ClickHouse exception code."""
    log.warning("ClickHouse refused %s: %s", query_id, text[:4000], extra={"engine_code": code})
    return failure(CLICKHOUSE.get(code, ErrorCode.QUERY_FAILED), limits)


def postgres_failure(sqlstate: str | None, original: BaseException, limits: Limits) -> StoreError:
    """The error for a PostgreSQL SQLSTATE."""
    log.warning("PostgreSQL refused a query", exc_info=original, extra={"engine_code": sqlstate})
    matching = (code for start, code in POSTGRES.items() if (sqlstate or "").startswith(start))
    return failure(next(matching, ErrorCode.QUERY_FAILED), limits)


def unavailable(store: str, original: BaseException) -> StoreError:
    """The error for an engine that does not answer."""
    log.warning("%s is out of reach", store, exc_info=original)
    return StoreError(
        ErrorCode.STORE_UNAVAILABLE, f"The store {store!r} is out of reach.", hint="Try again shortly."
    )


def failure(code: ErrorCode, limits: Limits) -> StoreError:
    """Our sentence for a code, with the limit that was met."""
    hint: str | None = None
    match code:
        case ErrorCode.QUERY_TIMEOUT:
            detail = f"The query did not finish within {limits.seconds:g} s."
            hint = "Filter earlier, or group before you sort."
        case ErrorCode.QUERY_MEMORY:
            detail = f"The query needs more than {limits.memory_bytes // 1_000_000} MB of memory."
            hint = "Filter earlier, or group by fewer distinct values."
        case ErrorCode.QUERY_ROWS:
            read = f"{limits.rows_read:,}" if limits.rows_read else "the allowed number of"
            detail, hint = f"The query would read more than {read} rows.", "Filter by symbol or time first."
        case ErrorCode.NUMERIC_OVERFLOW:
            detail = "A number became too large for its type."
            hint = "Divide before you multiply, or round intermediate results."
        case ErrorCode.QUERY_CANCELLED:
            detail = "The query was cancelled."
        case ErrorCode.STORE_UNAVAILABLE:
            detail, hint = "The store is overloaded or out of reach.", "Try again shortly."
        case _:
            code = ErrorCode.QUERY_FAILED
            detail = "The store could not run this query."
            hint = "Refresh the schema if a table has changed; otherwise report the trace id."
    return StoreError(code, detail, hint=hint)
