"""The mesh's own port, as its clients see it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable

import pytest

from flowforge_local.listening import LOOPBACK, listen
from flowforge_local.mesh.http_server import HttpServer, Reply, Request

MOST = 1_000
HEAD = b"POST /a%20b?q=1 HTTP/1.1\r\nHost: x\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Asking:
    """A server that notes what it was asked, and a client's connections to it."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.held: asyncio.Future[Reply] | None = None
        self.server = HttpServer(self._answer, MOST, within=5.0)

    def _answer(self, request: Request) -> Reply | Awaitable[Reply]:
        self.asked.append(request)
        if request.path == "/fails":
            raise ValueError("not handled")
        if request.path == "/held":
            self.held = asyncio.get_running_loop().create_future()
            return self.held
        return Reply(413 if request.body is None else 200, request.path.encode(), {"X-Own": "1"})

    async def begin(self) -> int:
        listener = listen(0)
        port: int = listener.getsockname()[1]
        await self.server.listen(listener)
        return port

    async def said(self, *pieces: bytes) -> bytes:
        """All that is answered to these pieces, sent one by one, until the server closes."""
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)
        try:
            async with asyncio.timeout(10):
                return await reader.read()
        finally:
            writer.close()

    port: int = 0


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    made = Asking()
    made.port = await made.begin()
    yield made
    await made.server.aclose()


def statuses(said: bytes) -> list[int]:
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", said)]


async def test_a_connection_serves_many_requests_in_their_order(asking: Asking) -> None:
    requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(40))
    said = await asking.said(requests + LAST)
    assert statuses(said) == [200] * 41
    assert [request.path for request in asking.asked] == [*(f"/{number}" for number in range(40)), "/last"]
    assert said.endswith(b"\r\n\r\n/last")
    assert said.count(b"\r\nX-Own: 1") == 41


async def test_bodies_come_in_pieces_with_a_length_or_chunked(asking: Asking) -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\nCE-Id: 1\r\nConnection: close\r\n\r\n"
    said = await asking.said(
        HEAD + b"Content-Le",
        b"ngth: 6\r\n\r\nab",
        b"cdef",
        chunked + b"2\r\nxy\r\n",
        b"1\r\nz\r\n0\r\n\r\n",
    )
    assert statuses(said) == [200, 200]
    assert [(each.method, each.path, each.body) for each in asking.asked] == [
        ("POST", "/a b", b"abcdef"),
        ("POST", "/a b", b"xyz"),
    ]
    assert asking.asked[1].headers["ce-id"] == "1"


@pytest.mark.parametrize(
    "request_of",
    [
        HEAD + b"Connection: close\r\nContent-Length: 500000\r\n\r\n" + b"x" * 500_000,
        HEAD
        + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n"
        + b"x" * 1024
        + b"\r\n0\r\n\r\n",
    ],
)
async def test_whoever_sends_too_much_can_read_that_it_was(asking: Asking, request_of: bytes) -> None:
    assert statuses(await asking.said(request_of)) == [413]
    assert [each.body for each in asking.asked] == [None]


async def test_an_offer_of_another_protocol_is_not_taken_and_the_connection_goes_on(asking: Asking) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\nContent-Length: 1\r\n\r\nx"
    assert statuses(await asking.said(HEAD + upgrade, HEAD + upgrade, LAST)) == [200, 200, 200]
    assert [each.body for each in asking.asked] == [b"x", b"x", b""]


async def test_a_failure_is_said(asking: Asking) -> None:
    assert statuses(await asking.said(b"GET /fails HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) == [
        500
    ]
    assert statuses(await asking.said(LAST)) == [200]


async def test_what_was_asked_is_answered_before_the_end(asking: Asking) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, asking.port)
    writer.write(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
    while asking.held is None:  # noqa: ASYNC110 — as it arrives
        await asyncio.sleep(0.01)
    await asking.server.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(LOOPBACK, asking.port)
    asyncio.get_running_loop().call_later(0.1, asking.held.set_result, Reply(202))
    await asking.server.aclose()
    assert statuses(await reader.read()) == [202]
    writer.close()
