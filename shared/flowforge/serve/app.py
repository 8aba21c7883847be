"""The ASGI app around every function: health, Host check, trace, access log, lifespan."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.metrics import IN_FLIGHT, REQUEST_SECONDS, REQUESTS
from flowforge.resources import close_all
from flowforge.serve.problem import problem
from flowforge.settings import settings
from flowforge.trace import Trace, collector, continue_trace, current_tenant, current_trace, spans

if TYPE_CHECKING:
    from flowforge.serve.function import Function

log = logging.getLogger("flowforge.access")

EVENTS_PATH = "/_events"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SWITCH_SECONDS = 0.005
"""Between threads; Python's own default, which starting makes shorter."""
REST_SECONDS, MOST_RESTS = 0.2, 5
"""A process in which nobody waits for an answer after this long is at rest; it is not waited for more often."""
SETTLED_SECONDS = 1.0
"""After loading: by then a request that waited for it has imported what it alone needs."""
_PORT = re.compile(r":\d+$")


def create_app(source: Path, target: str | None = None) -> ASGIApp:
    """The app of ``functions/<name>/main.py``; ``target`` defaults to the folder's name.

    The function is loaded right after the server has begun to listen, so that ``/healthz`` answers
    while the function is still being imported; ``/readyz`` waits for that.
    """
    name = target or source.resolve().parent.name.replace("-", "_")
    return Served(partial(_load, source, name))


def _load(source: Path, name: str) -> Function:
    from flowforge.serve.hosting import load_target  # loads models and routes: after the server listens

    return load_target(source, name)


class Served:
    """ASGI middleware for one function; ``load`` imports it, once, in a thread."""

    def __init__(self, load: Callable[[], Function]) -> None:
        self._load = load
        self._loading: asyncio.Task[Function] | None = None
        self._function: Function | None = None
        self._beginning: asyncio.Future[None] | None = None
        self._hosts = frozenset(host.strip().lower() for host in settings().allowed_hosts.split(","))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._websocket(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        current_trace.set(continue_trace(headers.get(b"traceparent", b"").decode("latin-1")))
        current_tenant.set(None)
        sockets = (self._function or await self._loaded()).socket_app
        if self._misdirected(headers) is not None or sockets is None:
            await _refuse_websocket(receive, send)
            return
        started = time.perf_counter()
        await sockets(scope, receive, send)
        ms = round((time.perf_counter() - started) * 1000, 2)
        log.info("WebSocket %s", scope["path"], extra={"ms": ms})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in ("/healthz", "/readyz"):
            if scope["path"] == "/readyz":
                await self._loaded()
            await PlainTextResponse("ok")(scope, receive, send)
            return
        if scope["path"] == "/metrics":
            await _metrics(scope, receive, send)
            return
        started, began = time.perf_counter(), time.time_ns()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        trace = continue_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        current_trace.set(trace)
        current_tenant.set(None)
        status = 0
        matched: list[str] = []
        scope["flowforge.matched"] = matched

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_added_headers(trace)]
            await send(message)

        refusal = self._refusal(scope, headers)
        IN_FLIGHT.add()
        try:
            if refusal is not None:
                await problem(refusal, scope["path"])(scope, receive, sending)
            else:
                function = self._function or await self._loaded()
                await function.app(scope, receive, sending)
        finally:
            IN_FLIGHT.add(amount=-1)
            self._answered(scope, matched, status, time.perf_counter() - started, began, trace)

    def _answered(
        self, scope: Scope, matched: list[str], status: int, seconds: float, began: int, trace: Trace
    ) -> None:
        """Log, count and trace a request; ``status`` 0: it broke off before an answer."""
        ms = round(seconds * 1000, 2)
        # What the mesh delivered and was handled is counted and traced; a line for each of a thousand a second
        # would cost a tenth of handling them, and bury the others.
        level = logging.DEBUG if status == 204 and scope["path"] == EVENTS_PATH else logging.INFO
        log.log(level, "%s %s %d", scope["method"], scope["path"], status, extra={"status": status, "ms": ms})
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = matched[0] if matched else "none"
        REQUESTS.add(method, route, str(status))
        REQUEST_SECONDS.observe(seconds, method, route)
        attributes = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "flowforge.tenant": current_tenant.get() or "",
        }
        error = str(status) if status >= 500 or not status else None
        spans.finished(f"{method} {route}", "server", trace, began, attributes, error)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> FlowForgeError | None:
        if (misdirected := self._misdirected(headers)) is not None:
            return misdirected
        if not scope["path"].isprintable():  # no route has a line break, whatever a pattern says
            return FlowForgeError(ErrorCode.NOT_FOUND, "There is nothing at this path.")
        if scope["method"] not in METHODS:
            return FlowForgeError(ErrorCode.METHOD_NOT_ALLOWED, f"{scope['method']} is not offered here.")
        return None

    def _misdirected(self, headers: dict[bytes, bytes]) -> FlowForgeError | None:
        host = _PORT.sub("", headers.get(b"host", b"").decode("latin-1").lower())
        if "*" not in self._hosts and host not in self._hosts:
            return FlowForgeError(
                ErrorCode.MISDIRECTED,
                f"Host {host!r} is not served here.",
                field="Host",
                hint="Add it to FLOWFORGE_ALLOWED_HOSTS.",
            )
        return None

    async def _loaded(self) -> Function:
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        self._function = await asyncio.shield(self._loading)
        return self._function

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message: Any = await receive()
            if message["type"] == "lifespan.startup":
                await _export_spans()
                await send({"type": "lifespan.startup.complete"})
                asyncio.get_running_loop().call_soon(self._begin_loading)
            elif message["type"] == "lifespan.shutdown":
                await close_all()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _begin_loading(self) -> None:
        """A function that cannot be loaded can answer nothing: the process says why and leaves."""
        self._beginning = asyncio.ensure_future(self._begin())
        self._beginning.add_done_callback(_leave_on_failure)

    async def _begin(self) -> None:
        function = await self._loaded()
        from flowforge.serve import outbox  # loads the metadata's client: after the server listens

        importing = asyncio.create_task(asyncio.to_thread(_import, function.soon))
        await outbox.start()
        for begin in function.beginnings:
            await begin()
        await importing
        if function.at_rest:
            await _at_rest()
            await asyncio.to_thread(_import, function.at_rest)
        asyncio.get_running_loop().call_later(SETTLED_SECONDS, _settle)


async def _export_spans() -> None:
    if collector() is not None:
        from flowforge.serve import telemetry  # only where somebody asked for it

        await telemetry.exporter()


async def _at_rest() -> None:
    for _ in range(MOST_RESTS):
        await asyncio.sleep(REST_SECONDS)
        if not IN_FLIGHT.values.get(()):
            return


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        import_module(module)


def _settle() -> None:
    """What was loaded stays until the end: the collector, off since the start, need not look at it again."""
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(SWITCH_SECONDS)


def _leave_on_failure(task: asyncio.Future[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.critical("The function cannot be loaded", exc_info=failure)
        signal.raise_signal(signal.SIGTERM)


async def _metrics(scope: Scope, receive: Receive, send: Send) -> None:
    from flowforge.serve.exposition import MEDIA_TYPE, exposition  # loads the metrics' client library

    await Response(exposition(), headers={"content-type": MEDIA_TYPE})(scope, receive, send)


def _added_headers(trace: Trace) -> list[tuple[bytes, bytes]]:
    return [
        (b"x-request-id", trace.trace_id.encode()),
        (b"traceparent", trace.traceparent.encode()),
        (b"x-content-type-options", b"nosniff"),
    ]


async def _refuse_websocket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "This function has no WebSocket."})
