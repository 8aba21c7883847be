"""Many callers, few round trips, and to each the result that is its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from flowforge.batching import Batching


async def test_what_is_asked_for_meanwhile_is_done_together() -> None:
    batches: list[list[int]] = []
    begun = asyncio.Event()

    async def work(items: Sequence[int]) -> list[int | Exception]:
        batches.append(list(items))
        begun.set()
        await asyncio.sleep(0)
        return [ValueError(str(item)) if item == 3 else item * 10 for item in items]

    batching = Batching(work)
    first = batching(0)
    await begun.wait()
    results = await asyncio.gather(first, *(batching(item) for item in range(1, 6)), return_exceptions=True)
    assert [each for each in results if not isinstance(each, Exception)] == [0, 10, 20, 40, 50]
    assert isinstance(results[3], ValueError)
    assert batches == [[0], [1, 2, 3, 4, 5]]


async def test_a_failure_reaches_everybody_and_the_next_batch_is_tried() -> None:
    outcomes = [ConnectionError("away"), None]

    async def work(items: Sequence[int]) -> Sequence[int]:
        if (error := outcomes.pop(0)) is not None:
            raise error
        return items

    batching = Batching(work)
    gone = await asyncio.gather(batching(1), batching(2), return_exceptions=True)
    assert [str(each) for each in gone] == ["away", "away"]
    assert await batching(3) == 3


async def test_a_caller_that_goes_away_takes_nobody_along() -> None:
    release = asyncio.Event()

    async def work(items: Sequence[int]) -> Sequence[int]:
        await release.wait()
        return items

    batching = Batching(work)
    leaving, staying = batching(1), batching(2)
    await asyncio.sleep(0)
    leaving.cancel()
    release.set()
    assert await staying == 2
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_where_several_come_together_those_of_the_next_moment_do_as_well() -> None:
    batches: list[list[int]] = []

    async def work(items: Sequence[int]) -> list[int | Exception]:
        batches.append(list(items))
        return [*items]

    batching = Batching(work, pace=0.2)
    await asyncio.gather(batching(0), batching(1))
    third = batching(2)
    await asyncio.sleep(0.01)
    await asyncio.gather(third, batching(3))
    assert batches == [[0, 1], [2, 3]]


async def test_whoever_comes_alone_waits_for_nobody() -> None:
    async def work(items: Sequence[int]) -> list[int | Exception]:
        return [*items]

    batching = Batching(work, pace=3_600)
    assert [await batching(item) for item in range(3)] == [0, 1, 2]
