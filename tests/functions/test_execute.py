"""Execute: pages, filters, and whole results as CSV and Arrow."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa
import pytest

from .graphs import Graph, chain, inverse_quantity, per_symbol, source
from .market import SYMBOLS, TRADES_PER_SYMBOL
from .test_workspace import make_workflow

pytestmark = pytest.mark.engines

EXECUTE = "/api/v1/execute"


def ask(graph: Graph, target: str | None = None, **more: Any) -> dict[str, Any]:
    return {"graph": graph, "target_node_id": target or graph["nodes"][-1]["id"], **more}


def ids_in_order() -> Graph:
    return chain(
        source(),
        ("select", {"columns": ["trade_id"]}),
        ("sort", {"sorts": [{"column": "trade_id", "direction": "asc"}]}),
    )


async def execute(client: Any, graph: Graph, **more: Any) -> dict[str, Any]:
    answer = await client.post(EXECUTE, json=ask(graph, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_pages_cover_the_result_once(call) -> None:
    client = call("execute")
    seen: list[str] = []
    for number in range(100):
        page = await execute(client, ids_in_order(), page=number, page_size=250)
        assert (page["page"], page["page_size"]) == (number, 250)
        seen += [row[0] for row in page["rows"]]
        if not page["truncated"]:
            break
    assert len(seen) == len(set(seen)) == len(SYMBOLS) * TRADES_PER_SYMBOL
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [("sort", {"sorts": [{"column": "venue"}]})],
        [("sort", {"sorts": [{"column": "symbol", "direction": "desc"}]}), ("limit", {"rows": 500})],
        [("group_by", {"group_by": ["event_time"], "aggregations": [{"function": "count"}]})],
        [("unique", {"columns": ["symbol", "quantity"]})],
        [("window", {"function": "rank", "order_by": [{"column": "venue"}]})],
    ],
    ids=["table", "ties", "limit", "groups", "unique", "window"],
)
async def test_pages_of_rows_in_any_order_cover_the_result_once(call, steps: list[Any]) -> None:
    """Many small pages, asked for on their own, of rows that tie in whatever the graph sorts by."""
    client = call("execute")
    graph = chain(
        source(), ("select", {"columns": ["symbol", "venue", "event_time", "quantity", "price"]}), *steps
    )
    whole = (await execute(client, graph, page_size=1000))["rows"]
    pages = [
        await execute(client, graph, page=number, page_size=37) for number in range(len(whole) // 37 + 1)
    ]
    assert len(whole) > 100
    assert [row for page in pages for row in page["rows"]] == whole


@pytest.mark.parametrize("kind", ["join", "union"])
async def test_pages_of_several_sources_cover_the_result_once(call, kind: str) -> None:
    handles = [{"targetHandle": side} if kind == "join" else {} for side in ("left", "right")]
    config = {"left_key": "symbol", "right_key": "symbol"} if kind == "join" else {}
    chosen = ("select", {"columns": ["symbol", "quantity"]})
    graph = chain(source(), chosen)
    first = graph["nodes"][-1]["id"]
    few = {"filters": [{"column": "quantity", "operator": "<", "value": 105}]}
    graph["nodes"] += [
        {"id": "b", "type": "filter", "data": few},
        {"id": "both", "type": kind, "data": config},
    ]
    graph["edges"] += [
        {"id": "e8", "source": first, "target": "b"},
        {"id": "e9", "source": first, "target": "both", **handles[0]},
        {"id": "e10", "source": "b", "target": "both", **handles[1]},
    ]
    client = call("execute")
    ends = [await execute(client, graph, page=number, page_size=100) for number in range(8)]
    again = [await execute(client, graph, page=number, page_size=100) for number in range(8)]
    assert ends[0]["truncated"]
    assert [page["rows"] for page in ends] == [page["rows"] for page in again]
    rows = [row for page in ends for row in page["rows"]]
    assert rows == sorted(rows, key=lambda row: (row[0], float(row[1]), *row[2:3]))


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"page": 101, "page_size": 100}, "offset_too_large", "page"),
        ({"page_size": 1001}, "invalid_request", "page_size"),
        ({"page_size": 0}, "invalid_request", "page_size"),
        ({"page": -1}, "invalid_request", "page"),
        ({"workflow_id": "00000000-0000-0000-0000-000000000000"}, "invalid_request", None),
    ],
)
async def test_a_page_that_cannot_be(call, more: dict[str, Any], code: str, field: str | None) -> None:
    answer = await call("execute").post(EXECUTE, json=ask(ids_in_order(), **more))
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.json().get("field") == field


async def test_the_last_page_within_the_cap_is_served(call) -> None:
    page = await execute(call("execute"), ids_in_order(), page=10, page_size=1000)
    assert page["rows"] == []


async def test_each_tenant_gets_its_symbols(call) -> None:
    for graph in (per_symbol(), inverse_quantity()):
        for tenant, symbols in {"firm-alpha": ["AAPL", "MSFT", "SPY"], "firm-beta": ["IBM", "JPM"]}.items():
            for _ in range(2):
                page = await execute(call("execute", tenant=tenant), graph)
                assert [row[0] for row in page["rows"]] == symbols


async def test_a_saved_workflow_is_run_by_its_tenant_only(call) -> None:
    workflow = await make_workflow(call("workspace", tenant="firm-alpha"))
    path = f"/api/v1/workflows/{workflow['id']}"
    await call("workspace", tenant="firm-alpha").patch(
        path, json={"graph": per_symbol()}, headers={"If-Match": '"1"'}
    )
    body = {"workflow_id": workflow["id"], "target_node_id": "sort"}
    own = await call("execute", tenant="firm-alpha").post(EXECUTE, json=body)
    assert [row[0] for row in own.json()["rows"]] == ["AAPL", "MSFT", "SPY"]
    foreign = await call("execute", tenant="firm-beta").post(EXECUTE, json=body)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")


async def test_filters_bind_at_the_source_or_the_output(call) -> None:
    client = call("execute")
    by_key = [{"column": "symbol", "operator": "IN", "value": ["IBM", "JPM"]}]
    page = await execute(client, per_symbol(), filters=by_key)
    assert [row[0] for row in page["rows"]] == ["IBM", "JPM"]
    by_aggregate = [{"column": "sum_quantity", "operator": ">", "value": 1}]
    assert len((await execute(client, per_symbol(), filters=by_aggregate))["rows"]) == len(SYMBOLS)
    before_grouping = [{"column": "quantity", "operator": "=", "value": 100}]
    page = await execute(client, per_symbol(), filters=before_grouping)
    assert {row[1] for row in page["rows"]} == {"1"}
    unknown = [{"column": "colour", "operator": "=", "value": "red"}]
    assert (await execute(client, per_symbol(), filters=unknown))["filters_ignored"] == ["colour"]


async def test_a_filter_does_not_move_below_a_limit(call) -> None:
    graph = chain(
        source(),
        ("sort", {"sorts": [{"column": "symbol", "direction": "asc"}]}),
        ("limit", {"rows": 10}),
        ("select", {"columns": ["symbol"]}),
    )
    filters = [{"column": "symbol", "operator": "=", "value": "TSLA"}]
    assert (await execute(call("execute"), graph, filters=filters))["rows"] == []


async def test_a_wrong_filter_is_the_callers(call) -> None:
    filters = [{"column": "quantity", "operator": "=", "value": "many"}]
    answer = await call("execute").post(EXECUTE, json=ask(per_symbol(), filters=filters))
    assert answer.status_code == 422
    assert answer.json()["field"] == "filters"
    assert "node_id" not in answer.json()


async def test_csv_streams_the_whole_result_defused(call) -> None:
    graph = chain(
        source(),
        ("select", {"columns": ["trade_id", "conditions", "price"]}),
        ("sort", {"sorts": [{"column": "trade_id", "direction": "asc"}]}),
    )
    answer = await call("execute", tenant="firm-alpha").post(
        EXECUTE, json=ask(graph), headers={"Accept": "text/csv"}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    header, *rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert header == ["trade_id", "conditions", "price"]
    assert len(rows) == 3 * TRADES_PER_SYMBOL
    assert {row[1] for row in rows} == {"'=1+1", "'@"}


async def test_arrow_streams_the_whole_result(call) -> None:
    graph = chain(source(), ("select", {"columns": ["symbol", "side", "price", "event_time", "sequence"]}))
    answer = await call("execute", tenant="firm-beta").post(
        EXECUTE, json=ask(graph), headers={"Accept": "application/vnd.apache.arrow.stream"}
    )
    assert answer.status_code == 200, answer.text
    table = pa.ipc.open_stream(answer.content).read_all()
    assert table.num_rows == 2 * TRADES_PER_SYMBOL
    assert set(table.column("symbol").to_pylist()) == {"IBM", "JPM"}
    assert set(table.column("side").to_pylist()) == {"UNKNOWN"}


async def test_an_export_of_a_table_view_is_all_of_it(call) -> None:
    graph = chain(source(), ("table_view", {"page_size": 10}))
    answer = await call("execute", tenant="firm-beta").post(
        EXECUTE, json=ask(graph), headers={"Accept": "text/csv"}
    )
    assert answer.text.count("\n") == 1 + 2 * TRADES_PER_SYMBOL


async def test_an_export_that_cannot_be_compiled_is_a_problem(call) -> None:
    graph = chain(source(), ("select", {"columns": ["nope"]}))
    answer = await call("execute").post(EXECUTE, json=ask(graph), headers={"Accept": "text/csv"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
