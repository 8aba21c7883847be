"""Bucket starts that a zone's clock skips, or shows twice.

When the clock is put forward, the times between do not occur: a bucket that would start there starts
with the first instant after the gap. When it is put back, some times occur twice: a bucket starts with
the first of them. Which sizes meet such a start is known beforehand, so that SQL only says what it must.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from flowforge.formula.bucket_size import BucketSize
from flowforge.records import dataclass

FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Where changes are looked for; the rules of the last years hold on."""

_STEP = timedelta(days=10)
"""A clock that is put forward and back again within so short a time goes unnoticed."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock's face has no zone
_MONDAY = datetime(1969, 12, 29)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class ClockChange:
    """At an instant (UTC) the clock shows ``after`` instead of ``before`` (all without a zone)."""

    instant: datetime
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A start that the clock skips: ``late`` behind the beginning of the gap.

    ``as_before`` is the instant (UTC, without a zone) at which a clock left alone would have shown it.
    """

    late: timedelta
    as_before: datetime


@dataclass(frozen=True, slots=True)
class Starts:
    """Where starts of buckets fall among the changes of a clock.

    ``repeated``: some start is shown twice. ``to_midnight``: the clock once jumped to the first instant of a
    day, as Apia's did over a whole one.
    """

    skipped: tuple[Skipped, ...]
    repeated: bool
    to_midnight: bool

    @property
    def late(self) -> frozenset[timedelta]:
        """By how much skipped starts lie behind the beginnings of their gaps."""
        return frozenset(each.late for each in self.skipped)


@cache
def starts(zone: str, size: BucketSize) -> Starts:
    """Of buckets of more than an hour."""
    skipped: list[Skipped] = []
    repeated = False
    for change in clock_changes(zone):
        if change.after > change.before:
            start = floor(change.after, size)
            if change.before <= start < change.after:
                late = start - change.before
                skipped.append(Skipped(late, change.instant + late))
        elif floor(change.before - timedelta(microseconds=1), size) >= change.after:
            repeated = True
    to_midnight = any(
        each.after > each.before and each.after.time() == time() for each in clock_changes(zone)
    )
    return Starts(tuple(skipped), repeated, to_midnight)


@cache
def offsets(zone: str) -> frozenset[timedelta]:
    """By how much the zone's clock has been ahead of UTC."""
    changed = [change.after - change.instant for change in clock_changes(zone)]
    return frozenset([_offset(FIRST, ZoneInfo(zone)), *changed])


@cache
def clock_changes(zone: str) -> tuple[ClockChange, ...]:
    """All changes of a zone's clock, in order."""
    place = ZoneInfo(zone)
    found: list[ClockChange] = []
    low, offset = FIRST, _offset(FIRST, place)
    while low < LAST:
        high = low + _STEP
        if (later := _offset(high, place)) != offset:
            instant = _change_between(low, high, place).replace(tzinfo=None)
            found.append(ClockChange(instant, instant + offset, instant + later))
        low, offset = high, later
    return tuple(found)


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the change, to the second."""
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def floor(wall: datetime, size: BucketSize) -> datetime:
    """A clock's time set back to the start of its bucket."""
    if size.unit == "M":
        months = (wall.year * 12 + wall.month - 1) // size.count * size.count
        return datetime(months // 12, months % 12 + 1, 1)  # noqa: DTZ001
    origin = {"d": _EPOCH, "w": _MONDAY}.get(
        size.unit, wall.replace(hour=0, minute=0, second=0, microsecond=0)
    )
    length = timedelta(seconds=size.seconds)
    return origin + (wall - origin) // length * length
