"""The ASGI app around every function: health, Host check, trace, access log, lifespan.

functions-framework hosts the function itself (``create_asgi_app``); nothing here depends on which.
"""

from __future__ import annotations

import logging
import re
import time
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.resources import close_all
from flowforge.serve.problem import problem
from flowforge.settings import settings
from flowforge.trace import Trace, continue_trace, current_tenant, current_trace

log = logging.getLogger("flowforge.access")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PORT = re.compile(r":\d+$")


def create_app(source: Path, target: str | None = None) -> ASGIApp:
    """The app of ``functions/<name>/main.py``; ``target`` defaults to the folder's name.

    Raises ``functions_framework.exceptions.MissingSourceException`` or ``MissingTargetException``.
    """
    from functions_framework.aio import create_asgi_app

    name = target or source.resolve().parent.name.replace("-", "_")
    return Served(create_asgi_app(target=name, source=str(source)))  # type: ignore[no-untyped-call]


class Served:
    """ASGI middleware for one function."""

    def __init__(self, function: ASGIApp) -> None:
        self._function = function
        self._hosts = frozenset(host.strip().lower() for host in settings().allowed_hosts.split(","))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await _refuse_websocket(receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in ("/healthz", "/readyz"):
            await PlainTextResponse("ok")(scope, receive, send)
            return
        started = time.perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        trace = continue_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        current_trace.set(trace)
        current_tenant.set(None)
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_added_headers(trace)]
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await problem(refusal, scope["path"])(scope, receive, sending)
        else:
            await self._function(scope, receive, sending)
        log.info(
            "%s %s %d",
            scope["method"],
            scope["path"],
            status,
            extra={"status": status, "ms": round((time.perf_counter() - started) * 1000, 2)},
        )

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> FlowForgeError | None:
        host = _PORT.sub("", headers.get(b"host", b"").decode("latin-1").lower())
        if "*" not in self._hosts and host not in self._hosts:
            return FlowForgeError(
                ErrorCode.INVALID_REQUEST,
                f"Host {host!r} is not served here.",
                field="Host",
                hint="Add it to FLOWFORGE_ALLOWED_HOSTS.",
            )
        if scope["method"] not in METHODS:
            return FlowForgeError(ErrorCode.METHOD_NOT_ALLOWED, f"{scope['method']} is not offered here.")
        return None


def _added_headers(trace: Trace) -> list[tuple[bytes, bytes]]:
    return [
        (b"x-request-id", trace.trace_id.encode()),
        (b"traceparent", trace.traceparent.encode()),
        (b"x-content-type-options", b"nosniff"),
    ]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await close_all()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _refuse_websocket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "This function has no WebSocket."})
