"""Every error as RFC 9457 ``application/problem+json``."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.trace import trace_id

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_HTTP = {404: ErrorCode.NOT_FOUND, 405: ErrorCode.METHOD_NOT_ALLOWED, 413: ErrorCode.BODY_TOO_LARGE}


def problem(error: FlowForgeError, instance: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response for an error; ``instance`` is the request's path."""
    members = error.problem() | {"instance": instance, "trace_id": trace_id()}
    return Response(
        orjson.dumps(members),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", **(headers or {})},
    )


def problem_of(error: Exception, instance: str) -> Response:
    """The response for any exception; what is not ours is logged whole and answered as ``internal``."""
    if isinstance(error, FlowForgeError):
        if error.status >= 500:
            log.error("%s: %s", error.code.value, error.detail, exc_info=error)
        return problem(error, instance, _headers(error))
    if isinstance(error, HTTPException):
        code = _HTTP.get(error.status_code, ErrorCode.INVALID_REQUEST)
        detail = f"There is nothing at {instance}." if code is ErrorCode.NOT_FOUND else error.detail
        return problem(FlowForgeError(code, detail), instance, error.headers)
    log.error("Unexpected error at %s", instance, exc_info=error)
    return problem(
        FlowForgeError(
            ErrorCode.INTERNAL,
            "Something went wrong on our side.",
            hint="Try again; if it persists, report the trace id.",
        ),
        instance,
    )


def _headers(error: FlowForgeError) -> Mapping[str, str]:
    if error.status == 401:
        return {"www-authenticate": "Bearer"}
    return {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
