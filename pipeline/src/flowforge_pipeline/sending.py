"""``flowforge pipeline send orders fills.jsonl``: one message per line to ``raw.<kind>``.

A line is a whole envelope, or only the payload, around which the envelope is written: its event id is
``<sha256 of the file>:<line>``, so that sending a file again is recognised and changes nothing. Whatever
else a line is, it is sent as it is: what is wrong with it is for the normaliser to say.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from flowforge_pipeline.broker import Cluster, Outgoing, Producer
from flowforge_pipeline.messages import encode, instant_text, raw
from flowforge_pipeline.messages.envelope import order_entity
from flowforge_pipeline.messages.topics import ALL, Kind
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.terminal import say

AT_ONCE = 20_000


def send(kind: Kind, path: Path) -> int:
    """Send every line that is not blank and return 0. FileError where the file cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"It cannot be read ({error.strerror}).", file=str(path)) from error
    cluster = Cluster()
    cluster.wait(patience=10.0)
    cluster.ensure(ALL)
    messages = list(_messages(kind, content, path.name))
    with Producer() as producer:
        for first in range(0, len(messages), AT_ONCE):
            producer.send(raw(kind), messages[first : first + AT_ONCE])
    say(f"{len(messages):,} messages to {raw(kind)}")
    return 0


def _messages(kind: Kind, content: bytes, name: str) -> Iterator[Outgoing]:
    digest = hashlib.sha256(content).hexdigest()[:16]
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            yield _message(kind, line, f"{digest}:{number}", name)


def _message(kind: Kind, line: bytes, event_id: str, name: str) -> Outgoing:
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Outgoing(event_id.encode(), line)
    if not isinstance(given, dict):
        return Outgoing(event_id.encode(), line)
    if "payload" in given:
        return Outgoing(str(given.get("entity_id", event_id)).encode(), line)
    entity = _entity(kind, given)
    now = instant_text(time.time_ns())
    value = encode(event_id, given.get("event_time", ""), now, f"file:{name}", entity, given)
    return Outgoing(entity.encode(), value)


def _entity(kind: Kind, payload: dict[str, Any]) -> str:
    symbol = str(payload.get("symbol", ""))
    if kind != "orders":
        return symbol
    return order_entity(str(payload.get("tenant_id", "")), str(payload.get("account", "")), symbol)
