"""What the command line shows of events and dead letters."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest

from flowforge_events.sending import Sender
from flowforge_local.mesh.broker.entries import DeadLetter
from flowforge_local.mesh.broker.looking import described, follow, structured
from flowforge_local.mesh.broker.message import Message

from .conftest import BrokerFactory, Valkey

ATTRIBUTES = {"specversion": "1.0", "type": "t", "source": "/s", "id": "1"}
JSON = {"datacontenttype": "application/json"}


def test_an_event_is_shown_in_the_json_format() -> None:
    assert structured(Message(ATTRIBUTES | JSON, b'{"a": 1}'))["data"] == {"a": 1}
    assert structured(Message(ATTRIBUTES, b"\xff"))["data_base64"] == "/w=="
    assert structured(Message(ATTRIBUTES | JSON, b"{"))["data_base64"] == "ew=="
    assert structured(Message(ATTRIBUTES, b"")) == ATTRIBUTES


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b'{"detail": "no such symbol"}', "no such symbol"), (b"plain", "plain"), (b"[1]", "[1]"), (b"", "")],
)
def test_a_dead_letter_tells_its_reason(answer: bytes, reason: str) -> None:
    why = {
        "knativeerrordest": "http://x/",
        "knativeerrorcode": "422",
        "knativeerrordata": base64.b64encode(answer).decode(),
    }
    told = described(DeadLetter("1-0", "x", 0.0, Message(ATTRIBUTES | JSON | why, b"{}")))
    assert (told["trigger"], told["code"], told["reason"]) == ("x", 422, reason)
    assert told["event"] == ATTRIBUTES | JSON | {"data": {}}
    assert json.dumps(told)


@pytest.mark.engines
async def test_events_are_followed_across_a_restart_of_valkey(broker: BrokerFactory, valkey: Valkey) -> None:
    running = await broker({})
    await running.post(id="before")
    await running.post(id="last")
    seen: list[str] = []

    async def watch() -> None:
        async for entry in follow(valkey.url, "default", last=1):
            seen.append(entry.message.attributes["id"])  # noqa: PERF401 — looked at meanwhile

    watching = asyncio.create_task(watch())
    async with asyncio.timeout(30):
        while seen != ["last"]:  # noqa: ASYNC110 — as it comes
            await asyncio.sleep(0.01)
        valkey.kill()
        await valkey.start()
        headers = {f"ce-{name}": value for name, value in (ATTRIBUTES | {"id": "after"}).items()}
        sender = Sender(running.url)  # the first try may find a connection of before
        assert await asyncio.to_thread(sender.post, headers, b"")
        while seen != ["last", "after"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    watching.cancel()
