"""The VWAP flow's memory: what it folds, what it leaves to raw, and that batching changes nothing."""

from __future__ import annotations

import random
from decimal import Decimal

import polars as pl
import pytest

from flowforge_pipeline.warm.trades import scaled
from flowforge_pipeline.warm.vwap_state import SETTLE_AFTER_SECONDS, Correction, VwapState
from flowforge_pipeline.warm.windows import LENGTH_NS, Key, Window

SECOND = 1_000_000_000
START = 1_767_225_600 * SECOND  # on a five-minute edge
FIRST: Key = ("IBM", START)
SECOND_WINDOW: Key = ("IBM", START + LENGTH_NS)


def trades(*rows: tuple[float, str, str], symbol: str = "IBM", **same: object) -> pl.DataFrame:
    """Seconds after START, price, quantity."""
    frame = pl.DataFrame(
        {
            "symbol": [symbol for _ in rows],
            "event_time": [START + int(seconds * SECOND) for seconds, _, _ in rows],
            "price": [Decimal(price) for _, price, _ in rows],
            "quantity": [Decimal(quantity) for _, _, quantity in rows],
            "sequence": list(range(len(rows))),
        },
        schema_overrides={"price": pl.Decimal(18, 6), "quantity": pl.Decimal(18, 4)},
    )
    columns: dict[str, object] = {
        "source_file": "f", "row_no": 1, "ohlc_eligible": True, "volume_eligible": True, "session": "regular",
        "status": "new", "trade_id": "t", "corrects_id": "", **same,
    }  # fmt: skip
    return scaled(
        frame.with_columns(
            pl.col("event_time").cast(pl.Datetime("ns", "UTC")),
            pl.lit("2026-01-01").str.to_date().alias("trade_date"),
            *(pl.lit(value).alias(name) for name, value in columns.items()),
        )
    )


def begun(state: VwapState | None = None) -> VwapState:
    """A memory that knows the symbol, so that windows from START on are folded from their beginning."""
    state = state or VwapState()
    state.take(trades((-1, "1", "1")), seq=0, at=0.0)
    return state


def test_a_window_is_the_sum_of_its_trades() -> None:
    state = begun()
    state.take(trades((0, "10", "3"), (299.9, "11.5", "1"), (300, "99", "1")), seq=3, at=0.0)
    window = state.folded()[FIRST]
    assert window.columns() == {
        "vwap": Decimal("10.375"),
        "volume": Decimal(4),
        "trade_count": 2,
        "spread_bps": Decimal(1500),
        "notional": Decimal("41.5"),
        "high": Decimal("11.5"),
        "low": Decimal(10),
    }
    assert state.folded() == {}


@pytest.mark.parametrize(
    ("which", "count", "volume", "high"),
    [
        ({"volume_eligible": False}, 2, 5, 12),
        ({"ohlc_eligible": False}, 2, 12, 10),
        ({"session": "extended"}, 1, 5, 10),
        ({"ohlc_eligible": False, "volume_eligible": False}, 1, 5, 10),
        ({"session": "unknown"}, 2, 12, 12),
    ],
)
def test_only_what_counts_is_counted(which: dict[str, object], count: int, volume: int, high: int) -> None:
    state = begun()
    state.take(pl.concat([trades((1, "10", "5")), trades((2, "12", "7"), **which)]), seq=2, at=0.0)
    window = state.folded()[FIRST]
    assert (window.trade_count, window.volume, window.high) == (count, volume * 10**4, high * 10**6)


def test_no_volume_has_no_vwap_and_large_numbers_are_exact() -> None:
    state = begun()
    state.take(trades((1, "10", "0")), seq=1, at=0.0)
    assert state.folded()[FIRST].vwap is None
    state.take(trades(*[(2, "999999999999.999999", "99999999999999.9999")] * 3), seq=4, at=0.0)
    window = state.folded()[FIRST]
    assert window.notional == 3 * 999999999999999999 * 999999999999999999
    assert window.vwap == Decimal("999999999999.999999")


def test_any_batching_of_an_order_within_the_lateness_folds_the_same() -> None:
    generator = random.Random(5)
    rows = [
        (n * 2.0, f"{generator.randrange(900, 1100)}e-2", str(generator.randrange(1, 50))) for n in range(600)
    ]
    late = sorted(rows, key=lambda row: row[0] + generator.uniform(0, 55))
    answers = []
    for order, size in ((rows, 600), (rows, 7), (late, 11), (late, 100)):
        state, found = begun(), {}
        for first in range(0, len(order), size):
            state.take(trades(*order[first : first + size]), seq=first, at=0.0)
            found |= state.folded()
        assert state.late == 0
        answers.append({key: window.columns() for key, window in found.items() if key[1] >= START})
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert len(answers[0]) == 4


def test_a_late_trade_is_counted_and_its_window_answered_from_raw() -> None:
    state = begun()
    state.take(trades((1, "10", "1"), (361, "10", "1")), seq=2, at=0.0)
    assert FIRST in state.folded()  # written when it was forgotten
    state.take(trades((2, "10", "1")), seq=3, at=0.0)
    assert state.late == 1
    assert state.folded() == {}
    assert state.answerable(stored=2) == ({("IBM", START - LENGTH_NS)}, set())
    assert state.answerable(stored=3) == ({FIRST}, set())
    assert state.answerable(stored=9) == (set(), set())


def test_symbols_have_watermarks_of_their_own() -> None:
    state = begun()
    state.take(trades((90_000, "10", "1")), seq=1, at=0.0)
    state.take(trades((0, "5", "1"), (1, "5", "1"), symbol="SPY"), seq=3, at=0.0)
    assert state.late == 0


def test_the_first_window_of_a_symbol_is_left_to_raw() -> None:
    state = VwapState()
    state.take(trades((100, "10", "1"), (310, "10", "1")), seq=1, at=0.0)
    assert set(state.folded()) == {SECOND_WINDOW}
    assert state.answerable(stored=1) == ({FIRST}, set())


def test_a_correction_sends_both_windows_to_raw() -> None:
    state = begun()
    state.take(trades((1, "10", "1")), seq=1, at=0.0)
    state.take(trades((310, "9", "1"), status="correct", corrects_id="a"), seq=2, at=0.0)
    windows, corrections = state.answerable(stored=2)
    assert SECOND_WINDOW in windows
    assert corrections == {Correction("IBM", "a")}
    state.answer_from_raw([FIRST])
    state.take(trades((2, "10", "1")), seq=3, at=0.0)
    assert FIRST not in state.folded()
    assert state.answerable(stored=3)[0] == {FIRST}


def test_a_window_is_settled_once_it_is_over_or_left_alone() -> None:
    state = begun()
    state.take(trades((1, "10", "1")), seq=1, at=100.0)
    state.settle(at=100.0 + SETTLE_AFTER_SECONDS / 2)
    assert state.comparable(stored=1) == {}
    state.settle(at=100.0 + SETTLE_AFTER_SECONDS)
    assert state.comparable(stored=0) == {}
    assert set(state.comparable(stored=1)) == {FIRST}
    state.take(trades((2, "10", "1"), (400, "10", "1")), seq=3, at=200.0)
    assert state.comparable(stored=3)[FIRST] == Window(2, 2 * 10**4, 20 * 10**10, 10 * 10**6, 10 * 10**6)
