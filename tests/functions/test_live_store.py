"""The live path's scripts on a real Valkey: each event once, windows that end, channels that are bounded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from flowforge.stores.live import Effect, LiveStore, Position, live_store
from flowforge.stores.live_scripts import CHANGES, CHANNEL_ENTRIES, TERMS_USED

pytestmark = pytest.mark.engines


@pytest.fixture
async def store(stores: Any) -> LiveStore:
    return await live_store()


@pytest.fixture
def channel() -> str:
    return f"demo/dashboard/{uuid4()}"


async def closed(store: LiveStore, channel: str) -> list[Any]:
    """What a channel says once its window has ended."""
    async with asyncio.timeout(20):
        while not (said := await said_on(store, channel, (0, 0))):
            await store.flush()
            await asyncio.sleep(0.01)
    return [json.loads(message) for _, message in said]


async def said_on(store: LiveStore, channel: str, after: Position) -> Sequence[tuple[Position, bytes]]:
    return (await store.past([channel], after)).histories[0]


async def test_an_event_that_comes_again_does_nothing(store: LiveStore, channel: str) -> None:
    table = f"tests.{uuid4().hex}"
    effect = Effect(uuid4().hex, [table], [(channel, ["b", "a"])])
    assert await store.commit(50, [effect, effect]) == 1
    assert await store.commit(50, [effect]) == 0
    assert await store.client("GET", CHANGES + table) == b"1"
    assert await closed(store, channel) == [{"type": "invalidate", "widget_ids": ["a", "b"]}]


async def test_a_window_gathers_what_many_events_make_stale(store: LiveStore, channel: str) -> None:
    widgets = [f"w{number:04}" for number in range(1_200)]  # more than one SADD takes
    effects = [
        Effect(uuid4().hex, stale=[(channel, widgets[: number + 1])]) for number in range(0, 1_200, 50)
    ]
    effects.append(Effect(uuid4().hex, stale=[(channel, widgets)]))
    assert await store.commit(300, effects) == len(effects)
    assert await said_on(store, channel, (0, 0)) == []
    (message,) = await closed(store, channel)
    assert message["widget_ids"] == widgets


async def test_the_feed_has_every_message_in_order_and_a_channel_the_last_of_its_own(
    store: LiveStore, channel: str
) -> None:
    assert (await store.extent(channel)).oldest is None
    start = await store.end_of_feed()
    count = 3 * CHANNEL_ENTRIES
    texts = [json.dumps({"number": number}) for number in range(count)]
    await store.commit(50, [Effect(uuid4().hex, messages=[(channel, text, True)]) for text in texts])
    heard, after = [], start
    while len(heard) < count:
        entries = await store.read_feed(after)
        after = entries[-1].position
        heard += [entry.message.decode() for entry in entries if entry.channel == channel]
    assert heard == texts
    kept = await said_on(store, channel, start)
    assert [message.decode() for _, message in kept] == texts[-len(kept) :]
    assert CHANNEL_ENTRIES <= len(kept) < count
    extent = await store.extent(channel)
    assert extent.trimmed
    assert extent.oldest == kept[0][0]


async def test_terms_are_kept_while_they_are_used_and_their_edition_tells_of_others(
    store: LiveStore,
) -> None:
    first, second = f"w/{uuid4().hex}", f"w/{uuid4().hex}"
    await store.keep_terms({first: b"1", second: b"2"})
    edition = await store.terms_edition()
    await store.keep_terms({first: b"1"})
    assert await store.terms_edition() == edition
    names, unknown = await store.kept_terms({first})
    assert {first, second} <= names
    assert b"2" in unknown
    assert b"1" not in unknown
    await store.client("ZADD", TERMS_USED, 1, second)
    await store.keep_terms({})
    assert await store.terms_edition() > edition
    names, _ = await store.kept_terms(())
    assert first in names
    assert second not in names


async def test_a_ticket_is_taken_once(store: LiveStore) -> None:
    digest = uuid4().hex
    await store.keep_ticket(digest, b"content", 30)
    assert [await store.take_ticket(digest) for _ in range(2)] == [b"content", None]
