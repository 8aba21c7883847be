"""Where events are posted: ``POST /flowforge/<broker>``, on the mesh's own port, for programs on this machine.

Knative's answers: 202 stored; 400 not an event; 404 no such Broker; 405 not POST; 413 too large; 503 not now. A page in
a browser can reach loopback, so a request with an ``Origin`` or for another host is refused.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Mapping

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.stores.resp import FAILURES
from flowforge.trace import continue_trace
from flowforge_local.mesh.broker.log import EventLog, FullError
from flowforge_local.mesh.broker.message import MessageError, read
from flowforge_local.mesh.http_server import Reply, Request
from flowforge_local.mesh.problems import MEDIA_TYPE, about, document

log = logging.getLogger("flowforge.broker")

NAMESPACE = "flowforge"
PREFIX = f"/{NAMESPACE}/"
MOST_BYTES = 1_000_000
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":\d+$")
_STORED = Reply(202)


class Ingress:
    """Takes events for the Brokers of ``logs``; ``ready`` says whether their streams are prepared."""

    def __init__(self, logs: Mapping[str, EventLog]) -> None:
        self._logs = logs
        self.ready = False

    def handle(self, request: Request) -> Reply | Awaitable[Reply]:
        """Answer a request for a path below ``PREFIX``: a refusal at once, 202 when the event is stored.

        Without a task of its own for each event, of which there may be a thousand a second.
        """
        try:
            storing = self._take(request)
        except FlowForgeError as error:
            return _refusal(error, request)
        answer: asyncio.Future[Reply] = storing.get_loop().create_future()

        def stored(done: asyncio.Future[bytes]) -> None:
            if not answer.done():  # its client may have gone
                answer.set_result(_outcome(done, request))

        storing.add_done_callback(stored)
        return answer

    def _take(self, request: Request) -> asyncio.Future[bytes]:
        headers = request.headers
        if "origin" in headers or _PORT.sub("", headers.get("host", "")) not in HOSTS:
            raise FlowForgeError(ErrorCode.FORBIDDEN, "Events are taken from programs on this machine only.")
        name = request.path.removeprefix(PREFIX)
        events = self._logs.get(name)
        if events is None:
            raise FlowForgeError(ErrorCode.NOT_FOUND, f"There is no broker {name[:100]!r}.")
        if request.method != "POST":
            raise FlowForgeError(ErrorCode.METHOD_NOT_ALLOWED, "Events are posted.")
        if request.body is None:
            raise FlowForgeError(ErrorCode.BODY_TOO_LARGE, f"An event may have {MOST_BYTES} bytes.")
        try:
            message = read(headers, request.body)
        except MessageError as error:
            raise FlowForgeError(
                ErrorCode.BAD_JSON,
                f"This is not a CloudEvent: {error}.",
                hint="Send specversion, type, source and id as ce-… headers, or application/cloudevents+json.",
            ) from None
        if not self.ready:
            raise _not_now("The broker is starting.")
        try:
            return events.append(message)
        except FullError:
            raise _not_now("The broker holds as many events as it may; they are being delivered.") from None


def _outcome(storing: asyncio.Future[bytes], request: Request) -> Reply:
    if storing.cancelled():
        return _refusal(_not_now("The mesh is ending."), request)
    error = storing.exception()
    if error is None:
        return _STORED
    if not isinstance(error, FAILURES):
        log.error("An event could not be stored", exc_info=error)
    else:
        log.warning("An event could not be stored: %s", error)
    return _refusal(_not_now("The event could not be stored."), request)


def _refusal(error: FlowForgeError, request: Request) -> Reply:
    if 400 <= error.status < 500:
        log.warning("An event was refused: %s", error.detail)
    trace = continue_trace(request.headers.get("traceparent"))
    extra = {405: {"Allow": "POST"}, 503: {"Retry-After": "1"}}.get(error.status, {})
    headers = {"Content-Type": MEDIA_TYPE, **about(trace), **extra}
    return Reply(error.status, document(error, request.path, trace), headers)


def _not_now(detail: str) -> FlowForgeError:
    return FlowForgeError(ErrorCode.OVERLOADED, detail, hint="Send it again in a moment.")
