"""Many viewers in one process, as raw sockets, so that what is measured is the server: ``python viewers.py``.

Reads lines: first JSON ``{"port", "hello"}``, where ``hello`` (text, or null) is what each stream sends once the
server has answered; then lists of requests, each of which opens one stream, answered by ``ready`` when every
stream so far has been; an empty list is the last. From then on a line is a marker, answered by ``listening``, and
by a list of the seconds of the monotonic clock at which each stream saw it.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
import time

TEXT, PONG = 0x81, 0x8A
ENGINE_PING = b"\x81\x012"
"""Engine.IO's own ping, as a text frame."""


class Stream(asyncio.Protocol):
    """One connection; frames of servers are not masked, so that a marker is found in the bytes as they come."""

    def __init__(self, crowd: Crowd, request: bytes, hello: bytes | None) -> None:
        self._crowd, self._request, self._hello = crowd, request, hello
        self._answered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if not self._answered:
            self._answered = True
            if self._hello is not None:
                self._transport.write(_masked(self._hello))  # type: ignore[attr-defined]
            self._crowd.answered(data)
        elif self._crowd.marker in data:
            self._crowd.seen(time.monotonic())
        elif data.startswith(b"\x89"):
            self._transport.write(_masked(data[2 : 2 + data[1]], PONG))  # type: ignore[attr-defined]
        elif data == ENGINE_PING:
            self._transport.write(_masked(b"3"))  # type: ignore[attr-defined]


class Crowd:
    """All streams, and what they have seen of the current marker."""

    def __init__(self) -> None:
        self.marker = b"no marker yet"
        self.refused = b""
        self._size = 0
        self._open = 0
        self._times: list[float] = []
        self.ready = asyncio.Event()
        self.complete = asyncio.Event()

    def grow(self, by: int) -> None:
        self._size += by
        self.ready.clear()

    def answered(self, data: bytes) -> None:
        if not data.startswith((b"HTTP/1.1 101", b"HTTP/1.1 200")):
            self.refused = data
            self.ready.set()
        self._open += 1
        if self._open == self._size:
            self.ready.set()

    def expect(self, marker: bytes) -> None:
        self.marker, self._times = marker, []
        self.complete.clear()

    def seen(self, moment: float) -> None:
        self._times.append(moment)
        if len(self._times) == self._size:
            self.complete.set()

    @property
    def times(self) -> list[float]:
        return self._times


def _masked(text: bytes, kind: int = TEXT) -> bytes:
    """A frame from a client (RFC 6455 § 5.3), shorter than 126 bytes."""
    mask = os.urandom(4)
    body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(text))
    return struct.pack("!BB", kind, 0x80 | len(text)) + mask + body


async def main() -> None:
    loop = asyncio.get_running_loop()
    wanted = json.loads(await _line())
    crowd = Crowd()
    hello = wanted["hello"].encode() if wanted["hello"] else None
    while requests := json.loads(await _line()):
        crowd.grow(len(requests))
        for request in requests:
            await loop.create_connection(
                lambda request=request: Stream(crowd, request.encode(), hello), "127.0.0.1", wanted["port"]
            )
        async with asyncio.timeout(60):
            await crowd.ready.wait()
        _say("ready" if not crowd.refused else f"refused {crowd.refused[:300]!r}")
    while line := await _line():
        crowd.expect(line.strip().encode())
        _say("listening")
        async with asyncio.timeout(30):
            await crowd.complete.wait()
        _say(json.dumps(crowd.times))


async def _line() -> str:
    return await asyncio.to_thread(sys.stdin.readline)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
