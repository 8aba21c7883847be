"""Buckets of time, by hand: zones, days of 23 and 25 hours, sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oracle.buckets import bucket


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("size", "start"),
    [
        ("1s", "2024-03-10T07:45:59Z"),
        ("5m", "2024-03-10T07:45:00Z"),
        ("1h", "2024-03-10T07:00:00Z"),
        ("4h", "2024-03-10T04:00:00Z"),
        ("1d", "2024-03-10T00:00:00Z"),
        ("1w", "2024-03-04T00:00:00Z"),
        ("1M", "2024-03-01T00:00:00Z"),
        ("3M", "2024-01-01T00:00:00Z"),
    ],
)
def test_utc(size: str, start: str) -> None:
    assert bucket(instant("2024-03-10T07:45:59.999999Z"), size) == instant(start)


@pytest.mark.parametrize(
    ("at", "size", "zone", "start"),
    [
        # 2024-03-10: New York's clocks jump from 02:00 to 03:00 at 07:00 UTC.
        ("2024-03-10T06:59:59Z", "1h", "America/New_York", "2024-03-10T06:00:00Z"),
        ("2024-03-10T07:00:00Z", "1h", "America/New_York", "2024-03-10T07:00:00Z"),
        ("2024-03-10T07:30:00Z", "2h", "America/New_York", "2024-03-10T07:00:00Z"),  # 02:00 is skipped
        ("2024-03-10T15:00:00Z", "1d", "America/New_York", "2024-03-10T05:00:00Z"),
        ("2024-03-11T03:59:59Z", "1d", "America/New_York", "2024-03-10T05:00:00Z"),
        ("2024-03-11T04:00:00Z", "1d", "America/New_York", "2024-03-11T04:00:00Z"),
        # 2024-11-03: 01:00…02:00 happens twice, at 05:00 and at 06:00 UTC.
        ("2024-11-03T05:30:00Z", "1h", "America/New_York", "2024-11-03T05:00:00Z"),
        ("2024-11-03T06:30:00Z", "1h", "America/New_York", "2024-11-03T06:00:00Z"),
        ("2024-11-03T06:30:00Z", "2h", "America/New_York", "2024-11-03T04:00:00Z"),
        ("2024-11-03T06:30:00Z", "1w", "America/New_York", "2024-10-28T04:00:00Z"),
        ("2024-11-30T12:00:00Z", "1M", "America/New_York", "2024-11-01T04:00:00Z"),
        # Half-hour offsets.
        ("2024-01-01T00:10:00Z", "1h", "Asia/Kolkata", "2023-12-31T23:30:00Z"),
        # Beirut's midnight of 2024-03-31 does not exist: the day starts at 01:00.
        ("2024-03-31T10:00:00Z", "1d", "Asia/Beirut", "2024-03-30T22:00:00Z"),
    ],
)
def test_zone(at: str, size: str, zone: str, start: str) -> None:
    assert bucket(instant(at), size, "zone", zone) == instant(start)


@pytest.mark.parametrize(("day", "hours"), [("2024-03-10", 23), ("2024-11-03", 25), ("2024-06-03", 24)])
def test_hours_of_a_day(day: str, hours: int) -> None:
    noon = instant(f"{day}T12:00:00-05:00")
    minutes = [noon + timedelta(minutes=each) for each in range(-1500, 1500)]
    of_day = bucket(noon, "1d", "zone", "America/New_York")
    inside = [each for each in minutes if bucket(each, "1d", "zone", "America/New_York") == of_day]
    assert len({bucket(each, "1h", "zone", "America/New_York") for each in inside}) == hours


@pytest.mark.parametrize(
    ("at", "size", "session", "start"),
    [
        ("2024-01-02T14:29:59Z", "30m", "rth", None),
        ("2024-01-02T14:30:00Z", "1h", "rth", "2024-01-02T14:30:00Z"),
        ("2024-01-02T16:29:59Z", "1h", "rth", "2024-01-02T15:30:00Z"),
        ("2024-01-02T20:59:59Z", "1d", "rth", "2024-01-02T14:30:00Z"),
        ("2024-01-02T21:00:00Z", "1h", "rth", None),
        ("2024-07-03T16:59:59Z", "1h", "rth", "2024-07-03T16:30:00Z"),  # a half day: the last bucket is short
        ("2024-07-03T17:00:00Z", "1h", "rth", None),
        ("2024-07-04T15:00:00Z", "1h", "rth", None),  # a holiday
        ("2024-07-05T13:30:00Z", "1h", "rth", "2024-07-05T13:30:00Z"),  # 09:30 in summer
        ("2024-01-02T21:30:00Z", "1h", "all", "2024-01-02T21:00:00Z"),
        ("2024-01-02T21:30:00Z", "1d", "all", "2024-01-02T05:00:00Z"),
        ("2024-01-06T15:00:00Z", "1h", "all", None),  # a Saturday
    ],
)
def test_session(at: str, size: str, session: str, start: str | None) -> None:
    expected = None if start is None else instant(start)
    assert bucket(instant(at), size, "session", session=session) == expected
