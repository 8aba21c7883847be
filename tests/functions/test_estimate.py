"""What a graph would cost: bounded by the tenant's own rows, never run, smaller from a rollup."""

from __future__ import annotations

from typing import Any

import pytest

from .graphs import Graph, chain, per_symbol, source
from .market import SYMBOLS, TRADES_PER_SYMBOL

pytestmark = pytest.mark.engines


async def estimate(call: Any, graph: Graph, tenant: str = "demo", **more: Any) -> dict[str, Any]:
    answer = await call("compile", tenant=tenant).post(
        "/api/v1/estimate", json={"graph": graph, "target_node_id": graph["nodes"][-1]["id"], **more}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["rows"] == sum(each["rows"] for each in found["statements"])
    assert found["bytes"] == sum(each["bytes"] for each in found["statements"])
    return found


def prices(*conditions: dict[str, Any], table: str = "raw_trades", database: str = "flowforge") -> Graph:
    return chain(source(database, table), ("filter", {"filters": list(conditions)}), ("limit", {"rows": 5}))


async def test_everybody_is_told_what_the_planner_says(call) -> None:
    found = await estimate(call, per_symbol(), use_rollups=False)
    (statement,) = found["statements"]
    assert statement["store"] == "clickhouse"
    assert statement["rows"] >= len(SYMBOLS) * TRADES_PER_SYMBOL
    assert statement["bytes"] > statement["rows"]


async def test_a_tenant_is_told_of_its_own_rows_only(call) -> None:
    """AAPL, MSFT and SPY of its four symbols have trades; the engine would read a granule of all six."""
    found = await estimate(call, per_symbol(), "firm-alpha", use_rollups=False)
    assert found["rows"] == 3 * TRADES_PER_SYMBOL
    one = prices({"column": "symbol", "operator": "=", "value": "AAPL"})
    assert (await estimate(call, one, "firm-alpha"))["rows"] == TRADES_PER_SYMBOL
    for hidden in ("JPM", "GOOGL", "nobody"):
        graph = prices({"column": "symbol", "operator": "=", "value": hidden})
        assert (await estimate(call, graph, "firm-alpha"))["rows"] == 0


async def test_a_view_does_not_tell_how_much_lies_behind_it(call) -> None:
    graph = prices(table="hourly_rollup", database="metrics")
    found = await estimate(call, graph, "firm-alpha")
    assert 0 < found["rows"] < len(SYMBOLS) * 2


@pytest.mark.parametrize(("tenant", "rows"), [("firm-alpha", 1), ("firm-beta", 1), ("demo", 0)])
async def test_rows_of_other_tenants_are_not_counted(call, tenant: str, rows: int) -> None:
    graph = prices(
        {"column": "net_qty", "operator": ">", "value": 5}, table="live_positions", database="materialize"
    )
    assert (await estimate(call, graph, tenant))["rows"] == rows
    assert (await estimate(call, graph, tenant))["statements"][0]["store"] == "postgres"


async def test_a_rollup_costs_less(call) -> None:
    assert (await estimate(call, per_symbol(), "firm-alpha"))["rows"] < 3 * TRADES_PER_SYMBOL


async def test_what_does_not_compile_has_no_estimate(call) -> None:
    graph = prices({"column": "nope", "operator": "=", "value": 1})
    answer = await call("compile").post(
        "/api/v1/estimate", json={"graph": graph, "target_node_id": graph["nodes"][-1]["id"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_column")
