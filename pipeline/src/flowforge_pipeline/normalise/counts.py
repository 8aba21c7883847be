"""``counts`` and ``quarantine``: what the normaliser did, from its journal and from the broker."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from flowforge_pipeline.broker import BrokerLostError, Cluster
from flowforge_pipeline.broker.reading import Reading
from flowforge_pipeline.messages import KINDS, quarantine, raw
from flowforge_pipeline.normalise.journal import FILE, Journal
from flowforge_pipeline.normalise.judged import DUPLICATES, NORMALISED, reasons
from flowforge_pipeline.process import place
from flowforge_pipeline.terminal import say

ASK_SECONDS = 1.0
"""For how long the broker is asked where a topic ends."""


@dataclass
class TopicCounts:
    """Messages of a raw topic since the home began.

    ``produced`` is what the broker received, ``waiting`` what the normaliser has not read yet;
    produced = normalised + quarantined + duplicates + waiting.
    """

    topic: str
    produced: int = 0
    normalised: int = 0
    quarantined: int = 0
    duplicates: int = 0
    waiting: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def counts() -> list[TopicCounts]:
    """Of every raw topic. What a broker lost unread is not in it: its sources send that again."""
    with closing(_journal()) as journal:
        positions = journal.execute("SELECT topic, partition, epoch, next_offset FROM positions").fetchall()
        numbers = journal.execute("SELECT topic, name, count FROM counts").fetchall()
    waiting = _waiting(positions)
    found = []
    for kind in KINDS:
        topic = raw(kind)
        named = {name: count for of, name, count in numbers if of == topic}
        refused = reasons(named.items())
        read = sum(offset for of, _, _, offset in positions if of == topic)
        found.append(
            TopicCounts(
                topic,
                produced=read + waiting.get(topic, 0),
                normalised=named.get(NORMALISED, 0),
                quarantined=sum(refused.values()),
                duplicates=named.get(DUPLICATES, 0),
                waiting=waiting.get(topic, 0),
                reasons=dict(sorted(refused.items())),
            )
        )
    return found


def show_counts(*, as_json: bool) -> int:
    """Print them; 1 where the sum is not right, which is never."""
    found = counts()
    total = {
        name: sum(getattr(one, name) for one in found)
        for name in ("produced", "normalised", "quarantined", "duplicates", "waiting")
    }
    if as_json:
        say(json.dumps({"topics": [asdict(one) for one in found], "total": total}))
    else:
        for one in found:
            say(
                f"{one.topic}: {one.produced:,} produced = {one.normalised:,} normalised + {one.quarantined:,} quarantined "
                f"+ {one.duplicates:,} duplicates + {one.waiting:,} waiting"
            )
            for reason, count in one.reasons.items():
                say(f"  {reason}: {count:,}")
    parts = total["normalised"] + total["quarantined"] + total["duplicates"] + total["waiting"]
    return 0 if total["produced"] == parts else 1


def show_quarantine(last: int, *, as_json: bool) -> int:
    """Print the newest refused messages of each topic that the journal still holds."""
    with closing(Journal(place())) as journal:
        for kind in KINDS:
            for record in _newest(journal, quarantine(kind), last):
                if as_json:
                    say(json.dumps(record, ensure_ascii=False))
                else:
                    where = f"{record['topic']}/{record['partition']} {record['offset']}"
                    say(f"{where} {record['reason']}: {record['detail']} {record['value'][:200]}")
    return 0


def _newest(journal: Journal, topic: str, last: int) -> Iterator[dict[str, Any]]:
    for block in journal.blocks(topic, journal.head(topic) - last):
        for _, value in block.lines:
            yield orjson.loads(value)["payload"]


def _journal() -> sqlite3.Connection:
    return sqlite3.connect(f"file:{place() / FILE}?mode=ro", uri=True)


def _waiting(positions: list[tuple[str, int, str, int]]) -> dict[str, int]:
    """Topic → messages that the broker has and nobody read; nothing where it is away."""
    try:
        cluster = Cluster()
        epoch = cluster.epoch()
        offsets = {(topic, part): offset for topic, part, of, offset in positions if of == epoch}
        for topic, count in cluster.partitions().items():
            if topic.startswith("raw."):
                offsets |= {(topic, part): 0 for part in range(count) if (topic, part) not in offsets}
        with Reading(cluster, epoch, offsets) as reading:
            deadline, ends = time.monotonic() + ASK_SECONDS, dict.fromkeys(offsets, -1)
            while min(ends.values(), default=0) < 0 and time.monotonic() < deadline:
                reading.fetch(0.05, 1)
                ends = {where: reading.end(where) for where in offsets}
    except BrokerLostError:
        return {}
    found: dict[str, int] = {}
    for (topic, part), end in ends.items():
        found[topic] = found.get(topic, 0) + max(0, end - offsets[topic, part])
    return found
