"""Graphs over several stores through the functions, on real engines: joins, as-of joins, unions, look-ups."""

from __future__ import annotations

import asyncio
import csv
import importlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
import redis.asyncio

from flowforge.results.answer import LIVE_TTL_SECONDS
from flowforge.stores import EXECUTE
from flowforge_local.engines import Endpoints

from .graphs import Graph, source

pytestmark = pytest.mark.engines

WINDOW_END = "2024-03-05T14:35:00+00:00"


def node(name: str, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "position": {"x": 0, "y": 0}, "data": data}


def table(name: str, database: str, table_name: str) -> dict[str, Any]:
    return node(name, "data_source", **source(database, table_name)[1])


def wire(start: str, end: str, handle: str | None = None) -> dict[str, Any]:
    return {"id": f"{start}-{end}-{handle}", "source": start, "target": end, "targetHandle": handle}


def graph(nodes: list[dict[str, Any]], *wires: dict[str, Any]) -> Graph:
    return {"nodes": nodes, "edges": list(wires)}


def quotes_with_volume(**join: Any) -> Graph:
    """The live quotes beside what was traded: one store each."""
    return graph(
        [
            table("quotes", "materialize", "live_quotes"),
            table("trades", "flowforge", "raw_trades"),
            node(
                "volume",
                "group_by",
                group_by=["symbol"],
                aggregations=[{"function": "sum", "column": "quantity", "alias": "traded"}],
            ),
            node("both", "join", left_key="symbol", right_key="symbol", **join),
            node("columns", "select", columns=["symbol", "bid", "traded"]),
            node("order", "sort", sorts=[{"column": "symbol", "direction": "asc"}]),
        ],
        wire("quotes", "both", "left"),
        wire("trades", "volume"),
        wire("volume", "both", "right"),
        wire("both", "columns"),
        wire("columns", "order"),
    )


async def ask(client: Any, path: str, question: Graph, target: str, **more: Any) -> Any:
    answer = await client.post(
        path, json={"graph": question, "target_node_id": target, **more.pop("body", {})}, **more
    )
    assert answer.status_code == 200, answer.text
    return answer


async def preview(client: Any, question: Graph, target: str) -> dict[str, Any]:
    return (await ask(client, "/api/v1/preview", question, target)).json()


async def test_a_join_of_two_stores(call) -> None:
    answer = await preview(call("preview"), quotes_with_volume(), "order")
    assert [column["name"] for column in answer["columns"]] == ["symbol", "bid", "traded"]
    assert answer["rows"][0] == ["AAPL", "10", "19140"]
    assert [row[0] for row in answer["rows"]] == ["AAPL", "IBM", "JPM", "MSFT", "SPY", "TSLA"]
    assert (answer["row_count"], answer["truncated"]) == (6, False)


@pytest.mark.parametrize(
    ("tenant", "symbols"), [("firm-alpha", ["AAPL", "MSFT", "SPY"]), ("firm-beta", ["IBM", "JPM"])]
)
async def test_each_tenant_gets_its_symbols_of_both_stores(call, tenant: str, symbols: list[str]) -> None:
    for kind in ("inner", "left", "right", "full"):
        answer = await preview(call("preview", tenant=tenant), quotes_with_volume(join_type=kind), "order")
        assert [row[0] for row in answer["rows"]] == symbols


async def test_explain_says_where_each_node_runs(call) -> None:
    answer = (await ask(call("compile"), "/api/v1/compile", quotes_with_volume(), "order")).json()
    assert [each["store"] for each in answer["statements"]] == ["postgres", "clickhouse"]
    assert "GROUP BY" in answer["statements"][1]["sql"]
    assert "ask" not in answer["statements"][0]["sql"], "columns that nobody reads are not fetched"
    nodes = answer["nodes"]
    assert {name: each["store"] for name, each in nodes.items()} == {
        "quotes": "postgres",
        "trades": "clickhouse",
        "volume": "clickhouse",
        "both": "memory",
        "columns": "memory",
        "order": "memory",
    }
    assert nodes["both"]["barrier"] == "OTHER_STORE"
    assert "live database" in nodes["both"]["detail"]
    start, end = nodes["volume"]["sql_span"]
    assert answer["statements"][nodes["volume"]["statement"]]["sql"][start:end]
    residual = answer["residual"]
    assert residual["engine"] == "polars"
    assert [each["node_id"] for each in residual["steps"]] == ["both", "columns", "order"]
    assert residual["inputs"][0] == {"statement": 0, "columns": ["symbol", "bid"], "store": "postgres"}
    assert {"database": "materialize", "table": "live_quotes", "column": "bid"} in answer["lineage"]["bid"]


