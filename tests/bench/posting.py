"""Posting events at a steady rate, each a request of its own, at next to no cost: raw sockets, requests built before.

A general client costs about as much per event as taking it does, on the same cores.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Sequence
from uuid import uuid4

CONNECTIONS = 32
TICK_SECONDS = 0.004


def request(port: int, data: dict[str, object], *, structured: bool) -> bytes:
    """A ``data.changed`` as it goes over the wire, in either mode."""
    attributes = {
        "specversion": "1.0",
        "type": "flowforge.data.changed.v1",
        "source": "/bench",
        "id": str(uuid4()),
    }
    if structured:
        body = json.dumps({**attributes, "datacontenttype": "application/json", "data": data}).encode()
        head = "Content-Type: application/cloudevents+json\r\n"
    else:
        body = json.dumps(data).encode()
        head = "".join(f"ce-{name}: {value}\r\n" for name, value in attributes.items())
        head += "Content-Type: application/json\r\n"
    line = f"POST /flowforge/default HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    return f"{line}{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Poster:
    """Posts over kept connections; what is not answered 202 fails the whole run."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[_Connection] = []
        self._waiting: deque[int] = deque()
        self._requests: Sequence[bytes] = ()
        self._left = 0
        self._ended: asyncio.Future[None]
        self.sent: list[float] = []
        """When each was due to be sent and could be, in seconds of the monotonic clock."""

    async def post(self, requests: Sequence[bytes], rate: float) -> float:
        """Send them at ``rate`` per second; the seconds until the last one is taken."""
        loop = asyncio.get_running_loop()
        self._requests, self._left, self._ended = requests, len(requests), loop.create_future()
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
        began = time.monotonic()
        while len(self.sent) < len(requests):
            due = min(len(requests), int((time.monotonic() - began) * rate) + 1)
            for number in range(len(self.sent), due):
                self.sent.append(time.monotonic())
                self._waiting.append(number)
            self.go_on()
            await asyncio.sleep(TICK_SECONDS)
        await self._ended
        took = time.monotonic() - began
        for connection in self._idle:
            connection.close()
        return took

    def go_on(self) -> None:
        while self._idle and self._waiting:
            self._idle.pop().send(self._requests[self._waiting.popleft()])

    def free(self, connection: _Connection) -> None:
        self._idle.append(connection)
        self.go_on()

    def answered(self, head: bytes) -> None:
        if not head.startswith(b"HTTP/1.1 202") and not self._ended.done():
            self._ended.set_exception(RuntimeError(f"an event was not taken: {head[:200]!r}"))
        self._left -= 1
        if not self._left and not self._ended.done():
            self._ended.set_result(None)


class _Connection(asyncio.Protocol):
    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._poster.free(self)

    def send(self, request: bytes) -> None:
        self._transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" in self._received:  # a 202 has no body
            self._poster.answered(self._received)
            self._received = b""
            self._poster.free(self)

    def close(self) -> None:
        self._transport.close()
