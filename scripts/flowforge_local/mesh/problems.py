"""The gateway's own errors as RFC 9457 problem documents, like those of the functions."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from flowforge.errors import FlowForgeError
from flowforge.trace import Trace

MEDIA_TYPE = "application/problem+json"


def problem(
    error: FlowForgeError, path: str, trace: Trace, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The answer for an error; ``path`` is the request's."""
    return web.Response(
        body=document(error, path, trace),
        status=error.status,
        content_type=MEDIA_TYPE,
        headers={**about(trace), **(headers or {})},
    )


def document(error: FlowForgeError, path: str, trace: Trace) -> bytes:
    """The body of such an answer."""
    return json.dumps(error.problem() | {"instance": path, "trace_id": trace.trace_id}).encode()


def about(trace: Trace) -> dict[str, str]:
    """The headers that each such answer has."""
    return {"Cache-Control": "no-store", "X-Request-Id": trace.trace_id}
