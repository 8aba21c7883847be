"""Trading calendars as data, from the library exchange-calendars; ``formula.calendars`` says what the facts mean."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

FIRST, LAST = date(1990, 1, 1), date(2030, 12, 31)

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)

Sessions = Mapping[date, tuple[datetime, datetime]]
"""Opening and close by the session's date, on the exchange's clock."""


def render(name: str, notice: str) -> str:
    """The file's text; its key ``//`` carries ``notice``."""
    facts = {"//": notice, "name": name, **_facts(name)}
    members = [f"  {json.dumps(key)}: {_written(value)}" for key, value in facts.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _facts(name: str) -> dict[str, Any]:
    sessions, zone = _sessions(name)
    ahead = max(0, -_usual(_minutes(day, opened) for day, (opened, _) in sessions.items()))
    opens = {day: _minutes(day, opened) + ahead for day, (opened, _) in sessions.items()}
    closes = {day: _minutes(day, closed) + ahead for day, (_, closed) in sessions.items()}
    for day in sessions:
        _check(
            f"{name} on {day}", datetime.combine(day, time(), zone) - ahead * _MINUTE, opens[day], closes[day]
        )
    if len(set(opens.values())) > 1:
        raise ValueError(f"{name} does not always open at the same time")
    weekdays = sorted({day.isoweekday() for day in sessions})
    days = [FIRST + index * _DAY for index in range((LAST - FIRST).days + 1)]
    usual = _usual(closes.values())
    return {
        "timezone": str(zone),
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
        "weekdays": weekdays,
        "ahead": ahead,
        "opens": _usual(opens.values()),
        "closes": usual,
        "holidays": [str(day) for day in days if day.isoweekday() in weekdays and day not in sessions],
        "closes_at": {
            minutes: [str(day) for day in sessions if closes[day] == minutes]
            for minutes in sorted(set(closes.values()) - {usual})
        },
    }


@cache
def _sessions(name: str) -> tuple[Sessions, Any]:
    from exchange_calendars import get_calendar

    calendar = get_calendar(name, start=FIRST.isoformat(), end=LAST.isoformat())
    zone = calendar.tz
    found = {
        row.Index.date(): (
            row.open.to_pydatetime().astimezone(zone),
            row.close.to_pydatetime().astimezone(zone),
        )
        for row in calendar.schedule.itertuples()
    }
    return found, zone


def _check(what: str, start: datetime, opens: int, closes: int) -> None:
    """The compiler counts minutes from the start of the trading day: none may be missing or come twice."""
    if not 0 <= opens < closes <= 24 * 60:
        raise ValueError(f"{what}: the session is not within its trading day")
    if start.utcoffset() != (start + _DAY - _MINUTE).utcoffset():
        raise ValueError(f"{what}: the clock changes during the trading day")


def _minutes(day: date, moment: datetime) -> int:
    """On the clock's face, from the start of the date."""
    return round((moment.replace(tzinfo=None) - datetime.combine(day, time())) / _MINUTE)


def _usual(minutes: Iterable[int]) -> int:
    return Counter(minutes).most_common(1)[0][0]


def _written(value: Any) -> str:
    """JSON; dates have a line for each year."""
    if isinstance(value, dict) and value:
        members = [f'    "{key}": {_written(each)}' for key, each in value.items()]
        return "{\n" + ",\n".join(members) + "\n  }"
    if not isinstance(value, list) or not value or isinstance(value[0], int):
        return json.dumps(value)
    years: dict[str, list[str]] = {}
    for each in value:
        years.setdefault(each[:4], []).append(json.dumps(each))
    return "[\n    " + ",\n    ".join(", ".join(each) for each in years.values()) + "\n  ]"
