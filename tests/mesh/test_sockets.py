"""WebSockets through the gateway: both ways, counted, cut in time, and closed as the function says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from flowforge_local.mesh.manifests import Scaling

if TYPE_CHECKING:
    from .conftest import RunningMesh

SOURCE = Path(__file__).with_name("socket_function.py")
PATH = "/probe/seven/item?x=1"


async def until_idle(mesh: RunningMesh) -> None:
    async with asyncio.timeout(20):
        while mesh.revision.in_flight:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_what_is_said_crosses_both_ways_and_counts_as_a_request(talking: RunningMesh) -> None:
    async with talking.client.ws_connect(
        talking.url + PATH, protocols=("flowforge.v1", "flowforge.ticket.x"), origin=talking.url
    ) as socket:
        assert socket.protocol == "flowforge.v1"
        assert await socket.receive_str() == "hello seven 1"
        for text in ("a", "ä" * 5000):
            await socket.send_str(text)
            assert await socket.receive_str() == text
        assert talking.revision.in_flight == 1
    await until_idle(talking)


async def test_the_function_says_how_it_ends(talking: RunningMesh) -> None:
    async with talking.client.ws_connect(talking.url + PATH) as socket:
        await socket.receive_str()
        await socket.send_str("end")
        last = await socket.receive()
    assert (last.type, last.data, last.extra) == (aiohttp.WSMsgType.CLOSE, 4321, "as you wish")
    await until_idle(talking)


async def test_a_function_that_dies_is_a_restart_to_its_client(talking: RunningMesh) -> None:
    async with talking.client.ws_connect(talking.url + PATH) as socket:
        await socket.receive_str()
        await socket.send_str("crash")
        assert (await socket.receive()).data == 1012
    async with talking.client.ws_connect(talking.url + PATH) as socket:
        assert await socket.receive_str() == "hello seven 1"


async def test_a_stream_is_cut_when_its_time_is_up(mesh: Any) -> None:
    running: RunningMesh = await mesh(source=SOURCE, timeout=2, scaling=Scaling(min_scale=1))
    await running.scale_until(lambda: bool(running.revision.status()["instances"]), within=60)
    async with running.client.ws_connect(running.url + PATH) as socket:
        await socket.receive_str()
        assert (await socket.receive()).data == 1001
    await until_idle(running)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (PATH + "&refuse=1", {}, 403),
        ("/probe/echo", {}, 403),
        ("/probe/a/b/c", {}, 404),
        (PATH, {"Origin": "https://evil.example"}, 403),
        (PATH, {"Origin": "null"}, 403),
        (PATH, {"Origin": "http://127.0.0.1:1"}, 403),
        (PATH, {"Host": "evil.example"}, 421),
    ],
)
async def test_a_refused_handshake_answers_like_any_request(
    talking: RunningMesh, path: str, headers: dict[str, str], status: int
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await talking.client.ws_connect(talking.url + path, headers=headers)
    assert refused.value.status == status
    assert talking.revision.in_flight == 0


async def test_a_socket_that_is_asked_for_without_an_upgrade(talking: RunningMesh) -> None:
    async with talking.client.get(talking.url + PATH) as answer:
        assert answer.status == 426
        assert (await answer.json())["code"] == "upgrade_required"
