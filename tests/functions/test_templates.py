"""Templates: every one compiles, runs over the newest data, and makes a dashboard whose widgets have rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from flowforge.workspace.templates import templates
from flowforge_local.engines import Endpoints

from .market import OPENING, insert

pytestmark = pytest.mark.engines

LIST = "/api/v1/templates"
SPARSE = {("spread-anomalies", "table"), ("daily-performance", "heat"), ("volatility", "table")}
"""Widgets that may be empty: nothing unusual, and no day before the first."""


@pytest.fixture(scope="module")
def quotes(stores: Endpoints) -> None:
    """A minute of quotes of one symbol, which the market has not."""
    rows = "\n".join(
        f"AAPL,2024-03-05 14:{30 + number:02}:00,10.{number:02},10.{number + 1:02},1,1,2024-03-05,regular,Q,{number},@,test,quotes.csv,{number + 1}"
        for number in range(20)
    )
    columns = "symbol, event_time, bid, ask, bid_size, ask_size, trade_date, session, venue, sequence, conditions, source, source_file, row_no"
    insert(stores, f"INSERT INTO flowforge.raw_quotes ({columns}) FORMAT CSV", rows)


async def made(call, template: str, tenant: str = "demo", **body: Any) -> dict[str, Any]:
    answer = await call("workspace", tenant=tenant).post(f"{LIST}/{template}/instantiate", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_the_list_says_what_there_is(call) -> None:
    items = (await call("workspace").get(LIST)).json()["items"]
    assert {item["id"] for item in items} >= {
        "vwap-intraday", "ohlcv-candles", "volatility", "order-flow-imbalance", "volume-by-venue",
        "positions-and-pnl", "spread-anomalies",
    }  # fmt: skip
    assert all(item["available"] and item["description"] and item["widgets"] for item in items)
    unknown = await call("workspace", tenant="nobody").get(LIST)
    assert not any(item["available"] for item in unknown.json()["items"])


@pytest.mark.parametrize("template", sorted(templates()))
async def test_every_template_compiles_and_its_dashboard_shows_rows(call, quotes, template: str) -> None:
    tenant = "firm-alpha"
    found = await made(call, template, tenant, name="mine")
    assert (found["name"], found["dashboard"]["name"], found["version"]) == ("mine", "mine", 1)
    graph = found["graph"]
    valid = await call("compile", tenant=tenant).post("/api/v1/validate", json={"graph": graph})
    assert valid.json()["problems"] == []
    dashboard = found["dashboard"]
    answer = await call("widget", tenant=tenant).post(f"/api/v1/dashboards/{dashboard['id']}/data", json={})
    results = {each["widget_id"]: each for each in answer.json()["widgets"]}
    assert len(results) == len(templates()[template].details.dashboard) > 0
    for widget in dashboard["widgets"]:
        result = results[widget["id"]]
        assert result["status"] == 200, result
        assert result["data"]["rows"] or (template, widget["output_node_id"]) in SPARSE
    for node in graph["nodes"]:
        assert isinstance(node["position"]["x"], int)


async def test_the_dates_end_at_the_newest_data_and_the_symbol_is_one_of_the_tenants(call) -> None:
    found = await made(call, "vwap-intraday", "firm-beta", dashboard=False)
    assert found["dashboard"] is None
    defaults = {each["name"]: each["default"] for each in found["graph"]["parameters"]}
    assert defaults["symbol"] in ("IBM", "JPM")
    assert defaults["from"] == f"{OPENING.date()}T00:00:00Z"
    newest = datetime.fromisoformat(defaults["to"])
    assert newest.date() == OPENING.date()
    assert newest > OPENING


async def test_what_there_is_not_and_who_may_not(call) -> None:
    assert (await call("workspace").post(f"{LIST}/nothing/instantiate", json={})).status_code == 404
    viewer = call("workspace", roles="viewer")
    assert (await viewer.post(f"{LIST}/vwap-intraday/instantiate", json={})).status_code == 403
    unknown = await call("workspace", tenant="nobody").post(f"{LIST}/vwap-intraday/instantiate", json={})
    assert (unknown.status_code, unknown.json()["code"]) == (403, "forbidden")
