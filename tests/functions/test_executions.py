"""Executions: asked for, run once by whichever delivery comes first, read as pages and as files, withdrawn."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pyarrow as pa
import pytest

from flowforge.execute.executions.cleaning import clean
from flowforge.settings import settings
from flowforge.stores.kept import folders, kept
from flowforge_local.engines import Endpoints

from .conftest import MESH_SECRET
from .deliveries import announced, deliver, told
from .graphs import Graph, chain, per_symbol, source
from .market import SYMBOLS, TRADES_PER_SYMBOL
from .test_execute import ask, ids_in_order
from .test_processes import running, until_ready

pytestmark = pytest.mark.engines

EXECUTIONS = "/api/v1/executions"
REQUESTED = "execution.requested"
OTHERS = ("execution.started", "execution.completed", "execution.failed")


@pytest.fixture
async def client(call) -> AsyncIterator[httpx.AsyncClient]:
    """Of the function, for a tenant that sees everything; nothing of other tests is waiting."""
    await announced(REQUESTED, *OTHERS)
    yield call("execute")
    await sql("DELETE FROM executions")


async def sql(statement: str) -> None:
    connection = await asyncpg.connect(settings().meta_dsn.get_secret_value())
    await connection.execute(statement)
    await connection.close()


async def requested(client: httpx.AsyncClient, graph: Graph, **more: Any) -> str:
    answer = await client.post(EXECUTIONS, json=ask(graph, **more))
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"{EXECUTIONS}/{answer.json()['id']}"
    return str(answer.json()["id"])


async def state(client: httpx.AsyncClient, execution: str) -> dict[str, Any]:
    answer = await client.get(f"{EXECUTIONS}/{execution}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def begun(client: httpx.AsyncClient, execution: str) -> None:
    for _ in range(200):
        if (await state(client, execution))["status"] == "running":
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it was not begun")


async def run_all(client: httpx.AsyncClient) -> None:
    for message in await announced(REQUESTED):
        assert (await deliver(client, message)).status_code == 204


def slow(most: int = 1_000) -> Graph:
    """Works on the triples of trades, the third of at most so many shares: hundreds of millions of rows."""
    nodes: list[dict[str, Any]] = []
    wires: list[tuple[str, str, str | None]] = []
    for name in "abc":
        nodes.append(
            {"id": name, "type": "data_source", "data": {"database": "flowforge", "table": "raw_trades"}}
        )
        nodes.append({"id": f"{name}1", "type": "select", "data": {"columns": ["venue", "quantity"]}})
        wires.append((name, f"{name}1", None))
    on_venue = {"left_key": "venue", "right_key": "venue"}
    nodes += [
        {"id": "ab", "type": "join", "data": on_venue},
        {"id": "ab1", "type": "select", "data": {"columns": ["venue", "quantity"]}},
        {"id": "abc", "type": "join", "data": on_venue},
        {
            "id": "sums",
            "type": "formula",
            "data": {"expression": "SQRT([quantity] + [quantity_right])", "output_column": "root"},
        },
        {
            "id": "count",
            "type": "group_by",
            "data": {"aggregations": [{"function": "sum", "column": "root"}]},
        },
    ]
    wires += [("a1", "ab", "left"), ("b1", "ab", "right"), ("ab", "ab1", None), ("ab1", "abc", "left")]
    chosen = [{"column": "quantity", "operator": "<=", "value": most}]
    nodes.insert(0, {"id": "c0", "type": "filter", "data": {"filters": chosen}})
    wires = [wire for wire in wires if wire[0] != "c"] + [("c", "c0", None), ("c0", "c1", None)]
    wires += [("c1", "abc", "right"), ("abc", "sums", None), ("sums", "count", None)]
    edges = [
        {"source": start, "target": end} | ({"targetHandle": port} if port else {})
        for start, end, port in wires
    ]
    return {"nodes": nodes, "edges": edges}


async def test_a_result_is_worked_out_in_the_delivery_and_kept(client: httpx.AsyncClient) -> None:
    execution = await requested(client, ids_in_order())
    assert (await state(client, execution))["status"] == "requested"
    early = await client.get(f"{EXECUTIONS}/{execution}/result")
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    await run_all(client)
    found = await state(client, execution)
    total = len(SYMBOLS) * TRADES_PER_SYMBOL
    assert (found["status"], found["rows"], found["attempts"]) == ("completed", total, 1)
    seen: list[str] = []
    for number in range(4):
        answer = await client.get(
            f"{EXECUTIONS}/{execution}/result", params={"page": number, "page_size": 250}
        )
        page = answer.json()
        assert page["truncated"] is (number < 2)
        assert page["row_count"] == len(page["rows"])
        seen += [row[0] for row in page["rows"]]
    assert len(seen) == len(set(seen)) == total
    assert seen == sorted(seen)
    assert [kind for kind, _ in await told(*OTHERS)] == ["execution.started", "execution.completed"]


async def test_a_kept_result_says_what_execute_says(client: httpx.AsyncClient) -> None:
    """The same values as the engine's own pages, CSV and Arrow: decimals, large integers, times and enums."""
    graph = chain(
        source(),
        (
            "select",
            {"columns": ["trade_id", "event_time", "sequence", "price", "side", "trade_date", "conditions"]},
        ),
        ("sort", {"sorts": [{"column": "trade_id"}]}),
        ("limit", {"rows": 300}),
    )
    execution = await requested(client, graph)
    await run_all(client)
    result = f"{EXECUTIONS}/{execution}/result"
    kept_page = (await client.get(result, params={"page_size": 300})).json()
    asked = (await client.post("/api/v1/execute", json=ask(graph, page_size=300))).json()
    assert kept_page["columns"] == asked["columns"]
    assert kept_page["rows"] == asked["rows"]
    lines = list(csv.reader(io.StringIO((await client.get(result, headers={"accept": "text/csv"})).text)))
    assert lines[0] == [column["name"] for column in asked["columns"]]
    assert len(lines) == 301
    assert {line[-1] for line in lines[1:]} == {"'@", "'=1+1"}
    stream = await client.get(result, headers={"accept": "application/vnd.apache.arrow.stream"})
    table = pa.ipc.open_stream(stream.content).read_all()
    assert table.column("sequence").to_pylist() == [int(row[2]) for row in asked["rows"]]
    assert table.column("price").to_pylist()[0].as_tuple().exponent == -6


