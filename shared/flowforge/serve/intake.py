"""``POST /_events``: events on their way into a function.

Only the mesh may deliver (:mod:`flowforge.auth.delivery`); the path is routed by no gateway. What the answer means
to the broker (Knative's delivery rules): 204 or an event in reply – done; 404, 408, 409, 429, 5xx – again later;
anything else – to the dead letter, with the answer as its reason. So an event that can never be handled answers
422, and a failure of ours never does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from flowforge.auth.delivery import require_mesh
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.metrics import EVENTS
from flowforge.received import ReceivedEvent
from flowforge.serve.body import read_body
from flowforge.serve.events import Subscription, Wire
from flowforge.settings import settings
from flowforge.stores.handled import handling
from flowforge.trace import continue_trace, current_tenant, current_trace, spans

log = logging.getLogger("flowforge.events")

_HANDLED = Response(status_code=204)


class Intake:
    """The ASGI app of the path; ``subscriptions`` are the function's handlers by event type."""

    def __init__(self, consumer: str, wire: Wire, subscriptions: Mapping[str, Subscription]) -> None:
        self._consumer = consumer
        self._wire = wire
        self._subscriptions = subscriptions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            raise HTTPException(405, "Events are posted.", {"allow": "POST"})
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        await require_mesh(headers)
        body = await read_body(receive, headers.get("content-length"), settings().max_body_bytes)
        event = self._event(headers, body)
        started = time.time_ns()
        trace = continue_trace(event.traceparent)
        current_trace.set(trace)
        outcome = "failed"
        try:
            response = await self._handled(event)
            outcome = "handled"
        finally:
            EVENTS.add(event.kind, outcome)
            error = None if outcome == "handled" else outcome
            spans.finished(event.kind, "consumer", trace, started, {"cloudevents.event_id": event.id}, error)
        await response(scope, receive, send)

    def _event(self, headers: Mapping[str, str], body: bytes) -> ReceivedEvent:
        try:
            event = self._wire.decode(headers, body)
        except ValueError as error:
            raise _poison(f"The event cannot be read: {error}") from error
        if event.kind not in self._subscriptions:
            raise _poison(f"{self._consumer} does not handle {event.kind}.")
        return event

    async def _handled(self, event: ReceivedEvent) -> Response:
        current_tenant.set(event.tenant)
        subscription = self._subscriptions[event.kind]
        if not subscription.once:
            return await _answer(subscription, event)
        async with handling(self._consumer, event.source, event.id) as fresh:
            if fresh:
                return await _answer(subscription, event)
        log.info("%s %s was handled before", event.kind, event.id)
        return _HANDLED


async def _answer(subscription: Subscription, event: ReceivedEvent) -> Response:
    try:
        reply = await subscription.handler(event)
    except FlowForgeError as error:
        if error.code is ErrorCode.NOT_FOUND:  # 404 would mean: try again
            raise _poison(error.detail) from error
        raise
    if reply is None:
        return _HANDLED
    headers, body = reply
    return Response(body, 200, dict(headers))


def _poison(detail: str) -> FlowForgeError:
    return FlowForgeError(ErrorCode.INVALID_REQUEST, detail, hint="It goes to the dead letter.")
