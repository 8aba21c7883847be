"""Where the condition of a filter ends up: in the SELECT that scans, or where it must stay.

That the rows are the same either way is proven by running both (tests/parity); here it is said where.
"""

from __future__ import annotations

from typing import Any

import pytest

from flowforge.compiler import Plan
from samples import TRADES
from samples.branched import Step, plan_of
from samples.catalogue import LIVE_QUOTES, QUOTES

KEY = {"left_key": "symbol", "right_key": "symbol"}
TIMES = {"left_time": "event_time", "right_time": "event_time"}


def where(column: str, operator: str = ">", value: Any = 1) -> dict[str, Any]:
    return {"filters": [{"column": column, "operator": operator, "value": value}]}


def join(kind: str) -> Step:
    return ("join", "join", {"join_type": kind, **KEY}, ["trades", "quotes"])


def planned(*steps: Step) -> Plan:
    return plan_of({"trades": TRADES, "quotes": QUOTES}, steps)


AS_OF: Step = ("join", "asof_join", {**KEY, **TIMES}, ["trades", "quotes"])
UNION: Step = ("join", "union", {}, ["trades", "quotes"])
DISTINCT: Step = ("join", "union", {"mode": "distinct"}, ["trades", "quotes"])
ONE = where("symbol", "=", "AAPL")


@pytest.mark.parametrize(
    ("input_", "config", "place"),
    [
        (join("inner"), where("price"), "trades"),
        (join("inner"), where("bid"), "quotes"),
        (join("left"), where("price"), "trades"),
        (join("left"), where("bid"), "join"),
        (join("right"), where("bid"), "quotes"),
        (join("right"), where("price"), "join"),
        (join("full"), where("price"), "join"),
        (join("full"), where("bid"), "join"),
        (AS_OF, where("price"), "trades"),
        (AS_OF, where("bid"), "join"),
        (AS_OF, where("symbol_right", "=", "AAPL"), "join"),
        (UNION, ONE, "trades"),
        (DISTINCT, ONE, "trades"),
        (DISTINCT, where("ratio"), "join"),
    ],
)
def test_a_filter_behind_several_inputs(input_: Step, config: dict[str, Any], place: str) -> None:
    plan = planned(input_, ("filter", "filter", config, ["join"]))
    assert plan.nodes["filter"].merged_into == place


@pytest.mark.parametrize(
    ("kind", "both"), [("inner", True), ("left", True), ("right", False), ("full", False)]
)
def test_a_condition_on_the_left_key_holds_for_the_right_one(kind: str, both: bool) -> None:
    plan = planned(join(kind), ("filter", "filter", ONE, ["join"]))
    assert plan.statements[0].sql.count("symbol = 'AAPL'") == (2 if both else 1)


def test_keys_of_different_types_are_not_taken_for_each_other() -> None:
    pair = {"left_key": "price", "right_key": "bid"}
    plan = planned(
        ("join", "join", pair, ["trades", "quotes"]), ("filter", "filter", where("price"), ["join"])
    )
    assert plan.statements[0].sql.count("> 1") == 1


def test_what_can_fail_on_a_value_waits_for_the_rows_that_meet() -> None:
    square = {"expression": "[sequence] * [sequence]", "output_column": "square"}
    behind = planned(
        join("inner"), ("made", "formula", square, ["join"]), ("filter", "filter", where("square"), ["made"])
    )
    assert behind.nodes["filter"].merged_into == "join"
    before = planned(
        ("made", "formula", square, ["trades"]),
        ("join", "join", KEY, ["made", "quotes"]),
        ("filter", "filter", where("square"), ["join"]),
    )
    assert before.nodes["filter"].merged_into == "trades"  # where it is worked out for every row anyway


