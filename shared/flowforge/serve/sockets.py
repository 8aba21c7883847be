"""WebSockets of a function (RFC 6455). functions-framework answers every one of them 403: only ``serve`` takes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from flowforge.errors import AccessError, ErrorCode
from flowforge.records import dataclass
from flowforge.serve.feed import Feed
from flowforge.serve.problem import problem_of
from flowforge.settings import settings

log = logging.getLogger("flowforge.access")

PROTOCOL = "flowforge.v1"
FAILED = 1011


@dataclass(frozen=True, slots=True)
class Knock:
    """A WebSocket that asks to be let in. ``protocols`` are the subprotocols it offers."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    protocols: tuple[str, ...]


SocketHandler = Callable[[Knock], Awaitable[Feed]]


@dataclass(frozen=True, slots=True)
class SocketRoute:
    """A path template and who answers; the handler refuses by raising ``FlowForgeError``."""

    path: str
    handler: SocketHandler


def sockets(routes: Iterable[SocketRoute]) -> ASGIApp:
    """One ASGI app for a function's WebSockets; one that is refused gets a problem document."""
    return Router([WebSocketRoute(route.path, _Endpoint(route.handler)) for route in routes])


class _Endpoint:
    def __init__(self, handler: SocketHandler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        await receive()  # websocket.connect
        try:
            require_own_origin(socket.headers.get("origin"))
            protocols = tuple(scope.get("subprotocols", ()))
            feed = await self._handler(Knock(socket.path_params, socket.query_params, protocols))
        except Exception as error:
            await _refuse(problem_of(error, scope["path"]), send)
            return
        try:
            accepted = PROTOCOL if PROTOCOL in protocols else None
            await send({"type": "websocket.accept", "subprotocol": accepted, "headers": []})
            await _carry(feed, receive, send)
        finally:
            await feed.close()


def require_own_origin(origin: str | None) -> None:
    """Refuse (403) a page of another site: browsers let any page open a WebSocket to anywhere."""
    if origin is None:
        return
    allowed = {host.strip().lower() for host in settings().allowed_hosts.split(",")}
    host = urlsplit(origin).hostname or ""
    if "*" in allowed or host in allowed or f"[{host}]" in allowed:
        return
    raise AccessError(
        ErrorCode.FORBIDDEN, f"Pages of {origin[:100]!r} may not open streams here.", field="Origin"
    )


async def _refuse(response: Response, send: Send) -> None:
    """Answer the handshake like any HTTP request (ASGI's WebSocket Denial Response)."""
    headers = response.raw_headers
    await send({"type": "websocket.http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": bytes(response.body)})


async def _carry(feed: Feed, receive: Receive, send: Send) -> None:
    writing = asyncio.ensure_future(_write(feed, send))
    hearing = asyncio.ensure_future(_hear(feed, receive))
    feed.while_writing(writing.cancel)
    try:
        await asyncio.wait({writing, hearing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (writing, hearing):
            task.cancel()
        await asyncio.gather(writing, hearing, return_exceptions=True)
    if not writing.cancelled() and (failure := writing.exception()) is not None:
        raise failure


async def _write(feed: Feed, send: Send) -> None:
    async with contextlib.aclosing(feed.frames()) as frames:  # type: ignore[type-var]
        try:
            async for frame in frames:
                await send({"type": "websocket.send", "text": frame.text})
        except (WebSocketDisconnect, OSError):
            return
        except Exception as error:
            end = feed.end_of(error)
            if end is None:
                log.exception("A stream failed")
            code, reason = (end.code, end.reason) if end else (FAILED, "Something went wrong on our side.")
            await send({"type": "websocket.close", "code": code, "reason": reason})


async def _hear(feed: Feed, receive: Receive) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        if (text := message.get("text")) is not None:
            feed.hear(text)
