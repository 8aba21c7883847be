"""Buckets of time at every change of a clock, on both engines, against the oracle.

The instants lie around the changes, around the ends of sessions, and before 1970; each zone's sizes are
as many nodes of one graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oracle.buckets import bucket
from oracle.strategies import Case
from oracle.strategies.tables import Table
from oracle.tables import chain, table
from parity.checking import check
from parity.engine import ParityEngine

pytestmark = pytest.mark.engines

SIZES = (
    "1s",
    "7m",
    "30m",
    "59m",
    "1h",
    "90m",
    "2h",
    "150m",
    "5h",
    "12h",
    "1d",
    "2d",
    "3d",
    "1w",
    "1M",
    "5M",
    "12M",
)

ZONES = (
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # 5:45 ahead
    "Atlantic/Azores",  # repeats midnight
    "Pacific/Apia",  # skipped a day
)
FURTHER = (
    "America/Sao_Paulo",  # skipped midnights until 2018
    "America/Havana",
    "Pacific/Chatham",
    "Europe/London",
    "Asia/Beirut",
    "UTC",
)

EDGES = [
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "1900-01-01T01:00:00", "1899-12-30T00:00:00",
        "1969-12-31T23:59:59.500000", "1970-01-01T00:00:00", "1955-05-05T05:05:05.000001", "1999-12-31T23:59:59.999999",
        "2000-01-01T00:00:00", "2000-02-29T12:00:00", "2031-07-01T12:34:56",
    )
]  # fmt: skip

AROUND = [
    timedelta(minutes=minutes)
    for minutes in (-1500, -121, -90, -61, -60, -30, -1, 0, 1, 30, 60, 90, 120, 151, 301, 1440)
]
TICK = timedelta(microseconds=1)


def moments_around(zone: str) -> list[datetime]:
    """Around the last changes of the clock before 2026, a few of the seventies, and the longest jump."""
    last = clock_changes(zone, 2005, 2026)
    changes = [
        *clock_changes(zone, 1970, 1978),
        *last[-8:],
        *[each for each in last if _is_a_day(each, zone)],
    ]
    found = {change + each for change in changes for each in AROUND}
    found |= {change + tick for change in changes for tick in (-TICK, TICK)}
    return sorted(found | set(EDGES))


def _is_a_day(change: datetime, zone: str) -> bool:
    before, after = ((change + each).astimezone(ZoneInfo(zone)) for each in (-TICK, 0 * TICK))
    return (after.date() - before.date()).days > 1


def clock_changes(zone: str, first: int, last: int) -> list[datetime]:
    """To the quarter of an hour, as they are since 1970 in these zones."""
    place = ZoneInfo(zone)
    step = timedelta(minutes=15)
    at, end, found = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC), []
    while at < end:
        day = at + timedelta(days=1)
        if day.astimezone(place).utcoffset() != at.astimezone(place).utcoffset():
            while (at + step).astimezone(place).utcoffset() == at.astimezone(place).utcoffset():
                at += step
            found.append(at + step)
        at = day
    return found


def bucketed(moments: Iterable[datetime], configs: Iterable[Mapping[str, Any]]) -> Case:
    """One row per moment, one node per configuration."""
    rows = table(
        {"symbol": "string", "seq": "int64", "t": "datetime"},
        *[("A", index, moment) for index, moment in enumerate(moments)],
    )
    steps = [
        ("time_bucket", {"column": "t", "output_column": f"b{index}", **config})
        for index, config in enumerate(configs)
    ]
    graph = chain(*steps, source="flowforge.moments")
    return Case((Table("moments", rows, ()),), graph, "target", None)


@pytest.mark.parametrize("zone", [*ZONES, *[pytest.param(each, marks=pytest.mark.slow) for each in FURTHER]])
def test_zones(zone: str, parity_engines: tuple[ParityEngine, ...]) -> None:
    configs = [{"size": size, "anchor": "zone", "timezone": zone} for size in SIZES]
    check(bucketed(moments_around(zone), configs), parity_engines)


def test_utc(parity_engines: tuple[ParityEngine, ...]) -> None:
    check(bucketed(moments_around("America/New_York"), [{"size": size} for size in SIZES]), parity_engines)


def test_starts_of_units_before_1970(parity_engines: tuple[ParityEngine, ...]) -> None:
    rows = table(
        {"symbol": "string", "seq": "int64", "t": "datetime"},
        *[("A", index, moment) for index, moment in enumerate(EDGES)],
    )
    units = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
    steps = [
        ("formula", {"expression": f"DATE_TRUNC('{unit}', [t])", "output_column": unit}) for unit in units
    ]
    check(
        Case((Table("moments", rows, ()),), chain(*steps, source="flowforge.moments"), "target", None),
        parity_engines,
    )


DAYS = [
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "2024-07-03",  # closes at 13:00
        "2024-07-04",  # a holiday
        "2024-11-29",
        "2001-09-11",  # closed for the week
        "2024-03-08",  # the Friday before summer time
        "2024-03-11",  # the Monday after
        "1992-12-24",  # closes at 14:00
        "2024-01-15",
        "2026-12-24",
        "1989-12-29",  # before what is known
    )
]
CLOCK = [
    *range(0, 2880, 233),
    0,
    300,
    810,
    869,
    870,
    930,
    1019,
    1020,
    1080,
    1140,
    1200,
    1259,
    1260,
    1320,
    1380,
    1439,
]


@pytest.mark.parametrize("calendar", ["XNYS", "XLON", "CMES", "24/7"])
def test_sessions(calendar: str, parity_engines: tuple[ParityEngine, ...]) -> None:
    moments = {
        day + timedelta(minutes=minutes) + tick
        for day in DAYS
        for minutes in CLOCK
        for tick in (-TICK, 0 * TICK)
    }
    configs = [
        {"size": size, "anchor": "session", "session": session, "calendar": calendar}
        for size in ("1m", "7m", "30m", "1h", "5h", "1d")
        for session in ("rth", "all")
    ]
    check(bucketed(sorted(moments), configs), parity_engines)


def hours_of(day: str, zone: str) -> Iterator[datetime]:
    """Every minute of a day of a zone's clock, in UTC."""
    place = ZoneInfo(zone)
    moment = datetime.fromisoformat(day).replace(tzinfo=place).astimezone(UTC)
    while str(moment.astimezone(place).date()) == day:
        yield moment
        moment += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "hourly", "half_hourly"), [("2024-03-10", 23, 46), ("2024-11-03", 25, 50), ("2024-06-03", 24, 48)]
)
def test_days_of_23_and_25_hours(
    day: str, hourly: int, half_hourly: int, parity_engines: tuple[ParityEngine, ...]
) -> None:
    moments = list(hours_of(day, "America/New_York"))
    sizes = {"1h": hourly, "30m": half_hourly, "1d": 1}
    for size, count in sizes.items():
        assert len({bucket(each, size, "zone", "America/New_York") for each in moments}) == count
    configs = [{"size": size, "anchor": "zone", "timezone": "America/New_York"} for size in sizes]
    check(bucketed(moments, configs), parity_engines)