async def test_pages_csv_and_arrow_of_a_join(call) -> None:
    client = call("execute")
    page = await ask(
        client, "/api/v1/execute", quotes_with_volume(), "order", body={"page": 1, "page_size": 4}
    )
    assert [row[0] for row in page.json()["rows"]] == ["SPY", "TSLA"]
    assert page.json()["truncated"] is False
    text = await ask(client, "/api/v1/execute", quotes_with_volume(), "order", headers={"accept": "text/csv"})
    lines = list(csv.reader(io.StringIO(text.text)))
    assert lines[:2] == [["symbol", "bid", "traded"], ["AAPL", "10", "19140"]]
    stream = await ask(
        client,
        "/api/v1/execute",
        quotes_with_volume(),
        "order",
        headers={"accept": "application/vnd.apache.arrow.stream"},
    )
    found = pa.ipc.open_stream(stream.content).read_all()
    assert found.column("symbol").to_pylist() == ["AAPL", "IBM", "JPM", "MSFT", "SPY", "TSLA"]
    assert str(found.column("bid").to_pylist()[0]) == "10.000000"


async def test_an_as_of_join_across_stores(call) -> None:
    question = graph(
        [
            table("quotes", "materialize", "live_quotes"),
            table("trades", "flowforge", "raw_trades"),
            node(
                "near",
                "asof_join",
                left_key="symbol",
                right_key="symbol",
                left_time="last_update",
                right_time="event_time",
            ),
            node("columns", "select", columns=["symbol", "event_time", "price"]),
            node("order", "sort", sorts=[{"column": "symbol", "direction": "asc"}]),
        ],
        wire("quotes", "near", "left"),
        wire("trades", "near", "right"),
        wire("near", "columns"),
        wire("columns", "order"),
    )
    rows = (await preview(call("preview", tenant="firm-alpha"), question, "order"))["rows"]
    assert rows[0] == ["AAPL", "2024-03-05T15:29:30Z", "10.000119"]
    assert [row[0] for row in rows] == ["AAPL", "MSFT", "SPY"]


async def test_a_union_across_stores(call) -> None:
    question = graph(
        [
            table("quotes", "materialize", "live_quotes"),
            node("bids", "select", columns=["symbol", "bid"]),
            node("price", "rename", renames={"bid": "price"}),
            table("trades", "flowforge", "raw_trades"),
            node("prices", "select", columns=["symbol", "price"]),
            node("rows", "union", mode="all"),
            node(
                "count",
                "group_by",
                group_by=["symbol"],
                aggregations=[{"function": "count"}, {"function": "min", "column": "price"}],
            ),
            node("order", "sort", sorts=[{"column": "symbol", "direction": "asc"}]),
        ],
        wire("quotes", "bids"),
        wire("bids", "price"),
        wire("trades", "prices"),
        wire("price", "rows"),
        wire("prices", "rows"),
        wire("rows", "count"),
        wire("count", "order"),
    )
    rows = (await preview(call("preview", tenant="firm-beta"), question, "order"))["rows"]
    assert rows == [["IBM", "121", "14"], ["JPM", "121", "13"]]


