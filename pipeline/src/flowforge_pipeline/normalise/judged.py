"""What became of the messages of a batch: what goes on, what was put aside and why, and the counts."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowforge_pipeline.messages import Kind, Reason, encode, instant_text
from flowforge_pipeline.normalise.journal import Line

FUTURE_NS = 10_000_000_000
"""A clock may run ahead of ours by so much."""
FEW = 64
"""So many messages are judged one by one: columns would take longer."""
MOST_DUPLICATES_SHOWN = 100
"""Of a batch, in quarantine. All are counted; a file that is sent again would fill the topic."""
MOST_SHOWN_BYTES = 4096

NORMALISED, DUPLICATES = "normalised", "duplicates"


@dataclass(frozen=True, slots=True)
class Raw:
    """Consecutive messages of a partition of ``raw.<kind>``: their offsets and their values."""

    kind: Kind
    topic: str
    partition: int
    epoch: str
    offsets: Sequence[int]
    values: Sequence[bytes | None]


@dataclass
class Judged:
    """Every message of a batch is in exactly one of the counts. Lines are key and value of what to publish."""

    normalised: list[Line] = field(default_factory=list)
    quarantined: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)
    """Reason → id of one of the messages refused for it."""


IsNew = Callable[[Sequence[str]], NDArray[np.bool_]]


def refuse(
    judged: Judged, raw: Raw, position: int, event_id: str, reason: Reason, detail: str, now: int
) -> None:
    """Count a message as quarantined, and put it aside."""
    judged.counts[f"quarantined:{reason}"] += 1
    judged.samples.setdefault(reason, event_id)
    put_aside(judged, raw, position, event_id, reason, detail, now)


def put_aside(
    judged: Judged, raw: Raw, position: int, event_id: str, reason: Reason, detail: str, now: int
) -> None:
    """An envelope of its own, with the message as it came, for ``quarantine.<kind>``."""
    offset, at = raw.offsets[position], instant_text(now)
    payload: dict[str, Any] = {
        "reason": reason,
        "detail": detail,
        "topic": raw.topic,
        "partition": raw.partition,
        "offset": offset,
        "refused_id": event_id,
        **_shown(raw.values[position]),
    }
    own_id = f"{raw.epoch}/{raw.topic}/{raw.partition}:{offset}"
    key = event_id.encode(errors="replace").replace(b"\t", b" ").replace(b"\n", b" ")
    judged.quarantined.append((key, encode(own_id, at, at, "normalise", event_id or own_id, payload)))


def _shown(value: bytes | None) -> dict[str, Any]:
    """The message's beginning as text where it is text, else in base64."""
    head = (value or b"")[:MOST_SHOWN_BYTES]
    try:
        return {"value": head.decode(), "encoding": "text", "size": len(value or b"")}
    except UnicodeDecodeError:
        return {"value": base64.b64encode(head).decode(), "encoding": "base64", "size": len(value or b"")}


def reasons(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Of counts by name: how many were refused for which reason."""
    return {name.partition(":")[2]: number for name, number in counts if name.startswith("quarantined:")}
