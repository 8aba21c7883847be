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
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import numpy as np

from flowforge_pipeline.sessions import sessions_of
from flowforge_pipeline.warm.division import ratio
from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute

HOUR_NS, DAY_NS = 60 * MINUTE_NS, 1440 * MINUTE_NS
LEAST_RETURNS = 30
SCALE = 8
EQUITY_MINUTES = 252 * 390
UNENDING_MINUTES = 365 * 1440
_NEW_YORK = frozenset({"XNYS", "XNAS", "XASE"})
_UNIT, _LARGEST = Decimal(1).scaleb(-SCALE), 10 ** (18 - SCALE)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A row of ``metrics.rolling_volatility``; ``end`` in nanoseconds, exclusive."""

    end: int
    volatility_1h: Decimal | None
    volatility_24h: Decimal | None
    return_pct: Decimal | None
    returns_1h: int
    returns_24h: int


def estimates(minutes: Mapping[int, Minute], since: int, year_minutes: int) -> Iterator[Estimate]:
    """One per minute from ``since`` on; ``minutes`` must reach 24 hours and one bar further back."""
    starts = sorted(start for start, bar in minutes.items() if bar.last)
    prices = [minutes[start].last or 0 for start in starts]
    days = [minutes[start].day for start in starts]
    ends = [start + MINUTE_NS for start in starts]
    returns = _returns(prices, days)
    stamped = [end for end, value in zip(ends, returns, strict=True) if value is not None]
    values = np.array([value for value in returns if value is not None], dtype=np.float64)
    scale = math.sqrt(year_minutes)
    for position in range(bisect_left(starts, since), len(starts)):
        end = ends[position]
        upto = bisect_right(stamped, end)
        hour, day = bisect_right(stamped, end - HOUR_NS), bisect_right(stamped, end - DAY_NS)
        before = bisect_right(ends, end - HOUR_NS) - 1
        same_day = before >= 0 and days[before] == days[position]
        yield Estimate(
            end=end,
            volatility_1h=_annualised(values[hour:upto], scale),
            volatility_24h=_annualised(values[day:upto], scale),
            return_pct=_change(prices[before], prices[position]) if same_day else None,
            returns_1h=upto - hour,
            returns_24h=upto - day,
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
    total = (sessions.frame["close"] - sessions.frame["open"]).dt.total_minutes().sum()
    return int(total)


def _returns(prices: list[int], days: list[str]) -> list[float | None]:
    found: list[float | None] = [None] * len(prices)
    for later in range(1, len(prices)):
        if days[later] == days[later - 1]:
            found[later] = math.log(prices[later] / prices[later - 1])
    return found


def _annualised(returns: np.ndarray, scale: float) -> Decimal | None:
    if len(returns) < LEAST_RETURNS:
        return None
    value = Decimal(float(np.std(returns, ddof=1)) * scale)
    return value.quantize(_UNIT, rounding=ROUND_HALF_UP) if value < _LARGEST else None


def _change(before: int, now: int) -> Decimal | None:
    percent = ratio((now - before) * 100, before, SCALE)
    return percent if percent is not None and abs(percent) < _LARGEST else None