async def test_of_a_union_no_store_gives_more_rows_than_are_shown(call, monkeypatch) -> None:
    monkeypatch.setattr(
        importlib.import_module("flowforge.execute.execute"), "EXECUTE", replace(EXECUTE, rows_fetched=20)
    )
    question = graph(
        [
            table("quotes", "materialize", "live_quotes"),
            node("bids", "select", columns=["symbol", "bid"]),
            table("trades", "flowforge", "raw_trades"),
            node("prices", "select", columns=["symbol", "price"]),
            node("rows", "union"),
            node("order", "sort", sorts=[{"column": "price", "direction": "asc"}, {"column": "symbol", "direction": "asc"}]),
        ],
        wire("quotes", "bids"),
        wire("trades", "prices"),
        wire("bids", "rows"),
        wire("prices", "rows"),
        wire("rows", "order"),
    )  # fmt: skip
    page = {"page": 1, "page_size": 5}
    answer = await ask(call("execute"), "/api/v1/execute", question, "order", body=page)
    assert [row[2] for row in answer.json()["rows"]] == [f"10.{number:06d}" for number in range(5, 10)]
    assert answer.json()["truncated"] is True


@pytest.fixture
async def latest(stores: Endpoints) -> AsyncIterator[None]:
    """Look-ups as the pipeline writes them."""
    client = redis.asyncio.Redis.from_url(stores.redis_url)
    for number, symbol in enumerate(("AAPL", "JPM", "TSLA")):
        await client.hset(
            f"latest:vwap:{symbol}",
            mapping={
                "vwap": f"{number}.123456789012",
                "volume": "9007199254740993",
                "trade_count": "3",
                "spread_bps": "" if symbol == "JPM" else "1.5",
                "window_end": WINDOW_END,
            },
        )
        await client.sadd("latest:vwap", symbol)
    for tenant, symbol in (("firm-alpha", "AAPL"), ("firm-beta", "JPM"), ("firm-alpha-2", "TSLA")):
        key = f"main:{symbol}"
        await client.hset(
            f"latest:position:{tenant}:{key}",
            mapping={
                "account": "main",
                "symbol": symbol,
                "net_qty": "10",
                "tenant_id": "firm-beta",
                "last_update": WINDOW_END,
            },
        )
        await client.sadd(f"latest:position:{tenant}", key)
    yield
    keys = [key async for key in client.scan_iter("latest:*")]
    await client.delete(*keys)
    await client.aclose()


def looked_up(name: str, *steps: dict[str, Any]) -> Graph:
    nodes = [table("latest", "redis", name), *steps]
    wires = [wire(a["id"], b["id"]) for a, b in pairwise(nodes)]
    return graph(nodes, *wires)


async def test_look_ups_are_typed_and_guarded_by_symbol(call, latest: None) -> None:
    question = looked_up(
        "latest.vwap",
        node("columns", "select", columns=["symbol", "vwap", "volume", "spread_bps", "window_end"]),
        node("order", "sort", sorts=[{"column": "symbol", "direction": "asc"}]),
    )
    row = ["AAPL", "0.123456789012", "9007199254740993", "1.5", "2024-03-05T14:35:00Z"]
    expected = {"demo": ["AAPL", "JPM", "TSLA"], "firm-alpha": ["AAPL"], "firm-beta": ["JPM"]}
    for tenant, symbols in expected.items():
        rows = (await preview(call("preview", tenant=tenant), question, "order"))["rows"]
        assert [each[0] for each in rows] == symbols
        if tenant == "firm-alpha":
            assert rows == [row]
        if tenant == "firm-beta":
            assert rows[0][3] is None


async def test_a_condition_on_the_symbol_cannot_name_anothers_key(call, latest: None) -> None:
    condition = {"column": "symbol", "operator": "IN", "value": ["JPM", "AAPL", "*", "AAPL:x", "vwap"]}
    question = looked_up("latest.vwap", node("wanted", "filter", filters=[condition], logic="AND"))
    rows = (await preview(call("preview", tenant="firm-alpha"), question, "wanted"))["rows"]
    assert [each[0] for each in rows] == ["AAPL"]


async def test_positions_are_the_tenants_own(call, latest: None) -> None:
    question = looked_up(
        "latest.position", node("columns", "select", columns=["tenant_id", "symbol", "net_qty"])
    )
    expected = {
        "demo": [],
        "firm-alpha": [["firm-alpha", "AAPL", "10"]],
        "firm-beta": [["firm-beta", "JPM", "10"]],
    }
    for tenant, rows in expected.items():
        assert (await preview(call("preview", tenant=tenant), question, "columns"))["rows"] == rows


