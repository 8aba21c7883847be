"""Rolling volatility of one symbol from its one-minute last prices.

Close-to-close estimator: the sample standard deviation of logarithmic returns, annualised with the square
root of the number of minutes that the market is open in a year (Hull, *Options, Futures, and Other
Derivatives*, "Estimating volatility from historical data").

* A return is the logarithm of a minute's last price over that of the minute before it *in which there was
  a trade*, on the same day of the exchange: gaps are not filled and nights are not returns.
* It is stamped with the end of its minute. The windows are ``(end - 1 h, end]`` and ``(end - 24 h, end]``.
* Fewer than 30 returns say nothing: NULL.
* ``return_pct`` compares the last price with the newest one that was an hour old or older, of the same day.

Annualisation: 252 sessions of 390 minutes for shares in New York; elsewhere the open minutes of the year
by the symbol's calendar; for a market that never closes, all minutes of 365 days.

Sums of a window are differences of running sums in extended precision: with returns of 10⁻⁴ they are good
to twelve digits, of which eight are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import numpy as np
import polars as pl

from flowforge_pipeline.sessions import sessions_of
from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute

HOUR_NS, DAY_NS = 60 * MINUTE_NS, 1440 * MINUTE_NS
LEAST_RETURNS = 30
SCALE = 8
EQUITY_MINUTES = 252 * 390
UNENDING_MINUTES = 365 * 1440
_NEW_YORK = frozenset({"XNYS", "XNAS", "XASE"})
_UNITS, _LARGEST = 10.0**SCALE, 10.0**18

Floats = np.ndarray[tuple[int], np.dtype[np.floating]]


def estimates(minutes: Mapping[int, Minute], year_minutes: int) -> pl.DataFrame:
    """One row per minute with a price, by ``start`` (ns): the columns of ``metrics.rolling_volatility``.

    The first 24 hours of rows see less than their window.
    """
    priced = sorted((start, bar.last, bar.day) for start, bar in minutes.items() if bar.last)
    starts = np.array([start for start, _, _ in priced], dtype=np.int64)
    prices = np.array([last for _, last, _ in priced], dtype=np.longdouble)
    _, days = np.unique(np.array([day for _, _, day in priced], dtype=str), return_inverse=True)
    ends = starts + MINUTE_NS
    same_day = days[1:] == days[:-1]
    returns = np.log(prices[1:] / prices[:-1])[same_day]
    stamped = ends[1:][same_day]
    hour, hours = _deviation(returns, stamped, ends, HOUR_NS, year_minutes)
    day, returns_of_day = _deviation(returns, stamped, ends, DAY_NS, year_minutes)
    return pl.DataFrame(
        {
            "start": starts,
            "volatility_1h": _decimals(hour),
            "volatility_24h": _decimals(day),
            "return_pct": _decimals(_changes(prices, ends, days)),
            "returns_1h": hours,
            "returns_24h": returns_of_day,
        }
    )


@lru_cache(maxsize=256)
def minutes_per_year(calendar: str | None, year: int) -> int:
    """Minutes in which a market is open, for annualising."""
    if calendar is None:
        return UNENDING_MINUTES
    if calendar in _NEW_YORK:
        return EQUITY_MINUTES
    sessions = sessions_of(calendar, date(year, 1, 1), date(year, 12, 31))
    if sessions is None:
        return UNENDING_MINUTES
    return int((sessions.frame["close"] - sessions.frame["open"]).dt.total_minutes().sum())


def _deviation(
    returns: Floats, stamped: np.ndarray, ends: np.ndarray, length: int, year_minutes: int
) -> tuple[Floats, np.ndarray]:
    """Annualised sample deviation of the returns in ``(end - length, end]``, NaN under 30; how many they are."""
    first = np.searchsorted(stamped, ends - length, side="right")
    after = np.searchsorted(stamped, ends, side="right")
    count = after - first
    total = np.concatenate(([np.longdouble(0)], np.cumsum(returns)))
    squares = np.concatenate(([np.longdouble(0)], np.cumsum(returns * returns)))
    enough = count >= LEAST_RETURNS
    number = np.where(enough, count, 2).astype(np.longdouble)
    summed = total[after] - total[first]
    variance = (squares[after] - squares[first] - summed * summed / number) / (number - 1)
    deviation = np.sqrt(np.maximum(variance, 0) * year_minutes)
    return np.where(enough, deviation, np.nan), count


def _changes(prices: Floats, ends: np.ndarray, days: np.ndarray) -> Floats:
    """Percent against the newest price that was an hour old or older, NaN where that was another day's."""
    before = np.searchsorted(ends, ends - HOUR_NS, side="right") - 1
    known = (before >= 0) & (days[before] == days)
    return np.where(known, (prices / prices[before] - 1) * 100, np.nan)


def _decimals(values: Floats) -> pl.Series:
    """Rounded half away from zero to Decimal(18, 8); NaN and what does not fit are NULL."""
    units = np.copysign(np.floor(np.abs(values) * _UNITS + 0.5), values)
    fits = np.abs(units) < _LARGEST
    whole = np.where(fits, units, 0).astype(np.int64)
    exact = pl.Series(whole).cast(pl.Decimal(38, 0)).cast(pl.Decimal(38, SCALE)) / 10**SCALE
    decimals: pl.Series = exact.cast(pl.Decimal(18, SCALE)).set(pl.Series(~fits), None)
    return decimals
