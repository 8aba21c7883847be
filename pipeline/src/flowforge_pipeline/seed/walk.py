"""Synthetic trades and quotes: one random walk per symbol through the exchange's real sessions.

Prices are a geometric random walk with a pull towards the base price (a discretised
Ornstein–Uhlenbeck process in the logarithm), volatility spread over the session in proportion to
time, a gap overnight. Times follow the U-shape of a trading day: busy at the open and the close.
Everything is a function of (seed, symbol, sessions); prices are integers of cents, never floats,
from the moment they are drawn.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flowforge_pipeline.importers.assemble import SIDE
from flowforge_pipeline.importers.timestamps import UTC_NS
from flowforge_pipeline.sessions import REGULAR, SESSION, Sessions

SOURCE = "synthetic"
TRADES_PER_SESSION = 500
FULL_SESSION_NS = int(6.5 * 3600 * 1e9)
QUOTE_EVERY = 5
"""One quote before every fifth trade: enough to draw spreads with."""

_TRADING_DAYS = 252
_OVERNIGHT_SHARE = 0.2
"""Part of a day's variance that falls between sessions."""
_PULL_PER_DAY = 0.01
_LOTS = np.array([10, 25, 50, 100, 200, 300, 500, 1000])
_LOT_WEIGHTS = np.array([0.08, 0.10, 0.14, 0.42, 0.12, 0.05, 0.06, 0.03])
_VENUES = np.array(["XNAS", "XNYS", "ARCX", "BATS", "EDGX", "IEXG"])

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stock:
    """A symbol with a price level in currency units and an annual volatility; both are made up."""

    symbol: str
    base_price: float
    volatility: float


STOCKS = (
    Stock("AAPL", 185.0, 0.24),
    Stock("MSFT", 420.0, 0.22),
    Stock("GOOGL", 155.0, 0.26),
    Stock("AMZN", 190.0, 0.29),
    Stock("NVDA", 880.0, 0.44),
    Stock("TSLA", 245.0, 0.45),
    Stock("META", 510.0, 0.33),
    Stock("JPM", 195.0, 0.20),
    Stock("GS", 420.0, 0.23),
    Stock("MS", 95.0, 0.25),
)


def trades(sessions: Sessions, seed: int) -> pl.DataFrame:
    """Trades of every stock over the sessions, by symbol and time."""
    frames = [_trades_of(stock, sessions, seed) for stock in STOCKS]
    rows = pl.concat(frames)
    row_no = pl.int_range(1, rows.height + 1, dtype=pl.Int64)
    return rows.with_columns(
        trade_id=pl.format("{}-{}:{}", pl.lit(SOURCE), pl.lit(seed), row_no), row_no=row_no
    )


def quotes(trade_rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """A two-sided quote shortly before every fifth trade, which then takes the bid or the ask."""
    rows = trade_rows.gather_every(QUOTE_EVERY)
    generator = _generator(seed, "quotes")
    cents = np.round(
        rows["price"].cast(pl.Float64).to_numpy() * generator.uniform(0.5e-4, 3e-4, rows.height) * 100
    )
    spread = _cents(np.maximum(cents, 1).astype(np.int64))
    buys = rows["side"] == "BUY"
    frame = rows.select(
        "symbol", "trade_date", "session", "venue", "source", "source_file",
        event_time=pl.col("event_time") - pl.duration(microseconds=50),
        bid=pl.when(buys).then(pl.col("price") - spread).otherwise("price").cast(pl.Decimal(18, 6)),
        ask=pl.when(buys).then("price").otherwise(pl.col("price") + spread).cast(pl.Decimal(18, 6)),
        bid_size=_lots(generator, rows.height),
        ask_size=_lots(generator, rows.height),
        sequence=pl.col("sequence"),
    )  # fmt: skip
    return frame.with_columns(row_no=pl.int_range(1, frame.height + 1, dtype=pl.Int64))


def _trades_of(stock: Stock, sessions: Sessions, seed: int) -> pl.DataFrame:
    generator = _generator(seed, stock.symbol)
    opens = sessions.frame["open"].cast(pl.Int64).to_numpy()
    lengths = sessions.frame["close"].cast(pl.Int64).to_numpy() - opens
    counts = np.maximum(1, TRADES_PER_SESSION * lengths // FULL_SESSION_NS)
    day = np.repeat(np.arange(len(opens)), counts)
    place = _u_shaped(generator, len(day))
    place = place[np.lexsort((place, day))]  # sequential inside each session
    times = opens[day] + (place * lengths[day]).astype(np.int64) // 1000 * 1000
    cents = _price_walk(generator, stock, day, place)
    sequence = np.arange(len(day)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return pl.DataFrame(
        {
            "event_time": pl.Series(times).cast(UTC_NS),
            "price": _cents(cents),
            "quantity": _lots(generator, len(day)),
            "side": pl.Series(np.where(generator.random(len(day)) < 0.5, "BUY", "SELL")).cast(SIDE),
            "venue": pl.Series(_VENUES[generator.integers(0, len(_VENUES), len(day))]),
            "sequence": sequence.astype(np.int64),
            "trade_date": sessions.frame["day"].gather(day),
        }
    ).with_columns(
        symbol=pl.lit(stock.symbol),
        session=pl.lit(REGULAR).cast(SESSION),
        source=pl.lit(SOURCE),
        source_file=pl.lit(f"{SOURCE}-{seed}"),
    )


def _price_walk(generator: np.random.Generator, stock: Stock, day: Integers, place: Floats) -> Integers:
    """Prices in cents. Variance grows with the share of the session since the trade before."""
    daily = stock.volatility / np.sqrt(_TRADING_DAYS)
    first = np.r_[True, day[1:] != day[:-1]]
    elapsed = np.where(first, place, np.diff(place, prepend=0.0))
    variance = (1 - _OVERNIGHT_SHARE) * elapsed + np.where(first, _OVERNIGHT_SHARE, 0.0)
    shocks = daily * np.sqrt(variance) * generator.standard_normal(len(day))
    shocks[0] = 0.0
    # x_i = x_{i-1}·(1 − pull_i) + shock_i, solved in closed form: a cumulative sum under an
    # integrating factor.
    factor = np.exp(_PULL_PER_DAY * np.cumsum(variance))
    distance = np.cumsum(shocks * factor) / factor
    return np.maximum(1, np.round(stock.base_price * np.exp(distance) * 100)).astype(np.int64)


def _u_shaped(generator: np.random.Generator, count: int) -> Floats:
    """Places in [0, 1) with density ∝ 1 + 6·(2x − 1)², by inverting its distribution function."""
    grid = np.linspace(0.0, 1.0, 2049)
    distribution = grid + (2 * grid - 1) ** 3 + 1
    distribution /= distribution[-1]
    places = np.interp(generator.random(count), distribution, grid)
    return np.minimum(places, np.nextafter(1.0, 0.0))


def _lots(generator: np.random.Generator, count: int) -> pl.Series:
    return pl.Series(generator.choice(_LOTS, count, p=_LOT_WEIGHTS)).cast(pl.Decimal(18, 4))


def _cents(cents: Integers) -> pl.Series:
    hundredth = pl.lit("0.01").cast(pl.Decimal(18, 2))
    return pl.select(
        (pl.lit(pl.Series(cents)).cast(pl.Decimal(18, 0)) * hundredth).cast(pl.Decimal(18, 6))
    ).to_series()


def _generator(seed: int, stream: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(stream.encode())])
