"""A small pooled HTTP/1.1 client on asyncio and httptools, for ClickHouse's HTTP interface and the broker's.

Why not clickhouse-connect's async client here: a function passes the engine's bytes through and
needs none of its decoding, while importing it (with aiohttp) takes longer than a function's whole
cold start may. httptools is the parser that uvicorn already loaded.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlencode, urlsplit

import httptools

CONNECT_SECONDS = 3.0
CHUNK_BYTES = 256 * 1024
MAX_IDLE = 8
TEXT: Mapping[str, str] = {"Content-Type": "text/plain; charset=utf-8"}


class HttpPool:
    """Keep-alive connections to one host; grows with use, keeps at most ``max_idle`` idle ones."""

    def __init__(self, url: str, max_idle: int = MAX_IDLE) -> None:
        self._max_idle = max_idle
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the URL must be http(s)://[user:password@]host[:port]")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._ssl = ssl.create_default_context() if parts.scheme == "https" else None
        self._path = parts.path or "/"
        self._head = f"Host: {parts.hostname}:{self._port}\r\n"
        if parts.username is not None:
            credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._head += f"Authorization: Basic {b64encode(credentials).decode()}\r\n"
        self._idle: list[_Connection] = []

    @asynccontextmanager
    async def post(
        self, parameters: Mapping[str, str], body: bytes, headers: Mapping[str, str] = TEXT
    ) -> AsyncIterator[HttpResponse]:
        """Send a request and give its response once the headers are there.

        Leaving the block before the body has been read closes the connection, which is how the
        server learns that nobody waits any more. ``OSError`` when the server is out of reach.
        """
        query = f"?{urlencode(parameters)}" if parameters else ""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = (
            f"POST {self._path}{query} HTTP/1.1\r\n{self._head}{lines}Content-Length: {len(body)}\r\n\r\n"
        ).encode("latin-1") + body
        connection, response = await self._send(request)
        try:
            yield response
        finally:
            if response.complete and response.keep_alive and len(self._idle) < self._max_idle:
                self._idle.append(connection)
            else:
                connection.close()

    async def _send(self, request: bytes) -> tuple[_Connection, HttpResponse]:
        while self._idle:
            connection = self._idle.pop()
            try:
                return connection, await connection.exchange(request)
            except ConnectionError:  # closed by the server while it was idle: not a failure yet
                connection.close()
            except BaseException:
                connection.close()
                raise
        connection = await self._connect()
        try:
            return connection, await connection.exchange(request)
        except BaseException:
            connection.close()
            raise

    async def _connect(self) -> _Connection:
        async with asyncio.timeout(CONNECT_SECONDS):
            return _Connection(*await asyncio.open_connection(self._host, self._port, ssl=self._ssl))

    async def aclose(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def exchange(self, request: bytes) -> HttpResponse:
        self._writer.write(request)
        await self._writer.drain()
        response = HttpResponse(self._reader)
        await response.read_head()
        return response

    def close(self) -> None:
        self._writer.close()


class HttpResponse:
    """A response being received; iterate it for its body, decoded from chunked transfer."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._head_done = False
        self.headers: dict[str, str] = {}
        self.complete = False

    @property
    def status(self) -> int:
        """The status code."""
        return int(self._parser.get_status_code())

    @property
    def keep_alive(self) -> bool:
        """Whether the connection can carry another request."""
        return bool(self._parser.should_keep_alive())

    async def read_head(self) -> None:
        """Receive until the headers are complete."""
        while not self._head_done:
            await self._receive()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, in the pieces in which it arrives."""
        while True:
            if self._body:
                piece = b"".join(self._body)
                self._body.clear()
                yield piece
            elif self.complete:
                return
            else:
                await self._receive()

    async def read(self) -> bytes:
        """The whole body."""
        return b"".join([piece async for piece in self])

    async def _receive(self) -> None:
        data = await self._reader.read(CHUNK_BYTES)
        if not data:
            raise ConnectionResetError("the server closed the connection in the middle of an answer")
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as broken:
            raise ConnectionResetError("the server's answer is not HTTP") from broken

    # httptools' callbacks

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """All headers are there."""
        self._head_done = True

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The whole response is there."""
        self.complete = True
