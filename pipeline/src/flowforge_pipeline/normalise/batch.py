"""Judge many messages of one raw partition: what goes on, what is refused and why, and the counts."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flowforge_pipeline.messages import Accepted, Kind, Reason, check, encode, instant_text
from flowforge_pipeline.messages.fields import PAYLOADS
from flowforge_pipeline.messages.validation import MAX_BYTES
from flowforge_pipeline.normalise import rules
from flowforge_pipeline.normalise.journal import Line
from flowforge_pipeline.normalise.steps import Instruments, aligned, mapped

FUTURE_NS = 10_000_000_000
"""A clock may run ahead of ours by so much."""
FEW = 200
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


def judge(raw: Raw, instruments: Instruments, is_new: IsNew, now: int) -> Judged:
    """``is_new`` says of ids whether they were never accepted, and remembers them; ``now`` is in nanoseconds."""
    judged = Judged()
    rows = _readable(raw, judged, now)
    rows = rows.pipe(_timely, raw, judged, now).pipe(_known, raw, judged, now, instruments)
    if rows.height == 0:
        return judged
    new = pl.Series(is_new(rows["event_id"].to_list()))
    again = rows.filter(~new)
    judged.counts[DUPLICATES] += again.height
    if again.height:
        judged.samples[Reason.DUPLICATE_ID] = again["event_id"][0]
    shown = again.head(MOST_DUPLICATES_SHOWN)
    for position, event_id in shown.select("position", "event_id").iter_rows():
        _put_aside(
            judged, raw, position, event_id, Reason.DUPLICATE_ID, "The event was accepted before.", now
        )
    accepted = rows.filter(new)
    judged.counts[NORMALISED] += accepted.height
    judged.normalised = _lines(raw.kind, accepted)
    return judged


def _readable(raw: Raw, judged: Judged, now: int) -> pl.DataFrame:
    """The messages that are right by themselves, in order, as the columns of ``rules.flattened``."""
    quick = _by_columns(raw) if len(raw.values) > FEW else None
    done = set() if quick is None else set(quick["position"].to_list())
    positions, texts = [], []
    for position, value in enumerate(raw.values):
        if position in done:
            continue
        found = check(raw.kind, value)
        if isinstance(found, Accepted):
            positions.append(position)
            texts.append(_canonical(found))
        else:
            _refuse(judged, raw, position, found.event_id, found.reason, found.detail, now)
    slow = _read(raw.kind, texts).with_columns(position=pl.Series(positions, dtype=pl.Int64))
    return slow if quick is None else pl.concat([quick, slow]).sort("position")


def _by_columns(raw: Raw) -> pl.DataFrame | None:
    """What is plainly right. None where the batch holds something that is not even JSON of the usual types."""
    usable = [
        (position, value)
        for position, value in enumerate(raw.values)
        if value and len(value) <= MAX_BYTES and b"\n" not in value and value[0] == 123  # {
    ]
    try:
        read = _read(raw.kind, [value for _, value in usable])
    except pl.exceptions.ComputeError:
        return None
    if read.height != len(usable):
        return None
    numbered = read.with_columns(position=pl.Series([position for position, _ in usable], dtype=pl.Int64))
    return numbered.filter(rules.right(raw.kind))


def _read(kind: Kind, values: Sequence[bytes]) -> pl.DataFrame:
    schema = rules.schema(kind)
    frame = pl.read_ndjson(b"\n".join(values), schema=schema) if values else pl.DataFrame(schema=schema)
    return frame.select(rules.flattened(kind))


def _canonical(found: Accepted) -> bytes:
    at = instant_text(found.nanoseconds)
    payload = {**found.payload, "event_time": at}
    return encode(found.event_id, at, instant_text(found.ingested), found.source, found.entity_id, payload)


def _timely(rows: pl.DataFrame, raw: Raw, judged: Judged, now: int) -> pl.DataFrame:
    latest = pl.max_horizontal("time", "ingested").dt.timestamp("ns")
    early = rows.filter(latest > now + FUTURE_NS)
    for position, event_id, at in early.select("position", "event_id", latest).iter_rows():
        detail = f"{instant_text(at)} lies in the future."
        _refuse(judged, raw, position, event_id, Reason.FUTURE_TIME, detail, now)
    old = rows.filter(pl.col("time").dt.timestamp("ns") < 0)
    for position, event_id in old.select("position", "event_id").iter_rows():
        _refuse(judged, raw, position, event_id, Reason.TOO_OLD, "event_time is before 1970.", now)
    if early.height == 0 and old.height == 0:
        return rows
    return rows.filter((latest <= now + FUTURE_NS) & (pl.col("time").dt.timestamp("ns") >= 0))


def _known(rows: pl.DataFrame, raw: Raw, judged: Judged, now: int, instruments: Instruments) -> pl.DataFrame:
    places = mapped(rows.select("time", symbol=pl.col("p.symbol")), instruments)
    strange = places["instrument_id"].is_null()
    for position, event_id, symbol in (
        rows.filter(strange).select("position", "event_id", "p.symbol").iter_rows()
    ):
        detail = f"{symbol} is not the symbol of an instrument at that time."
        _refuse(judged, raw, position, event_id, Reason.UNKNOWN_SYMBOL, detail, now)
    if strange.any():
        rows, places = rows.filter(~strange), places.filter(~strange)
    if rows.height == 0:
        return rows
    days = aligned(places.select("time", "calendar"))
    return rows.with_columns(
        places["instrument_id"].alias("p.instrument_id"),
        days["trade_date"].dt.to_string("%Y-%m-%d").alias("p.trade_date"),
        days["session"].cast(pl.String).alias("p.session"),
    )


def _lines(kind: Kind, rows: pl.DataFrame) -> list[Line]:
    """Complete envelopes, written by columns."""
    at = pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.9fZ")
    payload = [
        at.alias(field.name)
        if field.type == "instant"
        else pl.col(f"p.{field.name}").fill_null(field.default).alias(field.name)
        if field.default is not None and not field.required
        else pl.col(f"p.{field.name}").alias(field.name)
        for field in PAYLOADS[kind].fields
    ]
    envelope = pl.struct(
        "event_id",
        at.alias("event_time"),
        pl.col("ingested").dt.strftime("%Y-%m-%dT%H:%M:%S%.9fZ").alias("ingest_time"),
        "source",
        "schema_version",
        "entity_id",
        pl.struct(payload).alias("payload"),
    )
    written = rows.select(
        pl.col("entity_id").cast(pl.Binary), value=envelope.struct.json_encode().cast(pl.Binary)
    )
    return list(zip(written["entity_id"].to_list(), written["value"].to_list(), strict=True))


def _refuse(
    judged: Judged, raw: Raw, position: int, event_id: str, reason: Reason, detail: str, now: int
) -> None:
    judged.counts[f"quarantined:{reason}"] += 1
    judged.samples.setdefault(reason, event_id)
    _put_aside(judged, raw, position, event_id, reason, detail, now)


def _put_aside(
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


__all__ = ["DUPLICATES", "NORMALISED", "Judged", "Raw", "judge", "reasons"]
