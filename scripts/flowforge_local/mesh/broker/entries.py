"""What lies in a Broker's streams: events and dead letters, and the fields that they are kept as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from flowforge_local.mesh.broker.message import Message


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in the stream. ``only`` names the one Trigger it is for, if any."""

    id: bytes
    message: Message
    hops: int = 0
    only: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that a Trigger's subscriber never took; the reason is in its ``knativeerror…`` attributes."""

    id: str
    trigger: str
    moment: float
    message: Message


def fields_of(message: Message) -> tuple[str | bytes, ...]:
    """Names and values of the fields in turn: ``a`` the attributes in JSON, ``b`` the data."""
    return ("a", orjson.dumps(message.attributes), "b", message.body)


def entry_of(identifier: bytes, fields: Mapping[bytes, bytes]) -> Entry:
    """An event from the fields of its stream entry."""
    only = fields.get(b"o")
    return Entry(identifier, _message(fields), int(fields.get(b"h", b"0")), only.decode() if only else None)


def dead_letter_of(identifier: bytes, fields: Mapping[bytes, bytes]) -> DeadLetter:
    """A dead letter from the fields of its stream entry."""
    return DeadLetter(identifier.decode(), fields[b"t"].decode(), float(fields[b"w"]), _message(fields))


def number(identifier: bytes) -> tuple[int, int]:
    """An entry's id as what it is ordered by."""
    milliseconds, _, sequence = identifier.decode().partition("-")
    return int(milliseconds), int(sequence or 0)


def _message(fields: Mapping[bytes, bytes]) -> Message:
    return Message(orjson.loads(fields[b"a"]), fields[b"b"])
