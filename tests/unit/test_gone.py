"""Work ends with its client, whenever that leaves, and a cancellation from elsewhere stays one."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.serve import gone
from flowforge.serve.gone import until_gone


class Client:
    """A client that leaves when it is told to."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.first = True

    async def receive(self) -> Any:
        if self.first:
            self.first = False
            return {"type": "http.request", "body": b""}
        await self.left.wait()
        return {"type": "http.disconnect"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(gone, "UNWATCHED_SECONDS", 0.0)
    return Client()


async def test_the_answer_of_a_client_that_stays(client: Client) -> None:
    async def work() -> str:
        await asyncio.sleep(0.02)
        return "answer"

    assert await until_gone(work(), client.receive) == "answer"


async def test_work_ends_when_its_client_leaves(client: Client) -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    asyncio.get_running_loop().call_later(0.02, client.left.set)
    with pytest.raises(FlowForgeError) as refused:
        await until_gone(work(), client.receive)
    assert refused.value.code is ErrorCode.QUERY_CANCELLED
    assert ended.is_set()
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0, "what follows is not cancelled as well"
    await asyncio.sleep(0)


async def test_a_client_that_left_before_it_was_watched(client: Client) -> None:
    client.left.set()
    with pytest.raises(FlowForgeError):
        await until_gone(asyncio.sleep(60), client.receive)


async def test_a_cancellation_from_elsewhere_is_one(client: Client) -> None:
    task = asyncio.ensure_future(until_gone(asyncio.sleep(60), client.receive))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_error_of_the_work_is_its_own(client: Client) -> None:
    async def work() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        await until_gone(work(), client.receive)


async def test_leaving_and_answering_at_the_same_moment(client: Client) -> None:
    """Whichever comes first, nothing of it reaches what is done next in the task."""
    for round_ in range(50):
        each = Client()
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        loop = asyncio.get_running_loop()
        for call in (each.left.set, lambda to=answered: to.set_result("answer"))[:: 1 if round_ % 2 else -1]:
            loop.call_later(0.001, call)
        with contextlib.suppress(FlowForgeError):
            assert await until_gone(answered, each.receive) == "answer"
        await asyncio.sleep(0)
        await asyncio.sleep(0)
