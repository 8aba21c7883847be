"""One request again and again over kept connections, as little of a client as can be.

``python -m bench.load HOST PORT CONNECTIONS REQUESTS < request`` prints the latencies in seconds as JSON, with the
seconds that all of it took; it runs in a process of its own so that it does not share the server's.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class AnswerError(Exception):
    """The server answered something else than 200."""


class Asker(asyncio.Protocol):
    """One connection with one request under way at a time."""

    def __init__(
        self, request: bytes, latencies: list[float], count: int, done: asyncio.Future[None]
    ) -> None:
        self._request, self._latencies, self._left, self._done = request, latencies, count, done
        self._received = bytearray()
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self._ask()

    def _ask(self) -> None:
        if self._left == 0:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._left -= 1
        self._received.clear()
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._received, 0, end + 2)
        if length is None or len(self._received) < end + 4 + int(length[1]):
            return
        if not self._received.startswith(b"HTTP/1.1 200"):
            self._done.set_exception(AnswerError(bytes(self._received[:2_000])))
            return
        self._latencies.append(time.perf_counter() - self._sent)
        self._ask()

    def connection_lost(self, failure: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(failure or AnswerError("the server hung up"))


async def ask(
    host: str, port: int, connections: int, requests: int, request: bytes
) -> tuple[list[float], float]:
    """Latencies of all requests, spread over the connections, and the seconds from first to last."""
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    started = time.perf_counter()
    for end in ends:
        await loop.create_connection(
            lambda end=end: Asker(request, latencies, requests // connections, end), host, port
        )
    await asyncio.gather(*ends)
    return latencies, time.perf_counter() - started


if __name__ == "__main__":
    import uvloop

    _host, _port, _connections, _requests = sys.argv[1:]
    print(
        json.dumps(
            uvloop.run(ask(_host, int(_port), int(_connections), int(_requests), sys.stdin.buffer.read()))
        )
    )
