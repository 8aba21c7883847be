"""The gateway's own errors as RFC 9457 problem documents, like those of the functions."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from flowforge.errors import FlowForgeError
from flowforge.trace import Trace


def problem(
    error: FlowForgeError, path: str, trace: Trace, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The answer for an error; ``path`` is the request's."""
    members = error.problem() | {"instance": path, "trace_id": trace.trace_id}
    return web.Response(
        body=json.dumps(members).encode(),
        status=error.status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", "X-Request-Id": trace.trace_id, **(headers or {})},
    )
