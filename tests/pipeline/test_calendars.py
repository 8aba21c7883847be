"""The shipped calendars are what the library says, which is asked for everything else."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from exchange_calendars import get_calendar

from flowforge_pipeline.calendars import shipped
from flowforge_pipeline.sessions import sessions_of

FIRST, LAST = date(1999, 1, 1), date(2028, 12, 31)


@pytest.mark.parametrize("name", ["XNYS", "CMES", "XLON", "24/7"])
def test_a_shipped_calendar(name: str) -> None:
    """Every session of thirty years: holidays, half days, both changes of the clock."""
    library = get_calendar(name, start=FIRST.isoformat(), end=LAST.isoformat())
    known = shipped(name, FIRST, LAST)
    assert known is not None
    zone, frame = known
    instants = {
        column: pl.Series(library.schedule[column].astype("int64").to_numpy()).cast(pl.Datetime("ns", "UTC"))
        for column in ("open", "close")
    }
    wanted = pl.DataFrame({"day": [stamp.date() for stamp in library.schedule.index], **instants})
    assert (zone, frame.schema) == (str(library.tz), wanted.schema)
    assert frame.equals(wanted)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("XTKS", FIRST, LAST),
        ("XNYS", date(1985, 1, 1), date(1985, 12, 31)),
        ("XNYS", LAST, date(2031, 12, 31)),
        ("../instruments", FIRST, LAST),
    ],
)
def test_what_is_not_shipped(name: str, start: date, end: date) -> None:
    assert shipped(name, start, end) is None


def test_a_year_before_the_shipped_ones_comes_from_the_library() -> None:
    sessions = sessions_of("XNYS", date(1987, 1, 1), date(1987, 12, 31))
    assert sessions is not None
    assert sessions.frame.height == 253
