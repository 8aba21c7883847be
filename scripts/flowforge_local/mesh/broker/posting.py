"""Posting to whoever is named, over kept connections: one pool per URL, the least used ones closed.

Short answers read whole by a protocol per connection: in alternating runs a delivery took 0.5 of the CPU that it takes
through ``flowforge.stores.http``, whose streams are for long answers, and 0.15 of that through aiohttp's client.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote, urlsplit

import httptools

MOST_URLS = 64
MOST_IDLE = 64
MOST_BYTES = 1_000_000
CONNECT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names are lower-case. A longer body is cut."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Posting:
    """The mesh's client for deliveries."""

    def __init__(self) -> None:
        self._targets: OrderedDict[str, _Target] = OrderedDict()

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request; ``OSError`` when nobody answers. Nothing is followed."""
        target = self._targets.get(url)
        if target is None:
            target = self._targets[url] = _Target(url)
            while len(self._targets) > MOST_URLS:
                self._targets.popitem(last=False)[1].close()
        self._targets.move_to_end(url)
        return await target.post(headers, body)

    async def aclose(self) -> None:
        """Close idle connections."""
        while self._targets:
            self._targets.popitem()[1].close()


class _Target:
    """One URL and its idle connections."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a subscriber is http(s)://host[:port]/path, not {url!r}")
        self._address = (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        self._ssl = ssl.create_default_context() if parts.scheme == "https" else None
        query = f"?{parts.query}" if parts.query else ""
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._head = f"POST {parts.path or '/'}{query} HTTP/1.1\r\nHost: {host}:{self._address[1]}\r\n"
        if parts.username is not None:
            credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._head += f"Authorization: Basic {b64encode(credentials).decode()}\r\n"
        self._idle: list[_Connection] = []

    async def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"{self._head}{lines}Content-Length: {len(body)}\r\n\r\n"
        request = head.encode("latin-1") + body
        while self._idle:
            connection = self._idle.pop()
            try:
                return await self._exchange(connection, request)
            except ConnectionError:  # closed by the server while it was idle: not a failure yet
                continue
        return await self._exchange(await self._connect(), request)

    async def _exchange(self, connection: _Connection, request: bytes) -> Answer:
        try:
            answer = await connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        if connection.reusable and len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    async def _connect(self) -> _Connection:
        async with asyncio.timeout(CONNECT_SECONDS):
            host, port = self._address
            loop = asyncio.get_running_loop()
            return (await loop.create_connection(_Connection, host, port, ssl=self._ssl))[1]

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[Answer] | None = None
        self._ended = False
        self.reusable = False
        self._reset()

    def exchange(self, request: bytes) -> asyncio.Future[Answer]:
        """Send a request; its answer to come, ``ConnectionError`` if there is none."""
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if self._ended or self._transport.is_closing():
            waiting.set_exception(ConnectionResetError("the server had closed the connection"))
            return waiting
        self._waiting = waiting
        self._transport.write(request)
        return waiting

    def close(self) -> None:
        self._transport.close()

    # asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def connection_lost(self, _: Exception | None) -> None:
        self._fail("the server closed the connection before its answer was complete")

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            self._fail("the server said something that nobody had asked")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail("the server's answer is not HTTP")

    def _fail(self, reason: str) -> None:
        self._ended = True
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(ConnectionResetError(reason))
        self._transport.close()

    # httptools' callbacks

    def _reset(self) -> None:
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)
        self._size += len(body)
        if self._size > MOST_BYTES:
            self._complete(reusable=False)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() >= 200:
            self._complete(self._parser.should_keep_alive())
        self._reset()  # after 100 Continue or 103 Early Hints comes the answer

    def _complete(self, reusable: bool) -> None:
        self.reusable = reusable
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            body = b"".join(self._body)[:MOST_BYTES]
            waiting.set_result(Answer(self._parser.get_status_code(), self._headers, body))
