"""Every kind of picture on a dashboard, and filters of the viewer over a pivot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .graphs import Graph, chain, source
from .test_widgets import pinned

pytestmark = pytest.mark.engines

_BARS = (
    "group_by",
    {
        "group_by": ["symbol", "trade_date"],
        "aggregations": [
            {"function": "first", "column": "price", "alias": "open"},
            {"function": "max", "column": "price", "alias": "high"},
            {"function": "min", "column": "price", "alias": "low"},
            {"function": "last", "column": "price", "alias": "close"},
            {"function": "count"},
        ],
    },
)
_PRICES = {name: name for name in ("open", "high", "low", "close")}

DRAWN: list[tuple[str, dict[str, Any], list[str]]] = [
    ("candlestick", {"time": "trade_date", **_PRICES}, ["trade_date", "open", "high", "low", "close"]),
    ("heatmap", {"x": "trade_date", "y": "symbol", "value": "count"}, ["trade_date", "symbol", "count"]),
    ("treemap", {"path": ["symbol", "trade_date"], "value": "count"}, ["symbol", "trade_date", "count"]),
    (
        "pivot_table",
        {"rows": ["symbol"], "columns": ["trade_date"], "values": ["close", "count"]},
        ["symbol", "trade_date", "close", "count"],
    ),
    ("kpi", {"value": "close", "comparison": "open"}, ["close", "open"]),
]


@pytest.mark.parametrize(("kind", "config", "columns"), DRAWN, ids=[kind for kind, *_ in DRAWN])
async def test_a_picture_on_a_dashboard(call, kind: str, config: dict[str, Any], columns: list[str]) -> None:
    _, (widget,) = await pinned(call, "firm-alpha", (chain(source(), _BARS, (kind, config)), kind, kind))
    answer = await call("widget", tenant="firm-alpha").get(f"/api/v1/widgets/{widget}/data")
    assert answer.status_code == 200, answer.text
    data = answer.json()
    assert (data["widget_type"], data["chart"]) == (kind, {**config, "type": kind})
    assert [column["name"] for column in data["columns"]] == columns
    assert data["rows"]


def _pivoted() -> Graph:
    return chain(
        source(),
        (
            "pivot",
            {
                "rows": ["trade_date"],
                "column": "symbol",
                "column_values": ["AAPL", "IBM"],
                "function": "count",
            },
        ),
    )


async def test_a_pivot_shows_only_what_its_tenant_may_see(call) -> None:
    _, (widget,) = await pinned(call, "firm-alpha", (_pivoted(), "pivot", "table"))
    data = (await call("widget", tenant="firm-alpha").get(f"/api/v1/widgets/{widget}/data")).json()
    assert [column["name"] for column in data["columns"]] == ["trade_date", "AAPL", "IBM"]
    assert all(int(aapl) > 0 and ibm == "0" for _, aapl, ibm in data["rows"])


async def test_a_filter_on_what_heads_a_pivot_keeps_its_cells(call) -> None:
    _, (widget,) = await pinned(call, "demo", (_pivoted(), "pivot", "table"))

    async def rows(*filters: dict[str, Any]) -> list[list[Any]]:
        address = f"/api/v1/widgets/{widget}/data"
        answer = await call("widget").get(address, params={"filters": json.dumps(filters)})
        return answer.json()["rows"]  # type: ignore[no-any-return]

    everything = await rows()
    (day, *_) = everything[0]
    filtered = await rows({"column": "trade_date", "operator": "=", "value": day})
    assert filtered == [row for row in everything if row[0] == day]
