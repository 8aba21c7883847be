"""Preview: the first rows, cached by content, never across tenants or entitlements."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

import pytest

from flowforge.auth import forget_access
from flowforge.errors import ErrorCode, StoreError
from flowforge.metadata.entitlements import grant
from flowforge.resources import close_all
from flowforge.settings import settings
from flowforge.stores.cache import cache

from .graphs import Graph, chain, inverse_quantity, per_symbol, source
from .market import TRADES_PER_SYMBOL, insert

pytestmark = pytest.mark.engines

PREVIEW = "/api/v1/preview"


def ask(graph: Graph, target: str | None = None, **more: Any) -> dict[str, Any]:
    return {"graph": graph, "target_node_id": target or graph["nodes"][-1]["id"], **more}


def limited(rows: int) -> Graph:
    return chain(source(), ("limit", {"rows": rows}))


async def preview(client: Any, graph: Graph, **more: Any) -> dict[str, Any]:
    answer = await client.post(PREVIEW, json=ask(graph, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_answer_has_the_shape_of_the_api(call) -> None:
    answer = await preview(call("preview"), per_symbol())
    assert set(answer) == {
        "columns",
        "rows",
        "row_count",
        "execution_ms",
        "cache_hit",
        "truncated",
        "plan_hash",
        "as_of",
    }
    assert [column["name"] for column in answer["columns"]] == ["symbol", "count", "sum_quantity"]
    assert [column["type"] for column in answer["columns"]][:2] == ["string", "int64"]
    assert answer["rows"][0][:2] == ["AAPL", str(TRADES_PER_SYMBOL)]
    assert answer["row_count"] == len(answer["rows"]) == 6
    assert answer["truncated"] is False
    assert answer["as_of"].endswith("Z")


@pytest.mark.parametrize(
    ("rows", "shown", "truncated"), [(99, 99, False), (100, 100, False), (101, 100, True)]
)
async def test_one_row_more_than_shown_is_read(call, rows: int, shown: int, truncated: bool) -> None:
    answer = await preview(call("preview"), limited(rows))
    assert (answer["row_count"], len(answer["rows"]), answer["truncated"]) == (shown, shown, truncated)


async def test_values_survive_json(call) -> None:
    graph = chain(
        source(),
        ("filter", {"filters": [{"column": "trade_id", "operator": "=", "value": "AAPL:0"}], "logic": "AND"}),
        (
            "select",
            {"columns": ["symbol", "event_time", "side", "price", "sequence", "trade_date", "suspicious"]},
        ),
    )
    (row,) = (await preview(call("preview"), graph))["rows"]
    symbol, event_time, side, price, sequence, trade_date, suspicious = row
    assert (symbol, side, sequence, trade_date, suspicious) == (
        "AAPL",
        "UNKNOWN",
        "9007199254740993",
        "2024-03-05",
        False,
    )
    assert event_time.startswith("2024-03-05T14:30:00")
    assert event_time.endswith("Z")
    assert isinstance(price, str)


async def test_the_second_look_comes_from_the_cache(call) -> None:
    client = call("preview")
    graph = limited(7)
    first = await preview(client, graph)
    second = await preview(client, graph)
    assert (first["cache_hit"], second["cache_hit"]) == (False, True)
    assert second["rows"] == first["rows"]
    graph["nodes"][1]["position"] = {"x": 99, "y": 99}
    assert (await preview(client, graph))["cache_hit"] is True
    graph["nodes"][1]["data"] = {"rows": 8}
    assert (await preview(client, graph))["cache_hit"] is False


@pytest.mark.parametrize("graph", [per_symbol(), inverse_quantity()], ids=["per symbol", "1/[quantity]"])
async def test_each_tenant_gets_its_symbols_cold_and_cached(call, graph: Graph) -> None:
    entitled = {
        "demo": ["AAPL", "IBM", "JPM", "MSFT", "SPY", "TSLA"],
        "firm-alpha": ["AAPL", "MSFT", "SPY"],
        "firm-beta": ["IBM", "JPM"],
        "stranger": [],
    }
    for _ in ("cold", "cached"):
        for tenant, symbols in entitled.items():
            answer = await preview(call("preview", tenant=tenant), graph) if symbols else None
            if answer is None:
                refused = await call("preview", tenant=tenant).post(PREVIEW, json=ask(graph))
                assert (refused.status_code, refused.json()["code"]) == (422, "unknown_table")
            else:
                assert [row[0] for row in answer["rows"]] == symbols


async def test_a_withdrawn_symbol_misses_the_cache(call) -> None:
    await grant("withdrawn", ["AAPL", "IBM"])
    forget_access("withdrawn")
    client = call("preview", tenant="withdrawn")
    await preview(client, per_symbol())
    assert (await preview(client, per_symbol()))["cache_hit"] is True
    await grant("withdrawn", ["IBM"])
    forget_access("withdrawn")
    after = await preview(client, per_symbol())
    assert after["cache_hit"] is False
    assert [row[0] for row in after["rows"]] == ["IBM"]


async def test_an_empty_symbol_list_means_no_rows(call) -> None:
    await grant("empty-list", [])
    assert (await preview(call("preview", tenant="empty-list"), per_symbol()))["rows"] == []


async def test_an_announced_change_of_a_table_misses_the_cache(call) -> None:
    client, graph = call("preview"), limited(9)
    await preview(client, graph)
    assert (await preview(client, graph))["cache_hit"] is True
    await (await cache()).redis("INCR", "flowforge:data:flowforge.raw_trades")
    assert (await preview(client, graph))["cache_hit"] is False
    assert (await preview(client, graph))["cache_hit"] is True


async def test_equal_questions_at_one_moment_share_one_query(call, monkeypatch) -> None:
    answering = importlib.import_module("flowforge.results.answer")
    runs = 0
    original = answering.read

    async def counted(*arguments: Any) -> Any:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.2)
        return await original(*arguments)

    monkeypatch.setattr(answering, "read", counted)
    client = call("preview")
    answers = await asyncio.gather(*(preview(client, limited(11)) for _ in range(8)))
    assert runs == 1
    assert all(each["rows"] == answers[0]["rows"] for each in answers)


async def test_errors_are_not_cached(call, monkeypatch) -> None:
    answering = importlib.import_module("flowforge.results.answer")

    async def failing(*_: Any) -> Any:
        raise StoreError(ErrorCode.QUERY_TIMEOUT, "too slow")

    with monkeypatch.context() as patch:
        patch.setattr(answering, "read", failing)
        assert (await call("preview").post(PREVIEW, json=ask(limited(12)))).status_code == 504
    assert (await preview(call("preview"), limited(12)))["cache_hit"] is False


async def test_without_redis_there_is_an_answer_all_the_same(call, monkeypatch) -> None:
    await close_all()
    monkeypatch.setenv("FLOWFORGE_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    try:
        client = call("preview")
        for _ in range(2):
            assert (await preview(client, limited(13)))["cache_hit"] is False
    finally:
        await close_all()
        monkeypatch.undo()
        settings.cache_clear()


async def test_live_tables_are_guarded_by_tenant(call) -> None:
    graph = chain(
        source("materialize", "live_positions"), ("select", {"columns": ["tenant_id", "symbol", "net_qty"]})
    )
    assert (await preview(call("preview", tenant="firm-alpha"), graph))["rows"] == [
        ["firm-alpha", "AAPL", "10"]
    ]
    assert (await preview(call("preview", tenant="firm-beta"), graph))["rows"] == [["firm-beta", "JPM", "10"]]
    assert (await preview(call("preview"), graph))["rows"] == []


async def test_live_quotes_are_guarded_by_symbol(call) -> None:
    graph = chain(
        source("materialize", "live_quotes"),
        ("select", {"columns": ["symbol", "bid"]}),
        ("sort", {"sorts": [{"column": "symbol", "direction": "asc"}]}),
    )
    rows = (await preview(call("preview", tenant="firm-alpha"), graph))["rows"]
    assert rows == [["AAPL", "10"], ["MSFT", "11"], ["SPY", "12"]]


BAD_GRAPHS: list[tuple[str, Graph, str | None, str, dict[str, Any]]] = [
    ("unknown node type", chain(source(), ("wizard", {})), None, "unknown_node_type", {"node_id": "wizard"}),
    ("unknown target", per_symbol(), "nowhere", "unknown_node", {"field": "target_node_id"}),
    (
        "unknown table",
        chain(source("flowforge", "raw_trade")),
        None,
        "unknown_table",
        {"node_id": "data_source"},
    ),
    (
        "undeclared table",
        chain(source("flowforge", "imports")),
        None,
        "unknown_table",
        {"node_id": "data_source"},
    ),
    (
        "engine's table",
        chain(source("system", "processes")),
        None,
        "unknown_table",
        {"node_id": "data_source"},
    ),
    (
        "missing column",
        chain(source(), ("select", {"columns": ["symbol", "prices"]})),
        None,
        "unknown_column",
        {"node_id": "select", "column": "prices"},
    ),
    (
        "wrong type",
        chain(source(), ("filter", {"filters": [{"column": "price", "operator": ">", "value": "dear"}]})),
        None,
        "type_mismatch",
        {"node_id": "filter", "column": "price"},
    ),
    (
        "unknown field of a node",
        chain(source(), ("limit", {"rows": 1, "colour": "red"})),
        None,
        "invalid_config",
        {"node_id": "limit", "field": "colour"},
    ),
    ("no input", chain(("limit", {"rows": 1})), None, "missing_input", {"node_id": "limit"}),
    (
        "formula",
        chain(source(), ("formula", {"expression": "[price] * ", "output_column": "x"})),
        None,
        "formula_syntax",
        {"node_id": "formula", "field": "expression"},
    ),
    (
        "formula's column",
        chain(source(), ("formula", {"expression": "[price] * [quantty]", "output_column": "x"})),
        None,
        "unknown_column",
        {"node_id": "formula", "position": 10},
    ),
]


@pytest.mark.parametrize(
    ("graph", "target", "code", "place"),
    [each[1:] for each in BAD_GRAPHS],
    ids=[each[0] for each in BAD_GRAPHS],
)
async def test_a_wrong_graph_names_its_place(
    call, graph: Graph, target: str | None, code: str, place: dict[str, Any]
) -> None:
    answer = await call("preview").post(PREVIEW, json=ask(graph, target))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code, problem
    for name, value in place.items():
        assert problem.get(name) == value, problem


async def test_new_rows_that_nobody_announced_are_noticed_with_the_next_catalogue(call, stores) -> None:
    client, graph = call("preview", tenant="firm-beta"), chain(source("reference", "daily_bars"))
    assert (await preview(client, graph))["rows"] == []
    assert (await preview(client, graph))["cache_hit"] is True
    insert(
        stores,
        "INSERT INTO reference.daily_bars (symbol, day, close, source, source_file, row_no) FORMAT CSV",
        "IBM,2024-03-05,190.5,test,test.csv,1",
    )
    await call("schema").post("/api/v1/schema/refresh")
    after = await preview(client, graph)
    assert (after["cache_hit"], after["row_count"]) == (False, 1)


async def test_an_overflow_names_its_node_and_no_value(call) -> None:
    graph = chain(
        source(),
        ("formula", {"expression": "[sequence] * [sequence]", "output_column": "square"}),
        ("select", {"columns": ["square"]}),
    )
    answer = await call("preview").post(PREVIEW, json=ask(graph))
    assert answer.status_code == 422, answer.text
    assert (answer.json()["code"], answer.json()["node_id"]) == ("numeric_overflow", "formula")
    assert "9007199254740993" not in answer.text


@pytest.mark.parametrize(
    ("operator", "value", "rows"),
    [
        ("=", "regular", TRADES_PER_SYMBOL),
        ("!=", "extended", TRADES_PER_SYMBOL),
        ("IN", ["regular", "extended"], TRADES_PER_SYMBOL),
        ("=", "no such session", 0),
        ("IN", ["regular", "no such session"], TRADES_PER_SYMBOL),
        (">", "extended", TRADES_PER_SYMBOL),
        ("LIKE", "reg%", TRADES_PER_SYMBOL),
    ],
)
async def test_a_column_with_a_fixed_list_compares_as_text(
    call, operator: str, value: Any, rows: int
) -> None:
    test = [{"column": "symbol", "operator": "=", "value": "AAPL"}]
    test.append({"column": "session", "operator": operator, "value": value})
    count = {"group_by": [], "aggregations": [{"function": "count"}]}
    graph = chain(source(), ("filter", {"filters": test}), ("group_by", count))
    answer = await preview(call("preview"), graph)
    assert answer["rows"] == [[str(rows)]]


async def test_its_own_values_are_compared_without_a_conversion(call) -> None:
    test = [{"column": "session", "operator": "IN", "value": ["regular", "extended"]}]
    graph = chain(source(), ("filter", {"filters": test}))
    answer = await call("compile").post("/api/v1/compile", json=ask(graph))
    assert "session IN ('regular', 'extended')" in answer.json()["statements"][0]["sql"]