BLOCKING: list[tuple[str, dict[str, Any]]] = [
    ("limit", {"rows": 10}),
    ("sample", {"rows": 10}),
    ("unique", {"columns": ["symbol", "price"]}),
    ("window", {"function": "row_number", "order_by": [{"column": "price"}], "output_column": "n"}),
    ("pivot", {"rows": ["symbol", "price"], "column": "venue", "column_values": ["X"], "value": "sequence", "function": "sum"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "config"), BLOCKING, ids=[kind for kind, _ in BLOCKING])
def test_nothing_moves_below_what_looks_at_other_rows(kind: str, config: dict[str, Any]) -> None:
    steps: list[Step] = [
        ("name", "formula", {"expression": "[side]", "output_column": "venue"}, ["trades"]),
        ("block", kind, config, ["name"]),
        ("join", "join", KEY, ["block", "quotes"]),
        ("filter", "filter", where("price"), ["join"]),
    ]
    plan = planned(*steps)
    scan = plan.statements[0].sql.split(")")[0]
    assert "price > 1" not in scan


def test_nothing_moves_into_what_other_nodes_read() -> None:
    plan = planned(
        ("dear", "filter", where("quantity"), ["trades"]),
        ("top", "filter", where("price"), ["dear"]),
        ("both", "union", {}, ["dear", "top"]),
        ("one", "filter", ONE, ["both"]),
    )
    shared = plan.statements[0].sql.split("\n)")[0]
    assert "AS MATERIALIZED" in shared
    assert "quantity > 1" in shared
    assert "price > 1" not in shared
    assert "AAPL'\n" not in shared


def test_a_filter_passes_groups_of_groups_to_the_scan() -> None:
    total = {
        "group_by": ["symbol", "side"],
        "aggregations": [{"function": "sum", "column": "price", "alias": "total"}],
    }
    most = {"group_by": ["symbol"], "aggregations": [{"function": "max", "column": "total", "alias": "most"}]}
    plan = planned(
        ("totals", "group_by", total, ["trades"]),
        ("most", "group_by", most, ["totals"]),
        ("one", "filter", ONE, ["most"]),
    )
    assert plan.nodes["one"].merged_into == "trades"
    assert "symbol = 'AAPL'" in plan.statements[0].sql.split("GROUP BY")[0]


def test_without_merging_every_filter_stays_where_it_is() -> None:
    steps = [join("inner"), ("filter", "filter", where("price"), ["join"])]
    plan = plan_of({"trades": TRADES, "quotes": QUOTES}, steps, merge=False)
    assert plan.nodes["filter"].merged_into is None


def test_a_filter_reaches_the_store_of_its_side() -> None:
    steps: list[Step] = [join("inner"), ("filter", "filter", where("bid"), ["join"])]
    plan = plan_of({"trades": TRADES, "quotes": LIVE_QUOTES}, steps)
    assert ["bid > 1" in each.sql for each in plan.statements if each.store == "postgres"] == [True]


def test_conditions_of_one_filter_go_to_their_own_inputs() -> None:
    both = {"filters": [*where("price")["filters"], *where("bid", "<", 5)["filters"]]}
    plan = planned(join("inner"), ("filter", "filter", both, ["join"]))
    first, second = plan.statements[0].sql.split("JOIN")[0].split("), ")
    assert "price > 1" in first
    assert "bid < 5" in second.split("SELECT\n  l.")[0]
    assert plan.nodes["filter"].merged_into != "join"


def test_what_can_not_move_of_a_filter_stays_where_it_is() -> None:
    both = {"filters": [*where("price")["filters"], *where("bid", "<", 5)["filters"]]}
    plan = planned(join("left"), ("filter", "filter", both, ["join"]))
    last = plan.statements[0].sql.split("JOIN")[1]
    assert "r.bid < 5" in last
    assert "price > 1" not in last
    assert plan.nodes["filter"].merged_into == "join"


def test_conditions_on_keys_leave_those_on_aggregates_behind() -> None:
    counted = {"group_by": ["symbol"], "aggregations": [{"function": "count"}]}
    both = {"filters": [*ONE["filters"], *where("count", ">", 3)["filters"]]}
    plan = planned(("groups", "group_by", counted, ["trades"]), ("filter", "filter", both, ["groups"]))
    before, after = plan.statements[0].sql.split("GROUP BY")
    assert "symbol = 'AAPL'" in before
    assert after.split("HAVING")[1].strip() == "count > 3"


def test_one_condition_of_either_or_keeps_the_other_with_it() -> None:
    either = {"logic": "OR", "filters": [*where("price")["filters"], *where("bid", "<", 5)["filters"]]}
    plan = planned(join("inner"), ("filter", "filter", either, ["join"]))
    assert "price > 1 OR" in plan.statements[0].sql.split("JOIN")[1]
