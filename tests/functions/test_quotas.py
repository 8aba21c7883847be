"""Quotas: what one tenant uses at a time, over all processes, and what it costs the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from flowforge.errors import FlowForgeError
from flowforge.metadata.limits import write_limits
from flowforge.quotas import limits, query_slot, rate, slots, stream_slot
from flowforge.stores import counters
from flowforge.stores.share import engine_settings

from .graphs import chain, per_symbol, source
from .test_execute import ask
from .test_executions import slow

pytestmark = pytest.mark.engines

PREVIEW = "/api/v1/preview"
Allow = Callable[..., Awaitable[None]]


@pytest.fixture
async def allow(stores) -> AsyncIterator[Allow]:
    """``allow("demo", queries=2)``: the operator's word, in force at once; taken back at the end."""
    changed: set[str] = set()

    def forget() -> None:
        limits._remembered.clear()
        rate._buckets.clear()

    async def change(tenant: str, **numbers: float) -> None:
        changed.add(tenant)
        await write_limits(tenant, numbers)
        forget()

    yield change
    for tenant in changed:
        await write_limits(tenant, {})
    forget()


def fresh(number: int) -> dict[str, Any]:
    """A slow question that no other one shares the answer of."""
    question = slow()
    for node in question["nodes"]:
        if node["id"] == "sums":
            node["data"]["expression"] = f"SQRT([quantity] + [quantity_right] + {number})"
    return ask(question, "count")


async def test_beyond_its_queries_a_tenant_is_told_to_wait_and_others_are_not(call, allow: Allow) -> None:
    await allow("demo", queries=2)
    heavy, light = call("preview"), call("preview", tenant="firm-alpha")
    asked = [asyncio.create_task(heavy.post(PREVIEW, json=fresh(number))) for number in range(12)]
    await asyncio.sleep(0.3)
    other = await light.post(PREVIEW, json=ask(per_symbol()))
    assert other.status_code == 200, other.text
    assert not all(each.done() for each in asked)
    answers = await asyncio.gather(*asked)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[429] >= 6
    assert statuses.keys() <= {200, 429, 504}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "rate_limited"
    assert int(refused.headers["retry-after"]) >= 1
    again = await heavy.post(PREVIEW, json=ask(chain(source(), ("limit", {"rows": 3}))))
    assert again.status_code == 200


async def test_queries_that_begin_together_wait_for_none_and_those_beside_older_ones_come_later(
    allow: Allow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await allow("demo", queries=4)
    monkeypatch.setattr(slots, "SETTLED_SECONDS", 0.2)
    async with query_slot("demo"):
        first = engine_settings()
        async with query_slot("demo"):
            beside = engine_settings()
            await asyncio.sleep(0.3)
            async with query_slot("demo"):
                later = engine_settings()
    async with query_slot("demo"):
        again = engine_settings()
    assert [each["priority"] for each in (first, beside, later, again)] == ["1", "1", "3", "1"]
    assert int(first["max_threads"]) >= int(beside["max_threads"]) >= int(later["max_threads"]) >= 1
    assert engine_settings() == {}


async def test_an_export_gives_its_slot_back_however_it_ends(call, allow: Allow) -> None:
    await allow("demo", queries=1)
    client = call("execute")
    for _ in range(3):
        answer = await client.post("/api/v1/execute", json=ask(per_symbol()), headers={"accept": "text/csv"})
        assert answer.status_code == 200, answer.text
        wrong = await client.post(
            "/api/v1/execute",
            json=ask(
                chain(source(), ("formula", {"expression": "[sequence] * [sequence]", "output_column": "x"}))
            ),
            headers={"accept": "text/csv"},
        )
        assert wrong.json()["code"] == "numeric_overflow"


async def test_the_rate_is_counted_before_anything_else_is_done(call, allow: Allow) -> None:
    await allow("firm-beta", requests_per_second=0.5, burst=3)
    client = call("workspace", tenant="firm-beta")
    answers = [await client.get("/api/v1/me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    assert (await call("workspace").get("/api/v1/me")).status_code == 200


async def test_slots_are_counted_over_processes_and_lapse_with_them(allow: Allow) -> None:
    await allow("demo", streams=2)
    other = counters.Counters((await counters.counters()).redis)
    assert await other.hold("demo:streams", "of a process that died", 2, 0.4) == (1, 0)
    async with stream_slot("demo"):
        with pytest.raises(FlowForgeError, match="2 streams"):
            async with stream_slot("demo"):
                pass
        await asyncio.sleep(0.5)
        async with stream_slot("demo"):
            pass
    async with stream_slot("demo"), stream_slot("demo"):
        pass


async def test_without_redis_each_process_counts_alone(allow: Allow, monkeypatch: pytest.MonkeyPatch) -> None:
    await allow("demo", queries=1, requests_per_second=0.1, burst=5)

    async def away(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr((await counters.counters()).redis, "run", away)
    monkeypatch.setattr((await counters.counters()).redis, "client", away)
    async with query_slot("demo"):
        with pytest.raises(FlowForgeError, match="1 queries"):
            async with query_slot("demo"):
                pass
    async with query_slot("demo"):
        pass
    await rate.admit("demo")
    with pytest.raises(FlowForgeError, match=r"0\.1 times"):
        await rate.admit("demo")