async def test_delivered_twice_it_runs_once(client: httpx.AsyncClient) -> None:
    execution = await requested(client, per_symbol())
    (message,) = await announced(REQUESTED)
    answers = await asyncio.gather(*(deliver(client, message) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await deliver(client, message)).status_code == 204
    assert (await state(client, execution))["attempts"] == 1
    assert [kind for kind, _ in await told(*OTHERS)] == ["execution.started", "execution.completed"]


async def test_what_is_wrong_is_said_at_once_and_what_fails_later_is_kept(client: httpx.AsyncClient) -> None:
    wrong = chain(source(), ("filter", {"filters": [{"column": "nothing", "operator": "=", "value": 1}]}))
    answer = await client.post(EXECUTIONS, json=ask(wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_column")
    overflow = chain(
        source(),
        ("formula", {"expression": "[sequence] * [sequence]", "output_column": "square"}),
    )
    execution = await requested(client, overflow)
    await run_all(client)
    found = await state(client, execution)
    assert (found["status"], found["error"]["code"]) == ("failed", "numeric_overflow")
    assert (await client.get(f"{EXECUTIONS}/{execution}/result")).status_code == 409
    ((_, _started), (kind, data)) = await told(*OTHERS)
    assert (kind, data["code"]) == ("execution.failed", "numeric_overflow")


async def test_cancelling_ends_the_query(client: httpx.AsyncClient, engines: Endpoints) -> None:
    execution = await requested(client, slow())
    (message,) = await announced(REQUESTED)
    delivery = asyncio.create_task(deliver(client, message))
    await begun(client, execution)
    assert (await client.delete(f"{EXECUTIONS}/{execution}")).status_code == 204
    assert (await state(client, execution))["status"] == "cancelled"
    assert (await asyncio.wait_for(delivery, 5)).status_code == 204
    assert (await state(client, execution))["status"] == "cancelled"
    assert await _running(engines) == 0
    assert (await told("execution.failed"))[-1][1]["code"] == "query_cancelled"


async def _running(engines: Endpoints) -> int:
    """Queries of the application that the engine still runs, once the cancelled ones had a moment to notice."""
    query = "SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE 'flowforge-%'"
    url = httpx.URL(engines.clickhouse_admin_url)
    async with httpx.AsyncClient() as admin:
        for _ in range(40):
            answer = await admin.post(
                f"http://{url.host}:{url.port}/", content=query, auth=(url.username, url.password)
            )
            if answer.text.strip() == "0":
                return 0
            await asyncio.sleep(0.1)
    return int(answer.text)


async def test_a_withdrawn_symbol_takes_its_results_along(call, client: httpx.AsyncClient) -> None:
    alpha, workspace = call("execute", tenant="firm-alpha"), call("workspace", tenant="firm-alpha")
    of_aapl = chain(
        source(), ("filter", {"filters": [{"column": "symbol", "operator": "=", "value": "AAPL"}]})
    )
    of_msft = chain(
        source(), ("filter", {"filters": [{"column": "symbol", "operator": "=", "value": "MSFT"}]})
    )
    aapl, msft = await requested(alpha, of_aapl), await requested(alpha, of_msft)
    await run_all(client)
    try:
        await workspace.put("/api/v1/tenant/symbols", json={"symbols": ["MSFT"]})
        assert (await alpha.get(f"{EXECUTIONS}/{aapl}")).status_code == 404
        assert (await alpha.get(f"{EXECUTIONS}/{aapl}/result")).status_code == 404
        assert (await alpha.get(f"{EXECUTIONS}/{msft}/result")).status_code == 200
        listed = (await alpha.get(EXECUTIONS)).json()["items"]
        assert [each["id"] for each in listed] == [msft]
    finally:
        await workspace.put("/api/v1/tenant/symbols", json={"symbols": "*"})


async def test_another_tenants_execution_does_not_exist(call, client: httpx.AsyncClient) -> None:
    execution = await requested(client, per_symbol())
    await run_all(client)
    other = call("execute", tenant="firm-beta")
    for method, path in (("GET", ""), ("GET", "/result"), ("DELETE", "")):
        answer = await other.request(method, f"{EXECUTIONS}/{execution}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await other.get(EXECUTIONS)).json()["items"] == []
    viewer = call("execute", roles="viewer")
    assert (await viewer.get(f"{EXECUTIONS}/{execution}")).status_code == 200


async def test_only_so_many_run_at_a_time_and_the_next_is_announced(client: httpx.AsyncClient) -> None:
    running = [await requested(client, slow()) for _ in range(2)]
    deliveries = [asyncio.create_task(deliver(client, each)) for each in await announced(REQUESTED)]
    for each in running:
        await begun(client, each)
    waiting = await requested(client, per_symbol())
    await run_all(client)
    assert (await state(client, waiting))["status"] == "requested"
    for each in running:
        await client.delete(f"{EXECUTIONS}/{each}")
    await asyncio.gather(*deliveries)
    await run_all(client)  # what the ended runs announced
    assert (await state(client, waiting))["status"] == "completed"


async def test_the_list_and_the_limit_of_unfinished_ones(client: httpx.AsyncClient) -> None:
    made = [await requested(client, per_symbol()) for _ in range(20)]
    refused = await client.post(EXECUTIONS, json=ask(per_symbol()))
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) > 0
    first = (await client.get(EXECUTIONS, params={"limit": 15, "status": "requested"})).json()
    rest = (await client.get(EXECUTIONS, params={"limit": 15, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next_cursor"] is None


async def test_what_has_expired_is_gone_with_its_file(client: httpx.AsyncClient) -> None:
    execution = await requested(client, per_symbol())
    await run_all(client)
    assert kept("demo", UUID(execution)).file(1).is_file()
    await sql("UPDATE executions SET expires_at = now()")
    assert (await client.get(f"{EXECUTIONS}/{execution}")).status_code == 404
    assert await clean() >= 1
    assert folders() == []


def test_killed_in_the_middle_it_runs_again_and_has_one_result(
    stores, function_environment: dict[str, str]
) -> None:
    """The process dies without a word; the broker delivers again, to another one, before the lease is over."""
    with (
        running("execute", function_environment) as (first, doomed),
        running("execute", function_environment) as (second, _),
    ):
        until_ready(first)
        until_ready(second)
        demo = {"X-Dev-Tenant": "demo"}
        asked = httpx.post(second + EXECUTIONS, json=ask(slow(110)), headers=demo, timeout=20).json()["id"]
        ((headers, body),) = asyncio.run(announced(REQUESTED))
        headers = {**headers, "authorization": f"Bearer {MESH_SECRET}"}
        with ThreadPoolExecutor() as threads:
            broken = threads.submit(httpx.post, first + "/_events", content=body, headers=headers, timeout=60)
            while (found := _status(second, asked))["status"] != "running":
                time.sleep(0.05)
            doomed.kill()
            assert isinstance(broken.exception(), httpx.TransportError)
        assert _status(second, asked)["status"] == "running"
        again = httpx.post(second + "/_events", content=body, headers=headers, timeout=60)
        assert again.status_code == 204
        found = _status(second, asked)
        assert (found["status"], found["attempts"], found["rows"]) == ("completed", 2, 1)
        place = kept("demo", UUID(asked)).folder
        assert [path.name for path in place.iterdir()] == ["2.parquet"]
        kinds = [kind for kind, data in asyncio.run(told(*OTHERS)) if data["execution_id"] == asked]
        assert kinds == ["execution.started", "execution.completed"]


def _status(address: str, execution: str) -> dict[str, Any]:
    found = httpx.get(f"{address}{EXECUTIONS}/{execution}", headers={"X-Dev-Tenant": "demo"}, timeout=20)
    return dict(found.json())
