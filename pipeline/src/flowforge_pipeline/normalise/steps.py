"""What the normaliser adds to a message: its instrument as of its time, its exchange day and session.

Prices stay as traded: adjusting for splits and dividends is the reader's explicit choice, since a stored
price that was adjusted once cannot be told from one that was not. What a corporate action does here is
to end or begin the use of a symbol: a name maps to the instrument that it named on that day.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from flowforge_pipeline import instruments
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.sessions import SESSION, label

REFRESH_SECONDS = 60.0
ENDLESS = date(2149, 6, 6)
ZONE = "America/New_York"
"""Of the trade date of a symbol without a calendar."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A symbol's use for an instrument, in days of the exchange, both inclusive."""

    symbol: str
    instrument_id: str
    calendar: str
    valid_from: date
    valid_to: date


class Instruments:
    """Symbols as of a day: those that FlowForge knows out of the box, and ``reference.instruments``."""

    def __init__(self, clickhouse: ClickHouse | None) -> None:
        self._clickhouse = clickhouse
        self._asked = float("-inf")
        self._listings: dict[str, list[Listing]] = {}
        self._take(_shipped())

    @property
    def symbols(self) -> Container[str]:
        """Every symbol that ever named an instrument."""
        return self._listings.keys()

    def refresh(self) -> None:
        """Look again, at most once a minute. With ClickHouse away, what is known stays in use."""
        if self._clickhouse is None or time.monotonic() - self._asked < REFRESH_SECONDS:
            return
        try:
            rows = self._clickhouse.rows(
                "SELECT symbol, instrument_id, calendar, valid_from, valid_to FROM reference.instruments FINAL"
            )
        except PipelineError:
            return
        self._asked = time.monotonic()
        self._take([*_shipped(), *map(_listing, rows)])

    def find(self, symbol: str, day: date) -> Listing | None:
        """What the symbol named on that day."""
        for listing in self._listings.get(symbol, ()):
            if listing.valid_from <= day <= listing.valid_to:
                return listing
        return None

    def _take(self, listings: Iterable[Listing]) -> None:
        self._listings = {}
        for listing in listings:
            known = self._listings.setdefault(listing.symbol, [])
            known[:] = [one for one in known if one.valid_from != listing.valid_from] + [listing]


def mapped(rows: pl.DataFrame, known: Instruments) -> pl.DataFrame:
    """``rows`` (symbol, time) with ``instrument_id`` and ``calendar``; null where the symbol is not known then."""
    days = rows.select("symbol", day=pl.col("time").dt.convert_time_zone(ZONE).dt.date())
    pairs = days.unique()
    found = [known.find(symbol, day) for symbol, day in pairs.iter_rows()]
    names = pairs.with_columns(
        instrument_id=pl.Series([one and one.instrument_id for one in found], dtype=pl.String),
        calendar=pl.Series([one and one.calendar for one in found], dtype=pl.String),
    )
    joined = days.join(names, on=["symbol", "day"], how="left", maintain_order="left")
    return rows.hstack(joined.select("instrument_id", "calendar"))


def aligned(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` (time, calendar) with ``trade_date`` and ``session`` by the calendar."""
    calendars = rows["calendar"].unique().to_list()
    if len(calendars) == 1:
        return rows.hstack(_labels(rows["time"], calendars[0]))
    numbered = rows.with_row_index("_row")
    parts = [
        part.hstack(_labels(part["time"], calendar))
        for (calendar,), part in numbered.group_by(["calendar"], maintain_order=True)
    ]
    return pl.concat(parts).sort("_row").drop("_row")


def _labels(times: pl.Series, calendar: object) -> pl.DataFrame:
    found = label(times, str(calendar) if calendar else None, ZONE)
    return found.select(pl.col("trade_date").cast(pl.Date), pl.col("session").cast(SESSION))


def _shipped() -> list[Listing]:
    return [_listing(row) for row in instruments.known()]


def _listing(row: dict[str, str]) -> Listing:
    ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else ENDLESS
    return Listing(
        row["symbol"], row["instrument_id"], row["calendar"], date.fromisoformat(row["valid_from"]), ends
    )
