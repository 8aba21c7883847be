"""From which columns of which tables an output column comes, through every kind of node."""

from __future__ import annotations

from typing import Any

import pytest

from flowforge.compiler import Plan, compile_graph
from flowforge.graph import parse_graph
from samples import CATALOGUE, EVERYONE, Step, compiled
from samples.catalogue import TRADES, VIEW

TRADE = ("flowforge", "trades")
SEEN = ("metrics", "trades_view")


def of(*names: str, table: tuple[str, str] = TRADE) -> set[tuple[str, str, str]]:
    return {(*table, name) for name in names}


def formula(expression: str, name: str) -> Step:
    return ("formula", {"expression": expression, "output_column": name})


def grouped(*keys: str, **aggregate: Any) -> Step:
    return ("group_by", {"group_by": list(keys), "aggregations": [aggregate]})


@pytest.mark.parametrize(
    ("steps", "column", "origins"),
    [
        ([], "price", of("price")),
        ([("rename", {"renames": {"price": "paid"}})], "paid", of("price")),
        ([formula("[price] * [quantity]", "x")], "x", of("price", "quantity")),
        ([formula("[price] * [quantity]", "x"), formula("IF([auction], [x], 0)", "y")], "y", of("price", "quantity", "auction")),
        ([formula("1", "x")], "x", set()),
        ([formula("[fee]", "price"), formula("[price] + 1", "x")], "x", of("fee")),
        ([grouped("symbol", function="count")], "count", set()),
        ([grouped("symbol", function="vwap", column="price", weight="quantity", alias="v")], "v", of("price", "quantity")),
        ([grouped("symbol", function="first", column="price")], "first_price", of("price", "event_time", "sequence")),
        ([grouped("symbol", function="sum", column="price"), ("limit", {"rows": 2}), grouped("symbol", function="max", column="sum_price")], "max_sum_price", of("price")),
        ([("limit", {"rows": 1}), formula("[price] + [fee]", "x"), ("filter", {"filters": [{"column": "x", "operator": ">", "value": 1}]})], "x", of("price", "fee")),
        ([("window", {"function": "lag", "column": "price", "partition_by": ["symbol"], "order_by": [{"column": "event_time", "direction": "asc"}]})], "lag_price", of("price", "symbol", "event_time")),
        ([("time_bucket", {"column": "event_time", "size": "5m"})], "bucket", of("event_time")),
        ([("unique", {"columns": ["symbol"]})], "price", of("price")),
        ([("pivot", {"rows": ["symbol"], "column": "side", "column_values": ["BUY"], "value": "price", "function": "sum"})], "BUY", of("price", "side")),
    ],
)  # fmt: skip
def test_chain(steps: list[Step], column: str, origins: set[tuple[str, str, str]]) -> None:
    assert set(compiled(steps, TRADES, access=EVERYONE).lineage[column]) == origins


def two(kind: str, data: dict[str, Any], *more: Step) -> Plan:
    """Trades and the view of them, put together, and further nodes."""
    nodes = [
        {"id": "l", "type": "data_source", "data": {"database": TRADES.database, "table": TRADES.name}},
        {"id": "r", "type": "data_source", "data": {"database": VIEW.database, "table": VIEW.name}},
        {"id": "n0", "type": kind, "data": data},
        *[{"id": f"n{at}", "type": each, "data": config} for at, (each, config) in enumerate(more, 1)],
    ]
    ports = ("left", "right") if kind.endswith("join") else (None, None)
    edges = [
        {"source": "l", "target": "n0", "targetHandle": ports[0]},
        {"source": "r", "target": "n0", "targetHandle": ports[1]},
        *[{"source": f"n{at}", "target": f"n{at + 1}"} for at in range(len(more))],
    ]
    graph = parse_graph({"nodes": nodes, "edges": edges})
    return compile_graph(graph, f"n{len(more)}", catalog=CATALOGUE, access=EVERYONE)


def test_joins() -> None:
    both = formula("[price] - [price_right]", "gap")
    plan = two("join", {"join_type": "left", "left_key": "symbol", "right_key": "symbol"}, both)
    assert set(plan.lineage["price"]) == of("price")
    assert set(plan.lineage["price_right"]) == of("price", table=SEEN)
    assert set(plan.lineage["gap"]) == of("price") | of("price", table=SEEN)
    total = grouped("symbol", function="sum", column="gap")
    plan = two("join", {"left_key": "symbol", "right_key": "symbol"}, both, total)
    assert set(plan.lineage["sum_gap"]) == of("price") | of("price", table=SEEN)


def test_as_of_joins() -> None:
    data = {
        "left_key": "symbol",
        "right_key": "symbol",
        "left_time": "event_time",
        "right_time": "event_time",
    }
    plan = two("asof_join", data, formula("[quantity_right] * [price]", "x"))
    assert set(plan.lineage["x"]) == of("price") | of("quantity", table=SEEN)


@pytest.mark.parametrize("mode", ["all", "distinct"])
def test_unions(mode: str) -> None:
    plan = two("union", {"mode": mode}, formula("[price] + 1", "x"))
    assert set(plan.lineage["x"]) == of("price") | of("price", table=SEEN)
