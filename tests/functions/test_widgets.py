"""Widgets and dashboards: data with its chart, one status each, and nothing of other tenants."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .graphs import Graph, chain, per_symbol, source

pytestmark = pytest.mark.engines

CHART = ("bar_chart", {"x": "symbol", "y": ["count"]})


def charted() -> Graph:
    graph = per_symbol()
    graph["nodes"].append({"id": "chart", "type": CHART[0], "position": {}, "data": CHART[1]})
    graph["edges"].append({"source": "sort", "target": "chart"})
    return graph


async def pinned(
    call: Any, tenant: str, *graphs: tuple[Graph, str, str], config: dict[str, Any] | None = None
) -> tuple[str, list[str]]:
    """A dashboard with one widget per (graph, node, type)."""
    workspace = call("workspace", tenant=tenant)
    dashboard = (await workspace.post("/api/v1/dashboards", json={"name": "d"})).json()["id"]
    widgets = []
    for graph, node, widget_type in graphs:
        workflow = (await workspace.post("/api/v1/workflows", json={"name": "w", "graph": graph})).json()[
            "id"
        ]
        body = {
            "workflow_id": workflow,
            "output_node_id": node,
            "widget_type": widget_type,
            "config": config or {},
        }
        made = await workspace.post(f"/api/v1/dashboards/{dashboard}/widgets", json=body)
        assert made.status_code == 201, made.text
        widgets.append(made.json()["id"])
    return dashboard, widgets


async def test_a_widget_gives_rows_and_the_chart_that_draws_them(call) -> None:
    _, (widget,) = await pinned(
        call, "firm-alpha", (charted(), "chart", "bar_chart"), config={"title": "Trades"}
    )
    answer = await call("widget", tenant="firm-alpha").get(f"/api/v1/widgets/{widget}/data")
    assert answer.status_code == 200, answer.text
    data = answer.json()
    assert data["chart"] == {"type": "bar_chart", "x": "symbol", "y": ["count"], "title": "Trades"}
    assert [row[0] for row in data["rows"]] == ["AAPL", "MSFT", "SPY"]
    assert (data["widget_id"], data["widget_type"], data["filters_ignored"]) == (widget, "bar_chart", [])
    assert data["as_of"].endswith("Z")
    assert data["cache_hit"] is False
    again = (await call("widget", tenant="firm-alpha").get(f"/api/v1/widgets/{widget}/data")).json()
    assert again["cache_hit"] is True
    assert again["rows"] == data["rows"]


async def test_filters_of_the_viewer(call) -> None:
    _, (widget,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    filters = [
        {"column": "symbol", "operator": "=", "value": "IBM"},
        {"column": "colour", "operator": "=", "value": "red"},
    ]
    data = (
        await call("widget").get(f"/api/v1/widgets/{widget}/data", params={"filters": json.dumps(filters)})
    ).json()
    assert [row[0] for row in data["rows"]] == ["IBM"]
    assert data["filters_ignored"] == ["colour"]


@pytest.mark.parametrize(
    "filters", ["{", "{}", '[{"column": "symbol"}]', '[{"column":"a","operator":"=","x":1}]']
)
async def test_filters_that_are_none(call, filters: str) -> None:
    _, (widget,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    answer = await call("widget").get(f"/api/v1/widgets/{widget}/data", params={"filters": filters})
    assert (answer.status_code, answer.json()["field"]) == (422, "filters")


async def test_a_dashboard_answers_every_widget_with_its_own_status(call) -> None:
    broken = chain(source(), ("select", {"columns": ["nope"]}))
    dashboard, widgets = await pinned(
        call,
        "firm-beta",
        (charted(), "chart", "bar_chart"),
        (broken, "select", "table"),
        (per_symbol(), "sort", "table"),
    )
    answer = await call("widget", tenant="firm-beta").post(f"/api/v1/dashboards/{dashboard}/data", json={})
    assert answer.status_code == 200, answer.text
    results = answer.json()["widgets"]
    assert [each["widget_id"] for each in results] == widgets
    assert [each["status"] for each in results] == [200, 422, 200]
    assert [row[0] for row in results[0]["data"]["rows"]] == ["IBM", "JPM"]
    assert (results[1]["problem"]["code"], results[1]["problem"]["node_id"]) == ("unknown_column", "select")
    filtered = await call("widget", tenant="firm-beta").post(
        f"/api/v1/dashboards/{dashboard}/data",
        json={"filters": [{"column": "symbol", "operator": "=", "value": "JPM"}], "widget_ids": widgets[:1]},
    )
    (only,) = filtered.json()["widgets"]
    assert [row[0] for row in only["data"]["rows"]] == ["JPM"]


async def test_an_empty_dashboard_has_no_widgets(call) -> None:
    dashboard, _ = await pinned(call, "demo")
    answer = await call("widget").post(f"/api/v1/dashboards/{dashboard}/data", json={})
    assert answer.json() == {"widgets": []}


async def test_another_tenants_widgets_and_dashboards_do_not_exist(call) -> None:
    dashboard, (widget,) = await pinned(call, "firm-alpha", (charted(), "chart", "bar_chart"))
    stranger = call("widget", tenant="firm-beta")
    for answer in (
        await stranger.get(f"/api/v1/widgets/{widget}/data"),
        await stranger.post(f"/api/v1/dashboards/{dashboard}/data", json={}),
        await stranger.get("/api/v1/widgets/not-an-id/data"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
