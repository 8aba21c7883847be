"""Average-cost positions: examples by hand, and laws that hold for every order of fills."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowforge_pipeline.hot.positions import Fill, Position, apply, fold

EXAMPLES = {
    "buy and sell out": ([("BUY", "100", "10"), ("SELL", "100", "12")], ("0", "0", "200", "-200")),
    "increasing moves the average": ([("BUY", "1", "10"), ("BUY", "3", "14")], ("4", "13", "0", "52")),
    "reducing keeps the average": ([("BUY", "4", "13"), ("SELL", "1", "15")], ("3", "13", "2", "37")),
    "a flip splits in two": ([("BUY", "2", "10"), ("SELL", "5", "12")], ("-3", "12", "4", "-40")),
    "short and back": ([("SELL", "2", "10"), ("BUY", "2", "7")], ("0", "0", "6", "-6")),
    "flip of a short": ([("SELL", "2", "10"), ("BUY", "3", "11")], ("1", "11", "-2", "13")),
    "thirds come out even": (
        [("BUY", "1", "1"), ("BUY", "1", "1"), ("BUY", "1", "2"), ("SELL", "1", "2"), ("SELL", "2", "2")],
        ("0", "0", "2", "-2"),
    ),
    "prices below a cent": ([("BUY", "0.0001", "0.000001")], ("0.0001", "0.000001", "0", "1e-10")),
}


@pytest.mark.parametrize(("fills", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_by_hand(fills: list[tuple[str, str, str]], expected: tuple[str, ...]) -> None:
    position = fold_of(fills)
    found = (position.net_qty, position.average_cost, position.realized_pnl, position.net_cash_flow)
    assert found == tuple(map(Decimal, expected))


def test_multiplier_and_fees() -> None:
    position = fold(
        [
            numbered(1, Fill.of("BUY", "2", "4800.25", fee="1.5", multiplier="50")),
            numbered(2, Fill.of("SELL", "1", "4801.25", fee="0.75", multiplier="50")),
        ]
    )
    assert position is not None
    assert (position.realized_pnl, position.fees) == (Decimal(50), Decimal("2.25"))
    assert position.average_cost == Decimal("4800.25")
    assert position.net_cash_flow == Decimal("239962.50")


def fold_of(fills: list[tuple[str, str, str]]) -> Position:
    position = fold([numbered(order, Fill.of(*fill)) for order, fill in enumerate(fills)])
    assert position is not None
    return position


def numbered(order: int, fill: Fill) -> Fill:
    return Fill(str(order), fill.side, fill.quantity, fill.price, fill.fee, fill.multiplier, (order, order))


QUANTITIES = st.decimals("0.0001", "99999999999999", places=4)
PRICES = st.decimals("0.000001", "999999999999", places=6)
FILLS = st.lists(
    st.builds(Fill.of, st.sampled_from(["BUY", "SELL"]), QUANTITIES.map(str), PRICES.map(str)), min_size=1
)


@settings(deadline=None)
@given(FILLS, st.data())
def test_folding_in_parts_is_folding_at_once(fills: list[Fill], data: st.DataObject) -> None:
    ordered = [numbered(order, fill) for order, fill in enumerate(fills)]
    cut = data.draw(st.integers(0, len(ordered)))
    assert fold(ordered[cut:], fold(ordered[:cut])) == fold(list(reversed(ordered)))


@settings(deadline=None)
@given(FILLS)
def test_what_was_realised_by_a_flat_position_is_what_flowed(fills: list[Fill]) -> None:
    ordered = [numbered(order, fill) for order, fill in enumerate(fills)]
    position = fold(ordered)
    assert position is not None
    assert position.net_qty == sum(f.quantity if f.side == "BUY" else -f.quantity for f in fills)
    if position.net_qty:
        side = "SELL" if position.net_qty > 0 else "BUY"
        position = apply(position, numbered(len(ordered), Fill.of(side, str(abs(position.net_qty)), "7.5")))
    assert position.open_cost == 0
    assert position.realized_pnl == position.net_cash_flow.copy_negate()  # exactly: a minus sign rounds
