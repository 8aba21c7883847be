"""Volatility, scores and alerts on examples worked out by hand, and by the standard library."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from statistics import stdev

import pytest

from flowforge_pipeline.warm.anomalies import HISTORY, WARM_UP, SymbolMinutes
from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute
from flowforge_pipeline.warm.scores import THRESHOLD, limit, robust_z
from flowforge_pipeline.warm.spreads import SECOND_NS, Book
from flowforge_pipeline.warm.volatility import EQUITY_MINUTES, UNENDING_MINUTES, estimates, minutes_per_year
from flowforge_pipeline.warm.volatility_state import REACH_NS, VolatilityState
from pipeline.test_warm_windows import START, trades


def bar(price: float, day: str = "d", volume: int = 10_000) -> Minute:
    return Minute((0, 0, "", 0), round(price * 1_000_000), volume, day)


def walk(count: int, seed: int = 1) -> dict[int, Minute]:
    generator, price, minutes = random.Random(seed), 100.0, {}
    for number in range(count):
        price *= math.exp(generator.gauss(0, 2e-4))
        if generator.random() < 0.9:
            minutes[number * MINUTE_NS] = bar(price, "first" if number < 400 else "second")
    return minutes


def test_volatility_is_the_annualised_sample_deviation_of_the_returns_in_the_window() -> None:
    minutes = walk(700)
    rows = {row["start"]: row for row in estimates(minutes, EQUITY_MINUTES).iter_rows(named=True)}
    assert list(rows) == sorted(minutes)
    for start in list(minutes)[::37]:
        returns = []
        for before, after in zip(list(minutes), list(minutes)[1:], strict=False):
            if start - 60 * MINUTE_NS < after <= start and minutes[before].day == minutes[after].day:
                returns.append(math.log((minutes[after].last or 0) / (minutes[before].last or 0)))
        row = rows[start]
        assert row["returns_1h"] == len(returns)
        if len(returns) < 30:
            assert row["volatility_1h"] is None
        else:
            expected = stdev(returns) * math.sqrt(252 * 390)
            assert float(row["volatility_1h"]) == pytest.approx(expected, abs=2e-8)


def test_returns_do_not_reach_over_night_and_changes_not_over_an_hour_without_prices() -> None:
    minutes = {0: bar(100, "a"), 60 * MINUTE_NS: bar(110, "a"), 61 * MINUTE_NS: bar(220, "b")}
    rows = estimates(minutes, EQUITY_MINUTES)
    assert rows["return_pct"].to_list() == [None, Decimal(10), None]
    assert rows["returns_24h"].to_list() == [0, 1, 1]


def test_minutes_of_a_year() -> None:
    assert minutes_per_year("XNYS", 2026) == 98_280
    assert minutes_per_year(None, 2026) == UNENDING_MINUTES
    assert 250 * 510 <= minutes_per_year("XLON", 2025) <= 254 * 510


def test_a_trade_of_the_last_day_changes_its_minute_and_an_older_one_is_left_to_raw() -> None:
    state = VolatilityState()
    state.take(trades((0, "10", "1"), (90_000, "11", "1")), seq=1)
    symbol = state.symbols["IBM"]
    assert symbol.span is not None  # what was before the symbol was first seen
    state.replace("IBM", 1, dict(symbol.minutes), START + REACH_NS)
    state.take(trades((86_000, "12", "1")), seq=2)
    assert (state.late, symbol.dirty, symbol.span) == (0, START, None)
    state.take(trades((1, "13", "1")), seq=3)
    assert state.late == 1
    assert symbol.span.first == START


def test_scores_against_a_worked_example() -> None:
    history = [1.0, 2.0, 3.0, 4.0, 100.0]  # median 3, deviations 2 1 0 1 97: MAD 1
    assert robust_z(13.0, history, 0.1) == pytest.approx(6.745)
    assert robust_z(limit(history, 0.1, THRESHOLD), history, 0.1) == pytest.approx(THRESHOLD)
    assert robust_z(3.5, [3.0] * 9, 0.5) == pytest.approx(0.6745)


def test_an_unusual_minute_raises_one_alert_of_its_kind_after_the_warm_up() -> None:
    generator = random.Random(3)
    symbol, alerts = SymbolMinutes(), []
    for number in range(HISTORY + 3):
        start = number * MINUTE_NS
        volume = (
            10_000 * round(generator.uniform(900, 1100)) * (40 if number in (WARM_UP - 2, HISTORY) else 1)
        )
        symbol.trade(start, bar(100 + generator.uniform(-0.01, 0.01), volume=volume))
        symbol.spread(start, generator.uniform(0.9, 1.1) * (30 if number == HISTORY + 1 else 1))
        alerts += symbol.traded("IBM", start + 65 * SECOND_NS)
        alerts += symbol.quoted("IBM", start + 65 * SECOND_NS)
    assert [(alert.kind, alert.start) for alert in alerts] == [
        ("volume", HISTORY * MINUTE_NS),
        ("spread", (HISTORY + 1) * MINUTE_NS),
    ]
    assert all(alert.value > alert.threshold for alert in alerts)
    symbol.trade(0, bar(1))
    assert symbol.late == 1


def test_a_fall_and_a_rise_are_unusual_prices() -> None:
    symbol, alerts = SymbolMinutes(), []
    for number in range(60):
        price = {50: 90.0, 55: 110.0}.get(number, 100 + 0.01 * (number % 2))
        symbol.trade(number * MINUTE_NS, bar(price))
        alerts += symbol.traded("IBM", (number + 2) * MINUTE_NS)
    assert [(alert.start // MINUTE_NS, alert.value < 0) for alert in alerts] == [
        (50, True), (51, False), (55, False), (56, True),
    ]  # fmt: skip
    assert all(abs(alert.value) > abs(alert.threshold) for alert in alerts)


def test_the_book_expires_and_uncrosses_its_quotes() -> None:
    book = Book()
    assert book.quote("P", 0, 99_000_000, 101_000_000) is None
    assert book.quote("Q", 1 * SECOND_NS, 100_000_000, None) == pytest.approx(200)
    assert book.quote("Q", 2 * SECOND_NS, None, 98_000_000) == pytest.approx(99.5, abs=0.1)
    assert book.quote("Q", 3 * SECOND_NS, 0, 0) is None  # 98 for sale: whoever bid 99 is gone
    assert book.quote("P", 700 * SECOND_NS, None, 101_000_000) is None
    assert book.quote("P", 1 * SECOND_NS, 1, 2) is None  # older than what is known
