"""Compile and validate: one SELECT, its reasons, and every problem of a graph with its place."""

from __future__ import annotations

from typing import Any

import pytest

from .graphs import Graph, chain, per_symbol, source

pytestmark = pytest.mark.engines


def five_nodes() -> Graph:
    return chain(
        source(),
        (
            "filter",
            {"filters": [{"column": "volume_eligible", "operator": "=", "value": True}], "logic": "AND"},
        ),
        ("formula", {"expression": "[price] * [quantity]", "output_column": "turnover"}),
        (
            "group_by",
            {
                "group_by": ["symbol", "trade_date"],
                "aggregations": [{"function": "sum", "column": "turnover"}],
            },
        ),
        ("sort", {"sorts": [{"column": "symbol", "direction": "asc"}]}),
    )


async def compiled(call: Any, graph: Graph, tenant: str = "demo") -> dict[str, Any]:
    answer = await call("compile", tenant=tenant).post(
        "/api/v1/compile", json={"graph": graph, "target_node_id": graph["nodes"][-1]["id"]}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_five_nodes_are_one_select(call) -> None:
    plan = await compiled(call, five_nodes())
    (statement,) = plan["statements"]
    assert (statement["store"], statement["dialect"]) == ("clickhouse", "clickhouse")
    assert statement["sql"].upper().count("SELECT") == 1
    assert plan["residual"] is None
    assert set(plan["nodes"]) == {node["id"] for node in five_nodes()["nodes"]}
    for node in plan["nodes"].values():
        assert {"schema", "merged_into", "barrier", "detail", "sql_span"} < set(node)
        assert node["barrier"] is None
        if node["sql_span"]:
            start, end = node["sql_span"]
            assert 0 <= start < end <= len(statement["sql"])
    assert {"database": "flowforge", "table": "raw_trades", "column": "price"} in plan["lineage"][
        "sum_turnover"
    ]
    assert plan["reads"]["tables"] == ["flowforge.raw_trades", "metrics.trades_5min"]
    assert plan["reads"]["symbols"] == "*"
    assert plan["plan_hash"]


async def test_the_guard_is_in_the_sql_of_each_tenant(call) -> None:
    alpha = await compiled(call, five_nodes(), "firm-alpha")
    assert alpha["reads"]["symbols"] == ["AAPL", "GOOGL", "MSFT", "SPY"]
    assert "'AAPL'" in alpha["statements"][0]["sql"]
    assert alpha["plan_hash"] != (await compiled(call, five_nodes()))["plan_hash"]


async def test_validate_gives_schemas_and_all_problems(call) -> None:
    graph = chain(
        source(),
        ("formula", {"expression": "[price] * [nope]", "output_column": "x"}),
        ("limit", {"rows": 1}),
    )
    graph["nodes"].append({"id": "alone", "type": "limit", "position": {}, "data": {"rows": "many"}})
    answer = await call("compile").post("/api/v1/validate", json={"graph": graph})
    assert answer.status_code == 200, answer.text
    outcome = answer.json()
    assert outcome["valid"] is False
    assert outcome["nodes"]["data_source"]["schema"][0]["name"] == "trade_id"
    assert outcome["nodes"]["limit"]["schema"] is None
    places = {problem["node_id"]: problem["code"] for problem in outcome["problems"]}
    assert places["formula"] == "unknown_column"
    assert "alone" in places


async def test_validate_calls_an_unreadable_graph_a_problem(call) -> None:
    answer = await call("compile").post("/api/v1/validate", json={"graph": {}})
    assert answer.status_code == 200
    assert answer.json()["valid"] is False
    assert answer.json()["problems"][0]["field"] == "graph.nodes"


async def test_a_whole_graph_is_valid(call) -> None:
    answer = await call("compile").post("/api/v1/validate", json={"graph": per_symbol()})
    assert (answer.json()["valid"], answer.json()["problems"]) == (True, [])


async def test_a_rollup_answers_unless_the_caller_says_no(call) -> None:
    graph = five_nodes()
    target = graph["nodes"][-1]["id"]
    grouping = next(node["id"] for node in graph["nodes"] if node["type"] == "group_by")
    request = {"graph": graph, "target_node_id": target}
    answered = await compiled(call, graph)
    assert answered["nodes"][grouping]["rollup"]["used"] is True
    assert "answered from metrics.trades_5min because" in answered["nodes"][grouping]["detail"]
    refused = (await call("compile").post("/api/v1/compile", json={**request, "use_rollups": False})).json()
    assert refused["reads"]["tables"] == ["flowforge.raw_trades"]
    assert refused["nodes"][grouping]["rollup"] is None
    assert refused["plan_hash"] != answered["plan_hash"]
    for function in ("preview", "execute"):
        rows = []
        for use_rollups in (True, False):
            asked = await call(function).post(
                f"/api/v1/{function}", json={**request, "use_rollups": use_rollups}
            )
            assert asked.status_code == 200, asked.text
            rows.append(asked.json()["rows"])
        assert rows[0] == rows[1]
        assert rows[0]


async def test_reads_are_narrowed_to_the_symbols_and_columns_of_the_graph(call) -> None:
    graph = chain(
        source(),
        (
            "filter",
            {
                "filters": [
                    {"column": "symbol", "operator": "IN", "value": ["AAPL", "JPM"]},
                    {"column": "price", "operator": ">", "value": 1},
                ]
            },
        ),
        ("select", {"columns": ["event_time"]}),
    )
    reads = (await compiled(call, graph, "firm-alpha"))["reads"]
    assert reads == {
        "tables": ["flowforge.raw_trades"],
        "symbols": ["AAPL"],
        "details": [
            {
                "table": "flowforge.raw_trades",
                "symbols": ["AAPL"],
                "columns": ["event_time", "symbol", "price"],
            }
        ],
    }
