"""Judge many messages of one raw partition: what goes on, what is refused and why, and the counts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from flowforge_pipeline.messages import Accepted, Kind, Reason, World, check, encode, instant_text
from flowforge_pipeline.messages.fields import PAYLOADS
from flowforge_pipeline.messages.validation import MAX_BYTES
from flowforge_pipeline.normalise import rules
from flowforge_pipeline.normalise.few import judge_few
from flowforge_pipeline.normalise.journal import Line
from flowforge_pipeline.normalise.judged import (
    DUPLICATES,
    FEW,
    FUTURE_NS,
    MOST_DUPLICATES_SHOWN,
    NORMALISED,
    IsNew,
    Judged,
    Raw,
    put_aside,
    refuse,
)
from flowforge_pipeline.normalise.steps import Instruments, aligned, mapped


def judge(raw: Raw, instruments: Instruments, is_new: IsNew, now: int) -> Judged:
    """``is_new`` says of ids whether they were never accepted, and remembers them; ``now`` is in nanoseconds."""
    if len(raw.values) <= FEW:
        return judge_few(raw, instruments, is_new, now)
    judged = Judged()
    rows = _readable(raw, judged, instruments, now)
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
        put_aside(judged, raw, position, event_id, Reason.DUPLICATE_ID, "The event was accepted before.", now)
    accepted = rows.filter(new)
    judged.counts[NORMALISED] += accepted.height
    judged.normalised = _lines(raw.kind, accepted)
    return judged


def _readable(raw: Raw, judged: Judged, instruments: Instruments, now: int) -> pl.DataFrame:
    """The messages that are right by themselves, in order, as the columns of ``rules.flattened``."""
    quick = _by_columns(raw)
    done = set() if quick is None else set(quick["position"].to_list())
    world = World(now + FUTURE_NS, instruments.symbols)
    positions, texts = [], []
    for position, value in enumerate(raw.values):
        if position in done:
            continue
        found = check(raw.kind, value, world)
        if isinstance(found, Accepted):
            positions.append(position)
            texts.append(_canonical(found))
        else:
            refuse(judged, raw, position, found.event_id, found.reason, found.detail, now)
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
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if read.height != len(usable):
        return None
    positions, values = zip(*usable, strict=True) if usable else ((), ())
    rows = read.with_columns(
        position=pl.Series(positions, dtype=pl.Int64), text=pl.Series(values, dtype=pl.Binary).cast(pl.String)
    )
    return rows.filter(rules.right(raw.kind) & rules.exact(raw.kind)).drop("text")


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
        refuse(judged, raw, position, event_id, Reason.FUTURE_TIME, detail, now)
    return rows if early.height == 0 else rows.filter(latest <= now + FUTURE_NS)


def _known(rows: pl.DataFrame, raw: Raw, judged: Judged, now: int, instruments: Instruments) -> pl.DataFrame:
    places = mapped(rows.select("time", symbol=pl.col("p.symbol")), instruments)
    strange = places["instrument_id"].is_null()
    for position, event_id, symbol in (
        rows.filter(strange).select("position", "event_id", "p.symbol").iter_rows()
    ):
        detail = f"{symbol} is not the symbol of an instrument at that time."
        refuse(judged, raw, position, event_id, Reason.UNKNOWN_SYMBOL, detail, now)
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
