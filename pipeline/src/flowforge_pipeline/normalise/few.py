"""Judge a handful of messages without columns, which would take longer to set up than the messages take.

The same outcome as ``batch.judge`` on columns, to the byte; a test compares the two.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flowforge_pipeline.messages import Accepted, Reason, World, check, encode, instant_text
from flowforge_pipeline.normalise.judged import (
    DUPLICATES,
    FUTURE_NS,
    NORMALISED,
    IsNew,
    Judged,
    Raw,
    put_aside,
    refuse,
)
from flowforge_pipeline.normalise.steps import ZONE, Instruments
from flowforge_pipeline.sessions import EXTENDED, REGULAR, UNKNOWN, sessions_of


def judge_few(raw: Raw, instruments: Instruments, is_new: IsNew, now: int) -> Judged:
    """See ``batch.judge``."""
    judged = Judged()
    world = World(now + FUTURE_NS, instruments.symbols)
    for position, value in enumerate(raw.values):
        found = check(raw.kind, value, world)
        if not isinstance(found, Accepted):
            refuse(judged, raw, position, found.event_id, found.reason, found.detail, now)
            continue
        refused = _complete(found, instruments)
        if refused is not None:
            refuse(judged, raw, position, found.event_id, *refused, now)
        elif is_new([found.event_id])[0]:
            judged.counts[NORMALISED] += 1
            judged.normalised.append((found.entity_id.encode(), _line(found)))
        else:
            judged.counts[DUPLICATES] += 1
            judged.samples.setdefault(Reason.DUPLICATE_ID, found.event_id)
            detail = "The event was accepted before."
            put_aside(judged, raw, position, found.event_id, Reason.DUPLICATE_ID, detail, now)
    return judged


def _complete(found: Accepted, instruments: Instruments) -> tuple[Reason, str] | None:
    """Fill in what the normaliser knows, or say why the message is refused."""
    symbol = found.payload["symbol"]
    listing = instruments.find(symbol, _local_day(found.nanoseconds, ZONE))
    if listing is None:
        return Reason.UNKNOWN_SYMBOL, f"{symbol} is not the symbol of an instrument at that time."
    day, session = _place(found.nanoseconds, listing.calendar)
    found.payload.update(
        instrument_id=listing.instrument_id,
        trade_date=day.isoformat(),
        session=session,
        event_time=instant_text(found.nanoseconds),
    )
    return None


def _line(found: Accepted) -> bytes:
    at, payload = found.payload["event_time"], found.payload
    return encode(found.event_id, at, instant_text(found.ingested), found.source, found.entity_id, payload)


def _place(nanoseconds: int, calendar: str) -> tuple[date, str]:
    """Trade date and session, as ``sessions.label`` gives them."""
    known = _sessions(calendar, _local_day(nanoseconds, "UTC").year) if calendar else None
    if known is None:
        return _local_day(nanoseconds, ZONE), UNKNOWN
    zone, opens, closes, days = known
    latest = bisect_right(opens, nanoseconds) - 1
    if latest >= 0 and nanoseconds < closes[latest]:
        return days[latest], REGULAR
    return _local_day(nanoseconds, zone), EXTENDED


@lru_cache(maxsize=64)
def _sessions(calendar: str, year: int) -> tuple[str, list[int], list[int], list[date]] | None:
    found = sessions_of(calendar, date(year, 1, 1), date(year, 12, 31))
    if found is None:
        return None
    columns: dict[str, list[Any]] = {
        name: found.frame[name].dt.timestamp("ns").to_list() for name in ("open", "close")
    }
    return found.zone, columns["open"], columns["close"], found.frame["day"].to_list()


def _local_day(nanoseconds: int, zone: str) -> date:
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).astimezone(_zone(zone)).date()


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
