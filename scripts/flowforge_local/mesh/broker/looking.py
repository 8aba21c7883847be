"""Looking at a Broker's events from outside the mesh: those that come, and the dead letters."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson

from flowforge.stores.resp import FAILURES, connect
from flowforge_local.mesh.broker.entries import DeadLetter, Entry
from flowforge_local.mesh.broker.log import EventLog
from flowforge_local.mesh.broker.message import Message

WAIT_SECONDS = 2.0
REST_SECONDS = 0.5
AT_ONCE = 100
_REASON = ("knativeerrordest", "knativeerrorcode", "knativeerrordata")


async def follow(redis_url: str, broker: str, last: int) -> AsyncIterator[Entry]:
    """The ``last`` events that are kept, then every further one; waits while Valkey is away."""
    client = connect(WAIT_SECONDS * 2, redis_url)
    try:
        events = EventLog(client, broker)
        newest = await events.newest(max(last, 1))
        seen = newest[-1].id if newest else b"0-0"
        for entry in newest[len(newest) - last :]:
            yield entry
        while True:
            try:
                entries = await events.after(seen, AT_ONCE, WAIT_SECONDS)
            except FAILURES:
                await asyncio.sleep(REST_SECONDS)
                continue
            for entry in entries:
                seen = entry.id
                yield entry
    finally:
        await client.aclose()


def structured(message: Message) -> dict[str, Any]:
    """The event as one JSON object, as CloudEvents' JSON format has it."""
    found: dict[str, Any] = {name: value for name, value in message.attributes.items() if name not in _REASON}
    if not message.body:
        return found
    media_type = message.attributes.get("datacontenttype", "").partition(";")[0].strip().lower()
    if media_type.endswith(("/json", "+json")):
        try:
            return found | {"data": orjson.loads(message.body)}
        except orjson.JSONDecodeError:
            pass  # it only says that it is JSON: shown as the bytes it is
    return found | {"data_base64": base64.b64encode(message.body).decode()}


def described(letter: DeadLetter) -> dict[str, Any]:
    """A dead letter as one JSON object: its event, whose it was, and why nobody took it."""
    attributes = letter.message.attributes
    said = base64.b64decode(attributes.get("knativeerrordata", "")).decode("utf-8", errors="replace")
    return {
        "id": letter.id,
        "trigger": letter.trigger,
        "at": datetime.fromtimestamp(letter.moment, UTC).isoformat(timespec="milliseconds"),
        "destination": attributes.get("knativeerrordest"),
        "code": int(attributes.get("knativeerrorcode", "0")),
        "reason": _detail(said),
        "answer": said,
        "event": structured(letter.message),
    }


def _detail(said: str) -> str:
    """The sentence for people in a problem document; any other answer as it is."""
    try:
        document = orjson.loads(said)
    except orjson.JSONDecodeError:
        return said
    detail = document.get("detail") if isinstance(document, dict) else None
    return detail if isinstance(detail, str) else said
