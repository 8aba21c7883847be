"""Where events are posted: ``POST /flowforge/<broker>``, on the mesh's own port, for programs on this machine.

Knative's answers: 202 stored; 400 not an event; 404 no such Broker; 405 not POST; 413 too large; 503 not now. A page in
a browser can reach loopback, so a request with an ``Origin`` or for another host is refused.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from aiohttp import web
from redis.exceptions import RedisError

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.trace import continue_trace
from flowforge_local.mesh.broker.log import EventLog, FullError
from flowforge_local.mesh.broker.message import MessageError, read
from flowforge_local.mesh.problems import problem

log = logging.getLogger("flowforge.broker")

NAMESPACE = "flowforge"
PREFIX = f"/{NAMESPACE}/"
MOST_BYTES = 1_000_000
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":\d+$")


class Ingress:
    """Takes events for the Brokers of ``logs``; ``ready`` says whether their streams are prepared."""

    def __init__(self, logs: Mapping[str, EventLog]) -> None:
        self._logs = logs
        self.ready = False

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request for a path below ``PREFIX``; without aiohttp's router, which costs more than the rest."""
        try:
            await self._take(request)
        except FlowForgeError as error:
            extra = {405: {"Allow": "POST"}, 503: {"Retry-After": "1"}}.get(error.status, {})
            if 400 <= error.status < 500:
                log.warning("An event was refused: %s", error.detail)
            trace = continue_trace(request.headers.get("traceparent"))
            return problem(error, request.path, trace, extra)
        return web.Response(status=202)

    async def _take(self, request: web.BaseRequest) -> None:
        if "Origin" in request.headers or _PORT.sub("", request.host) not in HOSTS:
            raise FlowForgeError(ErrorCode.FORBIDDEN, "Events are taken from programs on this machine only.")
        name = request.path.removeprefix(PREFIX)
        events = self._logs.get(name)
        if events is None:
            raise FlowForgeError(ErrorCode.NOT_FOUND, f"There is no broker {name[:100]!r}.")
        if request.method != "POST":
            raise FlowForgeError(ErrorCode.METHOD_NOT_ALLOWED, "Events are posted.")
        body = await _body(request)
        try:
            message = read({name.lower(): value for name, value in request.headers.items()}, body)
        except MessageError as error:
            raise FlowForgeError(
                ErrorCode.BAD_JSON,
                f"This is not a CloudEvent: {error}.",
                hint="Send specversion, type, source and id as ce-… headers, or application/cloudevents+json.",
            ) from None
        if not self.ready:
            raise _not_now("The broker is starting.")
        try:
            await events.append(message)
        except FullError:
            raise _not_now("The broker holds as many events as it may; they are being delivered.") from None
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("An event could not be stored: %s", error)
            raise _not_now("The event could not be stored.") from None


async def _body(request: web.BaseRequest) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise FlowForgeError(ErrorCode.BODY_TOO_LARGE, f"An event may have {MOST_BYTES} bytes.")
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > MOST_BYTES:
            raise FlowForgeError(ErrorCode.BODY_TOO_LARGE, f"An event may have {MOST_BYTES} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)


def _not_now(detail: str) -> FlowForgeError:
    return FlowForgeError(ErrorCode.OVERLOADED, detail, hint="Send it again in a moment.")
