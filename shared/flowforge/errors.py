"""Every error a user can meet, as one exception with a code from one enum.

    FlowForgeError            carries code, status and the place: node, field, column, position
      GraphError              the graph, a node's configuration or a formula is wrong (422)
      AccessError             who is asking, or what they may see (401, 403, 404)
      StoreError              an engine refused, ran into a limit or is away (4xx, 503)

``StoreError`` never carries an engine's own text: that goes to the log, because it can quote
values of other tenants (SECURITY: the guard must also be first).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ErrorCode(StrEnum):
    """Machine-readable cause of a problem; the wire value is stable, the message is not."""

    # request
    BAD_JSON = "bad_json"
    INVALID_REQUEST = "invalid_request"
    BODY_TOO_LARGE = "body_too_large"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    PRECONDITION_REQUIRED = "precondition_required"
    UPGRADE_REQUIRED = "upgrade_required"
    PRECONDITION_FAILED = "precondition_failed"
    RATE_LIMITED = "rate_limited"
    # access
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    # graph
    GRAPH_TOO_LARGE = "graph_too_large"
    DUPLICATE_NODE = "duplicate_node"
    UNKNOWN_NODE = "unknown_node"
    UNKNOWN_NODE_TYPE = "unknown_node_type"
    CYCLE = "cycle"
    MISSING_INPUT = "missing_input"
    TOO_MANY_INPUTS = "too_many_inputs"
    INVALID_CONFIG = "invalid_config"
    UNKNOWN_PARAMETER = "unknown_parameter"
    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_COLUMN = "unknown_column"
    DUPLICATE_COLUMN = "duplicate_column"
    TYPE_MISMATCH = "type_mismatch"
    UNSUPPORTED_IN_STORE = "unsupported_in_store"
    OFFSET_TOO_LARGE = "offset_too_large"
    # formula
    FORMULA_SYNTAX = "formula_syntax"
    FORMULA_TOO_LONG = "formula_too_long"
    FORMULA_TOO_DEEP = "formula_too_deep"
    UNKNOWN_FUNCTION = "unknown_function"
    WRONG_ARGUMENTS = "wrong_arguments"
    # execution
    PLAN_NOT_VERIFIED = "plan_not_verified"
    QUERY_TIMEOUT = "query_timeout"
    QUERY_MEMORY = "query_memory"
    QUERY_ROWS = "query_rows"
    QUERY_CANCELLED = "query_cancelled"
    NUMERIC_OVERFLOW = "numeric_overflow"
    QUERY_FAILED = "query_failed"
    STORE_UNAVAILABLE = "store_unavailable"
    # mesh
    MISDIRECTED = "misdirected"
    OVERLOADED = "overloaded"
    FUNCTION_FAILED = "function_failed"
    FUNCTION_TIMEOUT = "function_timeout"
    INTERNAL = "internal"


STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.BAD_JSON: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.CONFLICT: 409,
    ErrorCode.PRECONDITION_FAILED: 412,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.UPGRADE_REQUIRED: 426,
    ErrorCode.PRECONDITION_REQUIRED: 428,
    ErrorCode.MISDIRECTED: 421,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.QUERY_CANCELLED: 499,
    ErrorCode.PLAN_NOT_VERIFIED: 500,
    ErrorCode.INTERNAL: 500,
    ErrorCode.QUERY_FAILED: 502,
    ErrorCode.FUNCTION_FAILED: 502,
    ErrorCode.STORE_UNAVAILABLE: 503,
    ErrorCode.OVERLOADED: 503,
    ErrorCode.QUERY_TIMEOUT: 504,
    ErrorCode.FUNCTION_TIMEOUT: 504,
}
"""HTTP status by code; every code that is not listed answers 422."""


class FlowForgeError(Exception):
    """A failure with a stable code, a sentence for people, and the place where it happened.

    ``detail`` quotes the offending value and ``hint`` says what to do. ``position`` is a 0-based
    character offset into the formula named by ``node_id``/``field``. ``retry_after`` are the seconds after
    which the same may succeed.
    """

    def __init__(
        self,
        code: ErrorCode,
        detail: str,
        *,
        node_id: str | None = None,
        field: str | None = None,
        column: str | None = None,
        position: int | None = None,
        hint: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.node_id = node_id
        self.field = field
        self.column = column
        self.position = position
        self.hint = hint
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """HTTP status that this error answers with."""
        return STATUS.get(self.code, 422)

    def at(self, node_id: str) -> FlowForgeError:
        """Name the node, unless a deeper layer already did. Returns ``self`` for ``raise … from``."""
        if self.node_id is None:
            self.node_id = node_id
        return self

    def problem(self) -> dict[str, Any]:
        """RFC 9457 members without ``instance`` and ``trace_id``, which only ``serve`` knows."""
        members: dict[str, Any] = {
            "type": f"https://flowforge.dev/problems/{self.code.value}",
            "title": self.code.value.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code.value,
        }
        for name in ("node_id", "field", "column", "position", "hint"):
            value = getattr(self, name)
            if value is not None:
                members[name] = value
        return members


class GraphError(FlowForgeError):
    """The graph, a node's configuration or a formula cannot mean anything; always 422."""


class AccessError(FlowForgeError):
    """The caller is unknown (401), lacks a role (403), or asks for what is not theirs (404)."""


class StoreError(FlowForgeError):
    """An engine refused, hit a limit or is unreachable. Never carries the engine's own words."""
