"""Joins, unions and shared queries: what a user computes in them never meets a forbidden row of either side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flowforge.catalog import Table
from samples import EVERYONE, FIRM, LIVE, NOBODY, TRADES, VIEW
from samples.branched import Step, plan_of

if TYPE_CHECKING:
    from isolation.conftest import Engines

pytestmark = pytest.mark.engines

PAIRS = [(TRADES, TRADES), (TRADES, VIEW), (VIEW, TRADES), (VIEW, VIEW), (LIVE, LIVE)]

EXPRESSIONS = [
    "[sequence] * [sequence]",
    "[price] * [price] * [price] * [price]",
    "1 / [quantity]",
    "TO_NUMBER([note])",
    "IF([note] = 'forbidden-secret', [sequence] * [sequence], 1)",
]


def shapes(expression: str) -> dict[str, list[Step]]:
    """Where a user can put an expression beside another input."""
    made = {"expression": expression, "output_column": "made"}
    key = {"left_key": "made", "right_key": "made"}
    there = {"filters": [{"column": "made", "operator": "IS NOT NULL"}]}
    known = {"filters": [{"column": "symbol", "operator": "IN", "value": ["JPM", "BAC", "AAPL"]}]}
    times = {"left_time": "event_time", "right_time": "event_time"}
    symbols = {"left_key": "symbol", "right_key": "symbol"}
    both: list[Step] = [("x", "formula", made, ["one"]), ("y", "formula", made, ["other"])]
    return {
        **{
            f"as keys of {kind}": [*both, ("j", "join", {"join_type": kind, **key}, ["x", "y"])]
            for kind in ("inner", "left", "right", "full")
        },
        "after a join": [
            ("j", "join", symbols, ["one", "other"]), ("x", "formula", made, ["j"]), ("f", "filter", there, ["x"]),
        ],
        "before a filter on the key": [*both, ("j", "join", symbols, ["x", "y"]), ("f", "filter", known, ["j"])],
        "in a union": [*both, ("u", "union", {"mode": "distinct"}, ["x", "y"]), ("f", "filter", known, ["u"])],
        "after a union": [
            ("u", "union", {}, ["one", "other"]), ("x", "formula", made, ["u"]), ("f", "filter", there, ["x"]),
        ],
        "read twice": [
            ("x", "formula", made, ["one"]), ("f", "filter", there, ["x"]), ("j", "join", symbols, ["f", "x"]),
            ("g", "union", {}, ["j", "other"]),
        ],
        "nearest in time": [
            *both, ("j", "asof_join", {**symbols, **times, "tolerance": "1d"}, ["x", "y"]),
            ("f", "filter", there, ["j"]),
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda table: table.name)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_forbidden_rows_neither_fail_nor_leak(
    trades: Engines, one: Table, other: Table, expression: str
) -> None:
    for title, steps in shapes(expression).items():
        if one is LIVE and title == "nearest in time":
            continue
        for access in (FIRM, NOBODY):
            plan = plan_of({"one": one, "other": other}, steps, access=access)
            rows = trades.run(plan.statements[0])
            shown = repr(rows)
            assert not any(each in shown for each in ("JPM", "BAC", "forbidden")), title
            assert access is FIRM or not rows, title


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda table: table.name)
def test_the_forbidden_rows_do_fail_for_who_may_read_them(trades: Engines, one: Table, other: Table) -> None:
    steps = shapes("[price] * [price] * [price] * [price]")
    for title in ("as keys of full", "in a union", "read twice"):
        plan = plan_of({"one": one, "other": other}, steps[title], access=EVERYONE)
        with pytest.raises(RuntimeError):
            trades.run(plan.statements[0])
