"""What one input of a join was filtered by, asked of the other one's keys before they meet.

That the rows are the same is proven by running merged and plain forms (tests/parity).
"""

from __future__ import annotations

import pytest

from flowforge.compiler import Plan
from samples import TRADES
from samples.branched import Step, plan_of
from samples.catalogue import QUOTES

KEY = {"left_key": "symbol", "right_key": "symbol"}
TIMES = {"left_time": "event_time", "right_time": "event_time"}
APPLE = {"filters": [{"column": "symbol", "operator": "=", "value": "AAPL"}]}
BEFORE: Step = ("chosen", "filter", APPLE, ["trades"])


def told(*steps: Step, **options: bool) -> int:
    """How many times the statement asks for the symbol."""
    return plan(*steps, **options).statements[0].sql.count("= 'AAPL'")


def plan(*steps: Step, **options: bool) -> Plan:
    return plan_of({"trades": TRADES, "quotes": QUOTES}, steps, **options)


@pytest.mark.parametrize(
    ("kind", "of_left", "of_right"), [("inner", 2, 2), ("left", 2, 1), ("right", 1, 2), ("full", 1, 1)]
)
def test_only_rows_that_come_out_beside_a_partner_are_left_out(
    kind: str, of_left: int, of_right: int
) -> None:
    config = {"join_type": kind, **KEY}
    assert told(BEFORE, ("join", "join", config, ["chosen", "quotes"])) == of_left
    assert told(BEFORE, ("join", "join", config, ["quotes", "chosen"])) == of_right


def test_an_as_of_join_looks_among_the_same_keys_only() -> None:
    assert told(BEFORE, ("join", "asof_join", {**KEY, **TIMES}, ["chosen", "quotes"])) == 2
    assert told(BEFORE, ("join", "asof_join", {**KEY, **TIMES}, ["quotes", "chosen"])) == 1


def test_through_groups_and_other_names() -> None:
    steps: list[Step] = [
        BEFORE,
        ("sums", "group_by", {"group_by": ["symbol"], "aggregations": [{"function": "count"}]}, ["chosen"]),
        ("named", "rename", {"renames": {"symbol": "ticker"}}, ["sums"]),
        ("join", "join", {"left_key": "ticker", "right_key": "symbol"}, ["named", "quotes"]),
    ]
    assert told(*steps) == 2
    again: Step = ("again", "join", {"left_key": "ticker", "right_key": "symbol"}, ["join", "fresh"])
    fresh: Step = ("fresh", "rename", {"renames": {"bid": "old_bid", "ask": "old_ask"}}, ["quotes"])
    less: Step = ("less", "select", {"columns": ["ticker", "count"]}, ["join"])
    assert told(*steps, fresh, less, (*again[:3], ["less", "fresh"])) == 3


def test_only_conditions_on_keys() -> None:
    price = {"filters": [{"column": "price", "operator": ">", "value": 77}]}
    steps: list[Step] = [
        ("dear", "filter", price, ["trades"]),
        ("join", "join", KEY, ["dear", "quotes"]),
    ]
    assert plan(*steps).statements[0].sql.count("77") == 1


def test_keys_of_different_types_are_not_taken_for_each_other() -> None:
    price = {"filters": [{"column": "price", "operator": ">", "value": 77}]}
    steps: list[Step] = [
        ("dear", "filter", price, ["trades"]),
        ("join", "join", {"left_key": "price", "right_key": "bid"}, ["dear", "quotes"]),
    ]
    assert plan(*steps).statements[0].sql.count("77") == 1


def test_what_both_sides_know_is_not_said_again() -> None:
    both: Step = ("other", "filter", APPLE, ["quotes"])
    assert told(BEFORE, both, ("join", "join", KEY, ["chosen", "other"])) == 2


def test_the_plain_form_leaves_every_node_as_it_is() -> None:
    assert told(BEFORE, ("join", "join", KEY, ["chosen", "quotes"]), merge=False) == 1
