"""Everything behind the public port: the app, its configuration, health, and the functions' calls."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Mapping

from aiohttp import web

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.trace import Trace, continue_trace
from flowforge_local.mesh.embed_page import embed_headers, widget_of
from flowforge_local.mesh.headers import EVERYWHERE
from flowforge_local.mesh.health import Health
from flowforge_local.mesh.problems import problem
from flowforge_local.mesh.proxy import Proxy
from flowforge_local.mesh.revision import Revision
from flowforge_local.mesh.routing import Matched, RouteTable
from flowforge_local.mesh.static import StaticFiles

log = logging.getLogger("flowforge.gateway")

HEALTH = "/api/v1/health"
READS = frozenset({"GET", "HEAD"})
MAX_HEADER_BYTES = 32_768
"""Of one header. A token that is too long is for its reader to refuse: the HTTP parser's refusal is no problem document."""
# A function decodes the path once more: these would make it see another path than was routed.
AMBIGUOUS = re.compile(r"%2f|%5c|%00|\\|/\.{1,2}(/|$)|/%2e", re.IGNORECASE)
_PORT = re.compile(r":\d+$")


class Gateway:
    """The public application; ``app`` is what aiohttp serves."""

    def __init__(
        self,
        *,
        routes: RouteTable,
        revisions: Mapping[str, Revision],
        proxy: Proxy,
        static: StaticFiles,
        health: Health,
        config: Mapping[str, object],
        allowed_hosts: frozenset[str],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ready = ready
        self._routes = routes
        self._revisions = revisions
        self._proxy = proxy
        self._static = static
        self._health = health
        self._config = json.dumps(config).encode()
        self._hosts = allowed_hosts
        # Bodies are streamed and counted by the proxy; aiohttp's own limit would only hide that.
        self.app = web.Application(client_max_size=0)
        self.app.router.add_route("*", "/{path:.*}", self._handle)
        self.app.on_response_prepare.append(_add_headers)

    def runner(self, shutdown_seconds: float) -> web.AppRunner:
        """What serves ``app``: a request ends with its client; running ones get so long when it stops."""
        return web.AppRunner(
            self.app,
            handler_cancellation=True,
            access_log=None,
            shutdown_timeout=shutdown_seconds,
            max_field_size=MAX_HEADER_BYTES,
        )

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        trace = continue_trace(request.headers.get("traceparent"))
        status: int | str = "gone"
        try:
            response = await self._answer(request, trace)
            status = response.status
        except FlowForgeError as error:
            response = problem(error, request.path, trace, _extra_headers(error))
            status = response.status
        except Exception:
            log.exception("%s %s failed in the gateway", request.method, request.path)
            failure = FlowForgeError(ErrorCode.INTERNAL, "The gateway failed.", hint="Its log is mesh.log.")
            response = problem(failure, request.path, trace)
            status = response.status
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            log.info(
                "%s %s %s %.1f ms %s", request.method, request.path, status, milliseconds, trace.trace_id
            )
        return response

    async def _answer(self, request: web.Request, trace: Trace) -> web.StreamResponse:
        self._check_host(request)
        path = request.raw_path.partition("?")[0]
        if not path.startswith("/") or AMBIGUOUS.search(path):
            raise _not_found(request)
        if request.method in READS:
            own = await self._own(request, path)
            if own is not None:
                return own
        match self._routes.match(request.method, path):
            case Matched(service):
                return await self._proxy.forward(request, self._revisions[service], trace)
            case None if path in (HEALTH, "/config.json", "/"):
                return _wrong_method(request, trace, ("GET", "HEAD"))
            case None:
                raise _not_found(request)
            case wrong:
                return _wrong_method(request, trace, wrong.allow)

    async def _own(self, request: web.Request, path: str) -> web.StreamResponse | None:
        if path == HEALTH:
            return await self._health.answer()
        if path == "/healthz" or (path == "/readyz" and self._ready()):
            return web.Response(text="ok")
        if path == "/readyz":
            return web.Response(status=503, text="starting")
        if path == "/config.json":
            headers = {"Cache-Control": "no-store"}
            return web.Response(body=self._config, content_type="application/json", headers=headers)
        if path.startswith(("/api/", "/ws/")):
            return None
        widget = widget_of(path)
        if widget is not None:
            return await self._static.page(request, await embed_headers(widget, request.query.get("k")))
        return await self._static.answer(request)

    def _check_host(self, request: web.Request) -> None:
        host = _PORT.sub("", request.headers.get("Host", "").lower())
        if host not in self._hosts:
            raise FlowForgeError(
                ErrorCode.MISDIRECTED,
                f"Host {host[:100]!r} is not served here.",
                field="Host",
                hint="Open the address that `flowforge up` printed, or add the host to FLOWFORGE_ALLOWED_HOSTS.",
            )


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)


def _extra_headers(error: FlowForgeError) -> dict[str, str]:
    return {"Retry-After": "1"} if error.status == 503 else {}


def _not_found(request: web.Request) -> FlowForgeError:
    return FlowForgeError(ErrorCode.NOT_FOUND, f"There is nothing at {request.path[:200]}.")


def _wrong_method(request: web.Request, trace: Trace, allow: tuple[str, ...]) -> web.Response:
    error = FlowForgeError(
        ErrorCode.METHOD_NOT_ALLOWED, f"{request.method} is not offered here, only {', '.join(allow)}."
    )
    return problem(error, request.path, trace, {"Allow": ", ".join(allow)})
