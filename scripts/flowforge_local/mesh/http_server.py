"""The mesh's own port: aiohttp's low-level server before a handler of whole requests.

It listens on loopback only and takes an event per request, a thousand of them a second: without the router and the
application that the gateway has, which such a request does not need.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True)
class Request:
    """``headers`` have lower-case names, the last of several values; ``body`` is None where it was too large."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; its length, the date and what the connection needs are added."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Reply | Awaitable[Reply]]
"""Answers at once, or later; an exception is a 500."""


class HttpServer:
    """Serves ``handler``; a body of more than ``most_bytes`` is not kept. Ends ``within`` so many seconds."""

    def __init__(self, handler: Handler, most_bytes: int, within: float) -> None:
        self._handler, self._most_bytes = handler, most_bytes
        server = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=within)

    async def listen(self, listener: socket.socket) -> None:
        """Begin to serve; the socket is closed with the server."""
        listener.setblocking(False)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Take no further connections."""
        for site in list(self._runner.sites):
            await site.stop()

    async def aclose(self) -> None:
        """Answer what was asked, and close."""
        await self._runner.cleanup()

    async def _answer(self, asked: web.BaseRequest) -> web.Response:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        request = Request(asked.method, asked.path, headers, await self._body(asked))
        answer = self._handler(request)
        reply = answer if isinstance(answer, Reply) else await answer
        return web.Response(body=reply.body, status=reply.status, headers=reply.headers)

    async def _body(self, asked: web.BaseRequest) -> bytes | None:
        if (asked.content_length or 0) > self._most_bytes:
            return None
        if asked.content.is_eof():  # a small body came with its headers
            body = asked.content.read_nowait()
            return body if len(body) <= self._most_bytes else None
        pieces: list[bytes] = []
        size = 0
        async for piece in asked.content.iter_any():
            size += len(piece)
            if size > self._most_bytes:
                return None
            pieces.append(piece)
        return b"".join(pieces)
