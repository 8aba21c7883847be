"""Profiles against what the same rows say when they are counted one by one, in every store."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from flowforge.preview import distribution

from .graphs import Graph, chain, source
from .market import FORBIDDEN_TO_ALPHA, SYMBOLS, TRADES_PER_SYMBOL
from .test_execute import ask

pytestmark = pytest.mark.engines

PROFILE = "/api/v1/preview/profile"
TOTAL = len(SYMBOLS) * TRADES_PER_SYMBOL


async def profiled(client: Any, graph: Graph, target: str | None = None, **more: Any) -> dict[str, Any]:
    answer = await client.post(PROFILE, json=ask(graph, target, **more))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in found["columns"]}


async def test_it_says_what_the_rows_say(call) -> None:
    columns = [
        "symbol",
        "price",
        "quantity",
        "event_time",
        "trade_date",
        "sequence",
        "suspicious",
        "conditions",
    ]
    graph = chain(source(), ("select", {"columns": columns}))
    found = await profiled(call("preview"), graph)
    rows: list[list[Any]] = []
    for page in range(3):
        body = ask(graph, page=page, page_size=300)
        rows += (await call("execute").post("/api/v1/execute", json=body)).json()["rows"]
    assert found["row_count"] == len(rows) == TOTAL
    assert found["distribution"] == {"rows": TOTAL, "method": "all"}
    for index, column in enumerate(found["columns"]):
        values = [row[index] for row in rows if row[index] is not None]
        assert column["nulls"] == TOTAL - len(values)
        assert column["distinct"] == len(set(values)), column["name"]
        bins = column["histogram"]
        if bins is None:
            tops = {each["value"]: each["count"] for each in column["top_values"]}
            assert tops == dict(Counter(values).most_common(10))
            continue
        assert sum(each["count"] for each in bins) == len(values)
        assert (bins[0]["from"], bins[-1]["to"]) == (column["min"], column["max"])
        assert all(left["to"] == right["from"] for left, right in pairwise(bins))
    columns_ = by_name(found)
    assert {name: columns_[name]["min"] for name in ("quantity", "sequence", "trade_date")} == {
        "quantity": "0",
        "sequence": "9007199254740993",
        "trade_date": "2024-03-05",
    }
    assert len(columns_["trade_date"]["histogram"]) == 1
    assert columns_["quantity"]["histogram"][0] == {"from": "0", "to": "10.95", "count": 1}


async def test_a_tenant_is_told_of_its_own_rows_only(call) -> None:
    found = by_name(await profiled(call("preview", tenant="firm-alpha"), chain(source())))
    assert {each["value"] for each in found["symbol"]["top_values"]} == {"AAPL", "MSFT", "SPY"}
    assert found["quantity"]["min"] == "100", f"{FORBIDDEN_TO_ALPHA} has a trade of none"
    nobody = await profiled(
        call("preview", tenant="firm-beta"), chain(source("materialize", "live_positions"))
    )
    assert {each["value"] for each in by_name(nobody)["tenant_id"]["top_values"]} == {"firm-beta"}


async def test_rows_of_several_stores(call) -> None:
    """Worked out in memory: trades joined with live quotes."""
    trades, quotes = chain(source()), chain(source("materialize", "live_quotes"))
    nodes = [{**trades["nodes"][0], "id": "trades"}, {**quotes["nodes"][0], "id": "quotes"}]
    nodes.append({"id": "join", "type": "join", "data": {"left_key": "symbol", "right_key": "symbol"}})
    edges = [
        {"source": name, "target": "join", "targetHandle": side}
        for name, side in (("trades", "left"), ("quotes", "right"))
    ]
    graph = {"nodes": nodes, "edges": edges}
    found = await profiled(call("preview"), graph, columns=["symbol", "bid", "price"])
    assert found["row_count"] == TOTAL
    bids = by_name(found)["bid"]
    assert (bids["distinct"], bids["min"], bids["max"]) == (len(SYMBOLS), "10", "15")
    assert sum(each["count"] for each in bids["histogram"]) == TOTAL


async def test_many_rows_are_sampled_and_counted_whole(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "MOST_ROWS", 100)
    graph = chain(source(), ("filter", {"filters": [{"column": "quantity", "operator": ">", "value": 1}]}))
    found = await profiled(call("preview"), graph)
    assert found["row_count"] == TOTAL - 1
    assert found["distribution"]["method"] == "sample"
    assert 30 < found["distribution"]["rows"] <= 100
    price = by_name(found)["price"]
    assert price["distinct"] == TOTAL - 1
    assert sum(each["count"] for each in price["histogram"]) == found["distribution"]["rows"]


async def test_it_is_cached_by_content_and_columns(call) -> None:
    client = call("preview")
    graph = chain(source(), ("limit", {"rows": 7}))
    first = await profiled(client, graph, columns=["symbol", "price"])
    assert (first["cache_hit"], first["row_count"]) == (False, 7)
    assert (await profiled(client, graph, columns=["symbol", "price"])) == first | {"cache_hit": True}
    assert (await profiled(client, graph, columns=["price"]))["cache_hit"] is False


async def test_no_rows_at_all(call) -> None:
    graph = chain(source(), ("filter", {"filters": [{"column": "symbol", "operator": "=", "value": "NONE"}]}))
    found = by_name(await profiled(call("preview"), graph))
    assert found["price"]["histogram"] == found["symbol"]["top_values"] == []
    assert (found["price"]["min"], found["price"]["nulls"], found["price"]["distinct"]) == (None, 0, 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"columns": ["nothing"]}, "unknown_column"),
        ({"columns": ["price", "price"]}, "duplicate_column"),
        ({"columns": []}, "invalid_request"),
        ({"target": "nowhere"}, "unknown_node"),
    ],
)
async def test_what_cannot_be_profiled(call, more: dict[str, Any], code: str) -> None:
    body = ask(chain(source()), more.pop("target", None), **more)
    answer = await call("preview").post(PROFILE, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
