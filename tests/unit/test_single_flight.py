"""Equal questions share one answer; nobody's leaving disturbs the others; the last one cancels."""

from __future__ import annotations

import asyncio

import pytest

from flowforge.results.flight import SingleFlight


class Work:
    """Counts how often it was started and cancelled; finishes when told to."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.started = self.cancelled = 0
        self.finish = asyncio.Event()
        self.failure = failure

    async def __call__(self) -> str:
        self.started += 1
        try:
            await self.finish.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failure:
            raise self.failure
        return "answer"


async def waiting(flights: SingleFlight[str], work: Work, count: int) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(flights.run("key", work)) for _ in range(count)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_equal_questions_are_run_once() -> None:
    flights, work = SingleFlight[str](), Work()
    tasks = await waiting(flights, work, 5)
    work.finish.set()
    assert await asyncio.gather(*tasks) == ["answer"] * 5
    assert work.started == 1


async def test_the_next_question_is_a_new_one() -> None:
    flights, work = SingleFlight[str](), Work()
    work.finish.set()
    await flights.run("key", work)
    await flights.run("key", work)
    assert work.started == 2


async def test_one_that_leaves_does_not_disturb_the_others() -> None:
    flights, work = SingleFlight[str](), Work()
    first, second = await waiting(flights, work, 2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert work.cancelled == 0
    work.finish.set()
    assert await second == "answer"


async def test_the_last_that_leaves_cancels_the_work() -> None:
    flights, work = SingleFlight[str](), Work()
    tasks = await waiting(flights, work, 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)
    assert work.cancelled == 1
    again = Work()
    again.finish.set()
    assert await flights.run("key", again) == "answer"


async def test_a_failure_reaches_every_waiter() -> None:
    flights, work = SingleFlight[str](), Work(ValueError("no"))
    tasks = await waiting(flights, work, 3)
    work.finish.set()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(outcome, ValueError)
    with pytest.raises(ValueError, match="no"):
        await flights.run("key", work)
