"""One read for all who ask meanwhile, and none older than was promised."""

from __future__ import annotations

import asyncio

from flowforge.remembered import Remembered


class Source:
    """Answers with how often it was read, once it is let go."""

    def __init__(self) -> None:
        self.reads = 0
        self.go = asyncio.Event()
        self.failing = False

    async def read(self, key: str) -> str:
        self.reads += 1
        mine = self.reads
        await self.go.wait()
        if self.failing:
            raise ConnectionError(key)
        return f"{key}{mine}"


async def test_those_who_ask_meanwhile_share_one_read_and_the_next_ones_its_answer() -> None:
    source = Source()
    known = Remembered(source.read, 60)
    asking = [asyncio.create_task(known("a")) for _ in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()  # its read goes on for the others
    source.go.set()
    assert await asyncio.gather(*asking[1:], known("b")) == ["a1", "a1", "b2"]
    assert await known("a") == "a1"
    assert source.reads == 2


async def test_what_was_forgotten_while_it_was_read_is_read_again() -> None:
    source = Source()
    known = Remembered(source.read, 60)
    before = asyncio.create_task(known("a"))
    await asyncio.sleep(0)
    known.forget("a")
    after = asyncio.create_task(known("a"))
    source.go.set()
    assert await before == "a1"
    assert await after == "a2"
    assert await known("a") == "a2"


async def test_an_error_is_everybodys_who_waits_and_not_remembered() -> None:
    source = Source()
    source.failing = True
    known = Remembered(source.read, 60)
    source.go.set()
    found = await asyncio.gather(known("a"), known("a"), return_exceptions=True)
    assert [type(each) for each in found] == [ConnectionError, ConnectionError]
    source.failing = False
    assert await known("a") == "a2"


async def test_an_old_answer_is_read_again() -> None:
    source = Source()
    source.go.set()
    known = Remembered(source.read, 0)
    assert await known("a") == "a1"
    assert await known("a") == "a2"
    assert known.last("a", None) == "a2"
