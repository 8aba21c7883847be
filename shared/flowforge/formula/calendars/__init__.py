"""Trading calendars: on which days an exchange trades, and from when until when.

The facts are files beside this one, generated from the library exchange-calendars, which the compiler
itself does not need.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flowforge.records import dataclass

FOLDER = Path(__file__).parent

FILES: Mapping[str, str] = {
    "XNYS": "XNYS.json",
    "CMES": "CMES.json",
    "XLON": "XLON.json",
    "24/7": "24_7.json",
}
"""The calendars that are known, and the file of each in ``FOLDER``."""

CALENDARS = frozenset(FILES)

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class TradingCalendar:
    """One exchange's sessions from ``first`` to ``last`` (dates as ISO texts, like all dates here).

    A trading day is called after a date of the exchange's clock and starts ``ahead`` minutes before that
    date does. It is a session if its weekday (Monday = 1) is one of ``weekdays`` and it is no holiday.
    ``opens`` and ``closes`` are minutes after its start; ``closes_at`` has the days that close at other
    minutes. No session holds a change of the clock.
    """

    name: str
    timezone: str
    first: str
    last: str
    weekdays: tuple[int, ...]
    ahead: int
    opens: int
    closes: int
    holidays: tuple[str, ...]
    closes_at: Mapping[int, tuple[str, ...]]

    @property
    def always_open(self) -> bool:
        """Whether every session lasts until its trading day ends."""
        return self.closes == MINUTES_OF_A_DAY and not self.closes_at


@cache
def trading_calendar(name: str) -> TradingCalendar:
    """A calendar of ``CALENDARS``."""
    facts = json.loads((FOLDER / FILES[name]).read_text(encoding="utf-8"))
    return TradingCalendar(
        name=facts["name"],
        timezone=facts["timezone"],
        first=facts["first"],
        last=facts["last"],
        weekdays=tuple(facts["weekdays"]),
        ahead=facts["ahead"],
        opens=facts["opens"],
        closes=facts["closes"],
        holidays=tuple(facts["holidays"]),
        closes_at={int(minutes): tuple(days) for minutes, days in facts["closes_at"].items()},
    )
