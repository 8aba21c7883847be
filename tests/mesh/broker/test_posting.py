"""The client of deliveries: kept connections, and servers that do not keep to what they began."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from flowforge_local.listening import LOOPBACK
from flowforge_local.mesh.broker import posting
from flowforge_local.mesh.broker.posting import Posting

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


@asynccontextmanager
async def answering(*answers: bytes, last: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that gives one of these to each request, on whatever connection; it closes after ``last`` ones.

    Its address, and for each request the port that it came from, then what it said.
    """
    said: list[bytes] = []
    remaining = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while remaining:
                head = await reader.readuntil(b"\r\n\r\n")
                said.append(str(writer.get_extra_info("peername")[1]).encode())
                said.append(head + await reader.readexactly(2))
                writer.write(remaining.pop(0))
                if last:
                    return
            await reader.read()
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, LOOPBACK)
    async with server:
        yield f"http://u:p@{LOOPBACK}:{server.sockets[0].getsockname()[1]}/a?b=1", said


@pytest.fixture
async def post() -> AsyncIterator[Posting]:
    made = Posting()
    yield made
    await made.aclose()


async def test_a_connection_serves_one_request_after_the_other(post: Posting) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nCE-Id: 1\r\n\r\nabc"
    async with answering(b"HTTP/1.1 100 Continue\r\n\r\n" + NO_CONTENT, body) as (url, said):
        first, second = [await post(url, {"ce-id": "é"}, b"{}") for _ in range(2)]
    assert (first.status, first.headers, first.body) == (204, {}, b"")
    assert (second.status, second.headers["ce-id"], second.body) == (200, "1", b"abc")
    assert said[0] == said[2]
    assert said[1].startswith(b"POST /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nAuthorization: Basic dTpw\r\nce-id: \xe9\r\nContent-Length: 2\r\n\r\n{}" in said[1]


async def test_a_connection_that_was_closed_meanwhile_is_no_failure(post: Posting) -> None:
    async with answering(NO_CONTENT, NO_CONTENT, last=True) as (url, said):
        for _ in range(2):
            assert (await post(url, {}, b"{}")).status == 204
    assert said[0] != said[2]


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", b"hello\r\n\r\n"]
)
async def test_half_an_answer_is_none(post: Posting, answer: bytes) -> None:
    async with answering(answer, last=True) as (url, _):
        with pytest.raises(ConnectionError):
            await post(url, {}, b"{}")


async def test_a_long_answer_is_cut_and_its_connection_not_used_again(
    post: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "MOST_BYTES", 10)
    long = b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n" + b"8\r\n12345678\r\n" * 2
    async with answering(long, NO_CONTENT) as (url, said):
        assert (await post(url, {}, b"{}")).body == b"1234567812"
        assert (await post(url, {}, b"{}")).status == 204
    assert said[0] != said[2]


async def test_whoever_stops_waiting_leaves_no_answer_to_the_next(post: Posting) -> None:
    async with answering(b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2") as (url, said):
        first = asyncio.ensure_future(post(url, {}, b"{}"))
        while not said:  # noqa: ASYNC110 — as it arrives
            await asyncio.sleep(0.01)
        first.cancel()
        assert (await post(url, {}, b"{}")).body == b"2"
    assert said[0] != said[2]
