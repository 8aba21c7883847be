"""Read a request body: decoded, in pieces of useful size, and never mistaken for complete."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from flowforge_local.engines.clickhouse.compression import Decoder, decoder
from flowforge_local.engines.clickhouse.errors import BAD_ARGUMENTS, NETWORK_ERROR, ClickHouseError

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

PIECE = 1 << 20
"""Data is handed on in pieces of at least this size, except the last."""
STATEMENT_LIMIT = 64 << 20
"""Bytes of a statement that is not followed by data; INSERT … VALUES included."""


class Body:
    """The body of one request."""

    def __init__(self, receive: Receive, coding: str) -> None:
        self._receive = receive
        self._decoder: Decoder = decoder(coding)
        self.complete = False

    async def pieces(self) -> AsyncIterator[bytes]:
        """Decoded data.

        Raises:
            ClickHouseError: the client left before its end, or it cannot be decoded.

        """
        waiting: list[bytes] = []
        size = 0
        while not self.complete:
            message = await self._receive()
            if message["type"] != "http.request":
                raise ClickHouseError(NETWORK_ERROR, "The client went away before the end of its request")
            data = self._decoder.feed(message.get("body", b""))
            if data:
                waiting.append(data)
                size += len(data)
            self.complete = not message.get("more_body", False)
            if size >= PIECE:
                yield b"".join(waiting)
                waiting, size = [], 0
        self._decoder.finish()
        if waiting:
            yield b"".join(waiting)

    async def rest(self, pieces: AsyncIterator[bytes], begun: bytes = b"") -> bytes:
        """Everything that is left, after what was ``begun``.

        Raises:
            ClickHouseError: it is longer than a statement may be.

        """
        data = bytearray(begun)
        async for piece in pieces:
            data += piece
            if len(data) > STATEMENT_LIMIT:
                raise ClickHouseError(BAD_ARGUMENTS, f"The statement is longer than {STATEMENT_LIMIT} bytes")
        return bytes(data)
