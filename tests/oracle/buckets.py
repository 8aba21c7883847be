"""Buckets of time: the start of the second … month that an instant lies in, by UTC, a zone or a session.

utc      from the epoch; weeks start on Monday, months on the first
zone     by the wall clock of a zone. Up to an hour a bucket is that much time, so that a day of 25
         hours has 25 hourly buckets; longer ones follow the clock face and may last an hour more
         or less. A start that the clock skips is the first instant after the gap.
session  from the opening of the exchange's session that the instant lies in: of its regular hours
         (``rth``), or of the whole trading day (``all``: from local midnight of the session's date, or
         from an opening on the evening before it, for a day). Outside a session there is no bucket.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

SIZE = re.compile(r"(\d+)([smhdwM])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock has no zone
MONDAY = datetime(1969, 12, 29)  # noqa: DTZ001
DAY = timedelta(days=1)
FIRST, LAST = date(1990, 1, 1), date(2030, 12, 31)
"""The years whose sessions are known."""


def bucket(
    instant: datetime,
    size: str,
    anchor: str = "utc",
    timezone: str = "UTC",
    session: str = "all",
    calendar: str = "XNYS",
) -> datetime | None:
    """Start of the bucket, in UTC; None outside the session."""
    match = SIZE.fullmatch(size)
    assert match is not None, f"{size!r} is no size"
    count, unit = int(match[1]), match[2]
    if anchor == "session":
        opened = session_start(instant, calendar, session)
        if opened is None or unit in "dwM":
            return opened
        length = timedelta(seconds=count * SECONDS[unit])
        return opened + (instant - opened) // length * length
    zone = ZoneInfo(timezone if anchor == "zone" else "UTC")
    local = instant.astimezone(zone)
    wall, offset = local.replace(tzinfo=None), local.utcoffset() or timedelta()
    if unit in SECONDS and count * SECONDS[unit] <= 3600:
        return (floor(wall, count, unit) - offset).replace(tzinfo=UTC)
    return instant_of(floor(wall, count, unit), zone)


def floor(wall: datetime, count: int, unit: str) -> datetime:
    """A wall clock's time set back to the start of its bucket; hours restart at midnight."""
    if unit == "M":
        months = (wall.year * 12 + wall.month - 1) // count * count
        return datetime(months // 12, months % 12 + 1, 1)  # noqa: DTZ001
    length = timedelta(seconds=count * SECONDS[unit])
    start = MONDAY if unit == "w" else EPOCH if unit == "d" else datetime.combine(wall.date(), time())
    return start + (wall - start) // length * length


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which a zone's clock shows this time, or has jumped over it."""
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    # In a gap the earlier offset (fold 0) lands as far behind the gap's start as the time was in it.
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    low, high = (
        (wall - max(before, after)).replace(tzinfo=UTC),
        (wall - min(before, after)).replace(tzinfo=UTC),
    )
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        jumped = (middle.astimezone(zone).utcoffset() or timedelta()) != before
        low, high = (low, middle) if jumped else (middle, high)
    return high.replace(microsecond=0)


def session_start(instant: datetime, calendar: str, session: str) -> datetime | None:
    """When the session that an instant lies in opened: regular hours, or the trading day around them.

    A trading day of futures begins with the session that opens on the evening before its date.
    """
    exchange = _calendar(calendar)
    wall = instant.astimezone(exchange.tz).replace(tzinfo=None)
    day, starts = wall.date(), datetime.combine(wall.date(), time())
    if exchange.open_offset < 0:
        evening = datetime.combine(day, exchange.open_times[0][1])
        day, starts = (day + DAY, evening) if wall >= evening else (day, evening - DAY)
    if not FIRST <= day <= LAST or not exchange.is_session(str(day)):
        return None
    opened = exchange.session_open(str(day)).to_pydatetime().astimezone(UTC)
    closed = exchange.session_close(str(day)).to_pydatetime().astimezone(UTC)
    if session == "rth":
        return opened if opened <= instant < closed else None
    return instant_of(starts, exchange.tz)


@cache
def _calendar(name: str) -> Any:
    import exchange_calendars

    return exchange_calendars.get_calendar(name, start=str(FIRST), end=str(LAST))
