"""From the stream to subscribers: filters, retries, dead letters, replies, order."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from flowforge_local.mesh.broker import log

from .conftest import DELIVERY, BrokerFactory, Sink, Valkey

pytestmark = pytest.mark.engines


def to(sink: Sink, path: str, **spec: Any) -> dict[str, Any]:
    return {"subscriber": {"uri": f"{sink.url}{path}"}} | spec


async def test_each_trigger_gets_what_its_filters_want(broker: BrokerFactory, sink: Sink) -> None:
    running = await broker(
        {
            "all": to(sink, "/all"),
            "exact": to(sink, "/exact", filters=[{"exact": {"type": "a.b"}}]),
            "both": to(sink, "/both", filters=[{"prefix": {"type": "a."}}, {"suffix": {"source": "x"}}]),
            "not": to(sink, "/not", filters=[{"not": {"exact": {"tenant": "demo"}}}]),
            "old": to(sink, "/old", filter={"attributes": {"type": "a.b", "tenant": ""}}),
        }
    )
    events = [
        await running.post(type="a.b", source="/x", tenant="demo"),
        await running.post(type="a.c", source="/y"),
        await running.post(type="b", source="/x"),
    ]
    await sink.until(lambda: sum(len(each) for each in sink.received.values()) == 3 + 1 + 1 + 2 + 1)
    assert sorted(sink.ids("/all")) == sorted(events)
    assert sink.ids("/exact") == sink.ids("/both") == sink.ids("/old") == [events[0]]
    assert sorted(sink.ids("/not")) == sorted(events[1:])


@pytest.mark.parametrize("status", [404, 408, 409, 429, 500, 503])
async def test_what_may_pass_is_tried_again(broker: BrokerFactory, sink: Sink, status: int) -> None:
    sink.scripts["/x"] = [web.Response(status=status), web.Response(status=status)]
    running = await broker({"x": to(sink, "/x")})
    event = await running.post()
    await sink.until(lambda: len(sink.ids("/x")) == 3)
    assert set(sink.ids("/x")) == {event}
    assert running.brokers.dispatchers[0].dead == 0


async def test_what_nobody_takes_is_a_dead_letter_with_its_reason(
    broker: BrokerFactory, sink: Sink, valkey: Valkey
) -> None:
    sink.scripts["/x"] = [web.Response(status=422, text="no such symbol " + "x" * 2000)]
    sink.scripts["/y"] = [web.Response(status=503, text=f"try {n}") for n in range(9)]
    running = await broker({"x": to(sink, "/x"), "y": to(sink, "/y")})
    event = await running.post({"symbol": "?"}, subject="s")
    async with valkey.log() as letters:
        await sink.until(lambda: sum(each.dead for each in running.brokers.dispatchers) == 2)
        found = {letter.trigger: letter for letter in await letters.dead_letters(10)}
        assert len(sink.ids("/x")) == 1, "what is final is not tried again"
        assert len(sink.ids("/y")) == 1 + DELIVERY["retry"]
        reasons = {name: letter.message.attributes for name, letter in found.items()}
        assert reasons["x"]["knativeerrordest"] == f"{sink.url}/x"
        assert (reasons["x"]["knativeerrorcode"], reasons["y"]["knativeerrorcode"]) == ("422", "503")
        said = base64.b64decode(reasons["x"]["knativeerrordata"])
        assert said.startswith(b"no such symbol")
        assert len(said) == 1024
        assert base64.b64decode(reasons["y"]["knativeerrordata"]) == b"try 3"
        assert found["x"].message.attributes["id"] == event
        assert json.loads(found["x"].message.body) == {"symbol": "?"}


async def test_a_dead_letter_tried_again_goes_to_its_own_trigger_only(
    broker: BrokerFactory, sink: Sink, valkey: Valkey
) -> None:
    sink.scripts["/x"] = [web.Response(status=400)]
    running = await broker({"x": to(sink, "/x"), "y": to(sink, "/y")})
    event = await running.post(subject="s")
    await sink.until(lambda: running.brokers.dispatchers[0].dead == 1 and bool(sink.ids("/y")))
    async with valkey.log() as letters:
        (letter,) = await letters.dead_letters(10)
        assert await letters.revive(letter)
        assert not await letters.revive(letter), "only once"
        await sink.until(lambda: sink.ids("/x") == [event, event])
        assert await letters.dead_letters(10) == []
    headers = sink.received["/x"][1][0]
    assert not [name for name in headers if name.startswith("ce-knativeerror")]
    assert sink.ids("/y") == [event]


async def test_nobody_listening_is_tried_and_becomes_a_dead_letter(
    broker: BrokerFactory, valkey: Valkey
) -> None:
    running = await broker({"x": {"subscriber": {"uri": "http://127.0.0.1:9/"}}})
    await running.post()
    async with asyncio.timeout(10):
        while not running.brokers.dispatchers[0].dead:  # noqa: ASYNC110 — counted elsewhere
            await asyncio.sleep(0.01)
    async with valkey.log() as letters:
        (letter,) = await letters.dead_letters(1)
    assert letter.message.attributes["knativeerrorcode"] == "-1"


async def test_a_dead_letter_sink_gets_a_copy(broker: BrokerFactory, sink: Sink) -> None:
    sink.scripts["/x"] = [web.Response(status=400)]
    delivery = DELIVERY | {"deadLetterSink": {"uri": f"{sink.url}/dead"}}
    running = await broker({"x": to(sink, "/x", delivery=delivery)})
    event = await running.post()
    await sink.until(lambda: sink.ids("/dead") == [event])
    assert sink.received["/dead"][0][0]["ce-knativeerrorcode"] == "400"


def reply(kind: str, identifier: str) -> web.Response:
    headers = {"ce-specversion": "1.0", "ce-type": kind, "ce-source": "/r", "ce-id": identifier}
    return web.Response(status=200, text="{}", headers=headers, content_type="application/json")


async def test_an_event_in_reply_goes_to_the_broker(broker: BrokerFactory, sink: Sink) -> None:
    sink.scripts["/x"] = [reply("answer", "r1")]
    running = await broker(
        {
            "x": to(sink, "/x", filters=[{"exact": {"type": "question"}}]),
            "y": to(sink, "/y", filters=[{"exact": {"type": "answer"}}]),
        }
    )
    await running.post(type="question")
    await sink.until(lambda: sink.ids("/y") == ["r1"])


async def test_replies_do_not_go_round_for_ever(broker: BrokerFactory, sink: Sink) -> None:
    sink.scripts["/x"] = [reply("t", f"r{n}") for n in range(100)]
    running = await broker({"x": to(sink, "/x")})
    await running.post()
    await sink.until(lambda: running.brokers.dispatchers[0].dead == 1)
    assert len(sink.ids("/x")) < 50


async def test_a_body_that_is_no_event_is_a_failed_delivery(broker: BrokerFactory, sink: Sink) -> None:
    sink.scripts["/x"] = [web.Response(status=200, text="OK")]
    running = await broker({"x": to(sink, "/x")})
    event = await running.post()
    await sink.until(lambda: sink.ids("/x") == [event, event])


async def test_order_is_kept_per_partition_key_where_it_is_asked_for(
    broker: BrokerFactory, sink: Sink
) -> None:
    async def slowly() -> web.Response:
        await asyncio.sleep(0.1)
        return web.Response(status=503)

    sink.scripts["/x"] = [slowly]
    running = await broker({"x": to(sink, "/x", ordered=True)})
    for number in range(30):
        await running.post(id=f"{number}", partitionkey="a")
    await sink.until(lambda: len(sink.ids("/x")) == 31)
    assert sink.ids("/x") == ["0", *(str(number) for number in range(30))], "the next waits for the retry"


async def test_without_order_a_failing_event_holds_nobody_up(broker: BrokerFactory, sink: Sink) -> None:
    sink.scripts["/x"] = [web.Response(status=503, headers={"Retry-After": "60"})]
    running = await broker({"x": to(sink, "/x")})
    events = [await running.post() for _ in range(40)]
    await sink.until(lambda: len(sink.ids("/x")) == 40)
    assert sorted(sink.ids("/x")) == sorted(events)
    await sink.until(lambda: running.brokers.dispatchers[0].outstanding == 1)  # it waits as it was asked to


async def test_a_slow_subscriber_is_not_given_more_than_it_may_hold(
    broker: BrokerFactory, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowforge_local.mesh.broker.dispatcher.OUTSTANDING", 4)
    finish = asyncio.Event()

    async def slow() -> web.Response:
        await finish.wait()
        return web.Response(status=204)

    sink.scripts["/x"] = [slow] * 10
    running = await broker({"x": to(sink, "/x"), "y": to(sink, "/y")})
    events = [await running.post() for _ in range(10)]
    await sink.until(lambda: len(sink.ids("/y")) == 10 and len(sink.ids("/x")) == 4)
    assert running.brokers.dispatchers[0].outstanding == 4
    finish.set()
    await sink.until(lambda: sorted(sink.ids("/x")) == sorted(events))


async def test_only_what_every_trigger_settled_is_trimmed(
    broker: BrokerFactory, sink: Sink, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "KEPT_SECONDS", 0.0)
    finish = asyncio.Event()

    async def slow() -> web.Response:
        await finish.wait()
        return web.Response(status=204)

    running = await broker({"x": to(sink, "/x"), "y": to(sink, "/y")})
    await running.post()
    await sink.until(lambda: len(sink.ids("/x")) == 1)
    sink.scripts["/x"] = [slow]
    for _ in range(5):
        await running.post()
    await sink.until(lambda: len(sink.ids("/x")) == len(sink.ids("/y")) == 6)
    async with valkey.log() as events:
        assert await events.trim() == 5, "the oldest unsettled one and what came after it stay"
        finish.set()
        await sink.until(lambda: running.brokers.dispatchers[0].outstanding == 0)
        assert await events.trim() <= 1


async def test_the_stream_of_a_trigger_that_is_gone_holds_nothing_back(
    broker: BrokerFactory, sink: Sink, valkey: Valkey
) -> None:
    first = await broker({"x": to(sink, "/x"), "gone": to(sink, "/gone")})
    await first.brokers.aclose()
    await broker({"x": to(sink, "/x")}, fresh=False)
    async with Redis.from_url(valkey.url) as redis:
        assert [group["name"] for group in await redis.xinfo_groups("ff:broker:default:events")] == [b"x"]