async def test_a_look_up_joins_trades(call, latest: None) -> None:
    question = graph(
        [
            table("latest", "redis", "latest.vwap"),
            table("trades", "flowforge", "raw_trades"),
            node(
                "last",
                "group_by",
                group_by=["symbol"],
                aggregations=[{"function": "last", "column": "price"}],
            ),
            node("both", "join", left_key="symbol", right_key="symbol"),
            node("gap", "formula", expression="[last_price] - [vwap]", output_column="gap"),
            node("columns", "select", columns=["symbol", "gap"]),
        ],
        wire("latest", "both", "left"),
        wire("trades", "last"),
        wire("last", "both", "right"),
        wire("both", "gap"),
        wire("gap", "columns"),
    )
    rows = (await preview(call("preview", tenant="firm-alpha"), question, "columns"))["rows"]
    assert rows == [["AAPL", "9.876662210988"]]


async def test_the_schema_lists_the_look_ups(call) -> None:
    answer = (await call("schema").get("/api/v1/schema")).json()
    found = {each["table"]: each for each in answer["tables"] if each["store"] == "redis"}
    assert found.keys() == {"latest.vwap", "latest.volatility", "latest.position"}
    assert found["latest.vwap"]["freshness"] == "live"
    assert found["latest.vwap"]["symbol_column"] == "symbol"


async def test_a_text_that_is_no_number_is_named_and_not_shown(call, latest: None, stores: Endpoints) -> None:
    client = redis.asyncio.Redis.from_url(stores.redis_url)
    await client.hset("latest:vwap:AAPL", "vwap", "secret-text")
    await client.aclose()
    answer = await call("preview", tenant="firm-alpha").post(
        "/api/v1/preview", json={"graph": looked_up("latest.vwap"), "target_node_id": "latest"}
    )
    assert answer.status_code == 502, answer.text
    assert (answer.json()["column"], answer.json()["node_id"]) == ("vwap", "latest")
    assert "secret-text" not in answer.text


async def test_what_is_fetched_is_bounded_and_the_node_is_named(call, monkeypatch) -> None:
    small = replace(EXECUTE, rows_fetched=100)
    monkeypatch.setattr(importlib.import_module("flowforge.execute.execute"), "EXECUTE", small)
    question = quotes_with_volume()
    question["nodes"][2] = node("volume", "select", columns=["symbol", "quantity", "price"])
    question["nodes"][4] = node("columns", "select", columns=["symbol", "bid", "price"])
    answer = await call("execute").post(
        "/api/v1/execute", json={"graph": question, "target_node_id": "columns"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "query_rows"), answer.text
    assert answer.json()["node_id"] == "trades"
    assert "before the join" in answer.json()["hint"]


async def test_a_filter_behind_a_join_reaches_the_scan_of_its_store(call) -> None:
    question = quotes_with_volume()
    condition = {"column": "symbol", "operator": "=", "value": "AAPL"}
    question["nodes"][4] = node("columns", "filter", filters=[condition], logic="AND")
    answer = (await ask(call("compile"), "/api/v1/compile", question, "columns")).json()
    assert "'AAPL'" in answer["statements"][0]["sql"]
    rows = (await preview(call("preview"), question, "columns"))["rows"]
    assert [row[0] for row in rows] == ["AAPL"]


async def test_an_overflow_in_memory_names_its_node_and_no_value(call) -> None:
    question = quotes_with_volume()
    question["nodes"][4] = node(
        "columns", "formula", expression="[traded] * 99999999999999999999999999999999.5", output_column="much"
    )
    answer = await call("preview").post(
        "/api/v1/preview", json={"graph": question, "target_node_id": "columns"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "numeric_overflow"), answer.text
    assert answer.json()["node_id"] == "columns"


async def test_the_cache_answers_a_join_and_live_rows_only_for_a_moment(call) -> None:
    question = quotes_with_volume(join_type="left")
    client = call("preview")
    first = await preview(client, question, "order")
    assert first["cache_hit"] is False
    assert (await preview(client, question, "order"))["cache_hit"] is True
    await asyncio.sleep(LIVE_TTL_SECONDS + 0.2)
    assert (await preview(client, question, "order"))["cache_hit"] is False
