"""A small HTTP/1.1 server on asyncio and httptools, for the mesh's own port.

Whole requests of bounded size, answered in the order in which they came: keep-alive, chunked bodies, ``Expect:
100-continue``. No TLS and nothing streamed, for it listens on loopback only. Why not aiohttp's, which serves the
gateway: a task, a stream and a case-insensitive mapping per request are most of what taking an event costs.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import cast
from urllib.parse import unquote

import httptools

log = logging.getLogger(__name__)

MOST_HEAD_BYTES = 65_536
MOST_WAITING = 16
"""Requests that a client may send before it has an answer to the first; beyond, nothing is read from it."""
IDLE_SECONDS = 75.0
LINGER_SECONDS = 2.0
"""Whoever is still sending what is too large gets so long to read that it is."""


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
    """Serves ``handler`` on listening sockets; a body of more than ``most_bytes`` is not kept."""

    def __init__(self, handler: Handler, most_bytes: int) -> None:
        self.handler = handler
        self.most_bytes = most_bytes
        self.connections: set[Connection] = set()
        self._servers: list[asyncio.Server] = []

    async def listen(self, listener: socket.socket) -> None:
        """Begin to serve; the socket is closed with the server."""
        listener.setblocking(False)
        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_server(lambda: Connection(self), sock=listener))

    def stop(self) -> None:
        """Take no further connections; what was asked on open ones is answered."""
        for server in self._servers:
            server.close()
        for connection in list(self.connections):
            connection.finish()

    async def aclose(self, within: float) -> None:
        """Stop, and after ``within`` seconds close what is still open."""
        self.stop()
        deadline = time.monotonic() + within
        while self.connections and time.monotonic() < deadline:  # noqa: ASYNC110 — rare, and soon over
            await asyncio.sleep(0.01)
        for connection in list(self.connections):
            connection.abort()


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[Request, bool]] = deque()
        """Requests that are complete, each with whether the connection serves another one after it."""
        self._answering = False
        self._ending = False
        """Nothing more is read; the connection ends when all is answered."""
        self._lingering = False
        self._heard = self._loop.time()
        self._reset()

    # asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self._server.connections.add(self)
        self._watch = self._loop.call_later(IDLE_SECONDS, self._check)

    def connection_lost(self, _: Exception | None) -> None:
        """The client is gone; what it asked for is done all the same."""
        self._watch.cancel()
        self._server.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Parse what came; requests are answered as they are complete."""
        self._heard = self._loop.time()
        if self._ending:
            return
        if not self._head_done:
            self._head_bytes += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            self._refuse(f"This is not an HTTP/1.1 request: {error}.")
            return
        if not self._head_done and self._head_bytes > MOST_HEAD_BYTES:
            self._refuse(f"A request's head may have {MOST_HEAD_BYTES} bytes.")

    def pause_writing(self) -> None:
        """A client that reads no answers is not heard either."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._transport.resume_reading()

    # httptools' callbacks

    def on_url(self, url: bytes) -> None:
        """The target, or a piece of it."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; what follows a chunked body is none."""
        if self._head_done:
            return
        # Senders write UTF-8 where they should write %-codes; what is none is no text for whoever reads it.
        self._headers[name.decode("latin-1").lower()] = value.decode("utf-8", "surrogateescape")

    def on_headers_complete(self) -> None:
        """All headers are there: whoever waits to be told may send its body, unless that is too large."""
        self._head_done = True
        headers = self._headers
        if int(headers.get("content-length") or 0) > self._server.most_bytes:
            self._too_large()
        elif headers.get("expect", "").lower() == "100-continue" and not self._answering:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if self._ending:
            return
        self._size += len(body)
        if self._size > self._server.most_bytes:
            self._too_large()
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """The whole request is there."""
        if self._ending or self._parser.should_upgrade():
            return
        self._take(b"".join(self._body), self._parser.should_keep_alive())
        self._reset()

    # what follows from them

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._head_done = False
        self._head_bytes = 0

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if self._ending:
                    return
                data = self._not_upgraded() + data[upgrade.args[0] :]
            else:
                return

    def _not_upgraded(self) -> bytes:
        """The head without its offer of another protocol, which its client need not have taken (RFC 9110 §7.8).

        The parser takes the offer for granted, and everything after the head for that protocol's.
        """
        method, version = self._parser.get_method().decode("latin-1"), self._parser.get_http_version()
        if method == "CONNECT":
            raise httptools.HttpParserError("there is nobody behind this server to connect to")
        kept = {name: value for name, value in self._headers.items() if name not in ("connection", "upgrade")}
        lines = "".join(f"{name}: {value}\r\n" for name, value in kept.items())
        head = f"{method} {self._url.decode('latin-1')} HTTP/{version}\r\n{lines}\r\n"
        self._parser = httptools.HttpRequestParser(self)
        self._reset()
        return head.encode("utf-8", "surrogateescape")

    def _take(self, body: bytes | None, keep_alive: bool) -> None:
        method = self._parser.get_method().decode("latin-1")
        keep = keep_alive and self._parser.get_http_version() != "1.0"
        self._waiting.append((Request(method, path_of(self._url), self._headers, body), keep))
        if not keep:
            self._ending = True
        if not self._answering:
            self._next()
        elif len(self._waiting) == MOST_WAITING:
            self._transport.pause_reading()

    def _too_large(self) -> None:
        """It is told so at once; what it still sends is read and forgotten, or it would never read the answer."""
        self._lingering = True
        self._take(None, keep_alive=False)

    def _next(self) -> None:
        while self._waiting and not self._answering:
            if len(self._waiting) == MOST_WAITING and not self._transport.is_closing():
                self._transport.resume_reading()
            request, keep = self._waiting.popleft()
            answer = self._asked(request)
            if isinstance(answer, Reply):
                self._write(request, answer, keep)
            else:
                self._answering = True
                future = asyncio.ensure_future(answer)
                future.add_done_callback(lambda done, asked=request, keep=keep: self._done(done, asked, keep))  # type: ignore[misc]
        if self._ending and not self._answering:
            self._end()

    def _asked(self, request: Request) -> Reply | Awaitable[Reply]:
        try:
            return self._server.handler(request)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return Reply(500)

    def _done(self, future: asyncio.Future[Reply], request: Request, keep: bool) -> None:
        self._answering = False
        if future.cancelled():
            self._transport.abort()
            return
        if (error := future.exception()) is not None:
            log.error("%s %s failed", request.method, request.path, exc_info=error)
        self._write(request, Reply(500) if error is not None else future.result(), keep)
        self._next()

    def _write(self, request: Request, reply: Reply, keep: bool) -> None:
        if not self._transport.is_closing():
            self._transport.write(encoded(reply, keep, with_body=request.method != "HEAD"))

    def _refuse(self, reason: str) -> None:
        self._ending = True
        if not self._answering:
            head = {"Content-Type": "text/plain; charset=utf-8"}
            self._transport.write(encoded(Reply(400, reason.encode(), head), keep=False))
            self._end()

    def _end(self) -> None:
        if self._lingering:
            self._loop.call_later(LINGER_SECONDS, self._transport.close)
        else:
            self._transport.close()

    def _check(self) -> None:
        """One timer per connection, and none per request."""
        wait = self._heard + IDLE_SECONDS - self._loop.time()
        if wait <= 0 and not self._answering:
            self._transport.close()
        else:
            self._watch = self._loop.call_later(max(wait, 1.0), self._check)

    def finish(self) -> None:
        """Close as soon as everything that was asked is answered."""
        self._ending = True
        if not self._answering:
            self._end()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()


@lru_cache(maxsize=256)
def path_of(target: bytes) -> str:
    """A request target's path, decoded; ``HttpParserError`` for one that is none."""
    return unquote((httptools.parse_url(target).path or b"/").decode("latin-1"))


def encoded(reply: Reply, keep: bool, with_body: bool = True) -> bytes:
    """An answer's bytes."""
    head = _status_and_date(reply.status, int(time.time()))
    if reply.headers:
        head += "".join([f"{name}: {value}\r\n" for name, value in reply.headers.items()])
    if not keep:
        head += "Connection: close\r\n"
    head += f"Content-Length: {len(reply.body)}\r\n\r\n"
    return head.encode("latin-1") + (reply.body if with_body else b"")


@lru_cache(maxsize=16)
def _status_and_date(status: int, second: int) -> str:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nDate: {formatdate(second, usegmt=True)}\r\n"
