"""The live path from outside: events go to the real broker, viewers watch through the real gateway."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .graphs import Graph, chain, source
from .live_mesh import Frame, LiveMesh, Viewer, running_mesh, until
from .market import insert

pytestmark = pytest.mark.engines

TENANTS = {
    "demo": None,
    "firm-alpha": {"AAPL", "MSFT", "GOOGL", "SPY"},
    "firm-beta": {"JPM", "BAC", "GS", "IBM"},
}
ALERT = {
    "kind": "price",
    "symbol": "JPM",
    "value": "3.5",
    "threshold": "3",
    "window_start": "2024-03-05T14:30:00Z",
    "window_end": "2024-03-05T14:35:00Z",
}


@dataclass(frozen=True)
class Shown:
    """A widget, and what it reads: one table, these symbols (None: any), these columns."""

    id: str
    tenant: str
    dashboard: str
    table: str
    symbols: frozenset[str] | None
    columns: frozenset[str]

    def depends_on(self, data: dict[str, Any]) -> bool:
        symbols, columns = data.get("symbols"), data.get("columns")
        return (
            self.table == data["table"]
            and (columns is None or bool(self.columns & set(columns)))
            and (symbols is None or self.symbols is None or bool(self.symbols & set(symbols)))
        )


def trades(symbol: str | None, *columns: str) -> Graph:
    return _read("raw_trades", symbol, *columns)


def quotes(symbol: str | None, *columns: str) -> Graph:
    return _read("raw_quotes", symbol, *columns)


def _read(table: str, symbol: str | None, *columns: str) -> Graph:
    equal = {"filters": [{"column": "symbol", "operator": "=", "value": symbol}], "logic": "AND"}
    narrowed = [("filter", equal)] if symbol else []
    return chain(source("flowforge", table), *narrowed, ("select", {"columns": list(columns)}))


@pytest.fixture(scope="module")
async def mesh(
    stores: Any, function_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LiveMesh]:
    home: Path = tmp_path_factory.mktemp("live")
    async with running_mesh(home, function_environment) as running:
        yield running


class Board:
    """Makes dashboards with widgets through the workspace."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def make(self, tenant: str, *graphs: Graph) -> tuple[str, list[Shown]]:
        client = self._call("workspace", tenant=tenant)
        dashboard = (await client.post("/api/v1/dashboards", json={"name": "live"})).json()["id"]
        shown = []
        for graph in graphs:
            workflow = (await client.post("/api/v1/workflows", json={"name": "w", "graph": graph})).json()[
                "id"
            ]
            last = graph["nodes"][-1]
            pinned = {"workflow_id": workflow, "output_node_id": last["id"], "widget_type": "table"}
            made = await client.post(f"/api/v1/dashboards/{dashboard}/widgets", json=pinned)
            assert made.status_code == 201, made.text
            shown.append(_shown(made.json()["id"], tenant, dashboard, graph))
        return dashboard, shown


def _shown(widget: str, tenant: str, dashboard: str, graph: Graph) -> Shown:
    table = f"flowforge.{graph['nodes'][0]['data']['table']}"
    columns = set(graph["nodes"][-1]["data"]["columns"])
    filters = [node["data"]["filters"][0]["value"] for node in graph["nodes"] if node["type"] == "filter"]
    entitled = TENANTS[tenant]
    guarded = bool(filters) or entitled is not None
    symbols = frozenset(filters) if filters else None if entitled is None else frozenset(entitled)
    return Shown(
        widget, tenant, dashboard, table, symbols, frozenset(columns | ({"symbol"} if guarded else set()))
    )


@pytest.fixture
async def board(call: Any) -> Board:
    return Board(call)


@pytest.fixture
async def watching(mesh: LiveMesh) -> AsyncIterator[Any]:
    """Begin to watch; returns once every stream has said hello."""
    async with AsyncExitStack() as stack:

        async def begin(*viewers: Viewer) -> None:
            for viewer in viewers:
                task = asyncio.create_task(viewer.watch())
                stack.callback(task.cancel)
            await until(lambda: all(viewer.messages for viewer in viewers))

        yield begin


async def test_an_event_reaches_exactly_the_widgets_that_read_what_changed(
    mesh: LiveMesh, board: Board, watching: Any
) -> None:
    """Binary and structured events; several dashboards of three tenants, each watched over both transports."""
    widgets: list[Shown] = []
    viewers: list[Viewer] = []
    for tenant, symbol in (("demo", "TSLA"), ("demo", "JPM"), ("firm-alpha", "AAPL"), ("firm-beta", "JPM")):
        dashboard, made = await board.make(
            tenant,
            trades(symbol, "price"),
            trades(symbol, "venue"),
            trades(None, "quantity"),
            quotes(None, "bid"),
        )
        widgets += made
        viewers += [Viewer(mesh, tenant, dashboard, sse) for sse in (False, True)]
    await watching(*viewers)
    table, quoted = "flowforge.raw_trades", "flowforge.raw_quotes"
    events = [
        {"table": table, "symbols": ["AAPL"]},
        {"table": table, "symbols": ["JPM", "TSLA"], "columns": ["price"]},
        {"table": table, "columns": ["venue"]},
        {"table": table, "symbols": ["AAPL"], "columns": ["conditions"]},
        {"table": quoted, "symbols": ["IBM"], "columns": ["bid", "ask"]},
        {"table": quoted, "columns": ["ask"]},
        {"table": table, "symbols": ["MSFT"], "columns": ["quantity"]},
    ]
    expected: Counter[str] = Counter()
    for number, data in enumerate(events):
        reached = [each for each in widgets if each.depends_on(data)]
        expected += Counter(each.id for each in reached)
        await mesh.post(data, structured=number % 2 == 0)
        if reached:
            await until(partial(_all_told, viewers, widgets, expected))
    # One that follows the silent ones, so that whatever they could have caused has had its window.
    last = {"table": table, "symbols": ["TSLA"]}
    expected += Counter(each.id for each in widgets if each.depends_on(last))
    await mesh.post(last)
    await until(partial(_all_told, viewers, widgets, expected))
    for viewer in viewers:
        own = {each.id for each in widgets if each.dashboard == viewer.dashboard}
        assert viewer.told() == Counter({name: count for name, count in expected.items() if name in own})
        identities = [each["id"] for each in viewer.of("invalidate")]
        assert len(set(identities)) == len(identities)


def _all_told(viewers: list[Viewer], widgets: list[Shown], expected: Counter[str]) -> bool:
    return all(
        viewer.told()[each.id] >= expected[each.id]
        for viewer in viewers
        for each in widgets
        if each.dashboard == viewer.dashboard
    )


async def test_hundreds_of_events_are_a_few_messages_and_nothing_is_missed_across_kill_9(
    mesh: LiveMesh, board: Board, watching: Any
) -> None:
    dashboard, (apple, jpm) = await board.make("demo", trades("AAPL", "price"), trades("JPM", "price"))
    viewers = [Viewer(mesh, "demo", dashboard, sse) for sse in (False, True)]
    await watching(*viewers)
    turn = asyncio.Semaphore(32)

    async def one() -> None:
        async with turn:
            await mesh.post({"table": "flowforge.raw_trades", "symbols": ["AAPL"], "columns": ["price"]})

    await asyncio.gather(*(one() for _ in range(300)))
    await until(lambda: all(viewer.told()[apple.id] for viewer in viewers))
    await mesh.kill_relay()
    # What is posted while no relay runs waits in the broker, and is told once one does.
    await mesh.post({"table": "flowforge.raw_trades", "symbols": ["JPM"], "columns": ["price"]})
    await until(lambda: all(viewer.told()[jpm.id] for viewer in viewers))
    for viewer in viewers:
        assert viewer.told()[apple.id] < 100
        assert viewer.told()[jpm.id] == 1
        assert [each["resumed"] for each in viewer.of("hello")] == [
            False,
            *[True] * (len(viewer.of("hello")) - 1),
        ]
        assert len(viewer.of("hello")) > 1
        identities = [each["id"] for each in viewer.of("invalidate")]
        assert len(set(identities)) == len(identities)


async def test_streams_end_when_access_goes_and_alerts_follow_it(
    mesh: LiveMesh, board: Board, watching: Any, call: Any
) -> None:
    alpha, _ = await board.make("firm-alpha", trades(None, "price"))
    beta, _ = await board.make("firm-beta", trades(None, "price"))
    viewers = {
        "alpha": Viewer(mesh, "firm-alpha", alpha, again=False),
        "alpha sse": Viewer(mesh, "firm-alpha", alpha, sse=True, again=False),
        "beta": Viewer(mesh, "firm-beta", beta, again=False),
    }
    await watching(*viewers.values())
    await mesh.post(ALERT, "flowforge.alert.raised.v1")
    await until(lambda: viewers["beta"].of("alert"))
    assert viewers["beta"].of("alert")[0]["alert"] == ALERT

    admin = call("workspace", tenant="firm-alpha")
    try:
        narrowed = await admin.put("/api/v1/tenant/symbols", json={"symbols": ["AAPL"]})
        assert narrowed.status_code == 200, narrowed.text
        await until(lambda: viewers["alpha"].ends and viewers["alpha sse"].ends)
    finally:
        await admin.put("/api/v1/tenant/symbols", json={"symbols": "*"})
    assert viewers["alpha"].ends == viewers["alpha sse"].ends == [4403]
    assert not viewers["alpha"].of("alert")
    assert not viewers["beta"].ends

    await call("workspace", tenant="firm-beta").delete(f"/api/v1/dashboards/{beta}")
    await until(lambda: viewers["beta"].ends)
    assert viewers["beta"].ends == [4404]


async def test_a_stream_ends_with_its_token(mesh: LiveMesh, board: Board, identity: Any) -> None:
    dashboard, _ = await board.make("firm-alpha", trades(None, "price"))
    token = identity.token(exp=int(time.time()) + 2)
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{mesh.url}/api/v1/stream?dashboard={dashboard}"
    async with mesh.client.get(address, headers=headers) as answer:
        assert answer.status == 200
        text = (await asyncio.wait_for(answer.content.read(), 10)).decode()
    assert '"code":4401' in text.splitlines()[-2]


async def test_who_may_open_a_stream(mesh: LiveMesh, board: Board) -> None:
    dashboard, _ = await board.make("demo", trades(None, "price"))
    other, _ = await board.make("demo", trades(None, "price"))
    address = f"{mesh.url}/ws/dashboard/{dashboard}"

    async def knock(*protocols: str, at: str = address, origin: str | None = mesh.url) -> int:
        try:
            async with mesh.client.ws_connect(at, protocols=protocols, origin=origin):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status

    async def fresh(**watched: str) -> str:
        return f"flowforge.ticket.{await mesh.ticket('demo', **(watched or {'dashboard_id': dashboard}))}"

    assert await knock() == 401
    assert await knock("flowforge.v1", "flowforge.ticket.guess") == 401
    assert await knock(await fresh(dashboard_id=other)) == 401
    once = await fresh()
    assert await knock(once, origin="https://evil.example") == 403
    assert await knock("flowforge.v1", once) == 101
    assert await knock("flowforge.v1", once) == 401
    assert await knock(await fresh(), at=f"{mesh.url}/ws/dashboard/none") == 404
    async with mesh.client.get(address) as plain:
        assert plain.status == 426
    for tenant, status in (("firm-alpha", 404), ("nobody", 404)):
        for path, body in (("/api/v1/stream", None), ("/api/v1/stream/ticket", {"dashboard_id": dashboard})):
            asked = mesh.client.post if body else mesh.client.get
            params = {} if body else {"dashboard": dashboard}
            async with asked(
                mesh.url + path, json=body, params=params, headers={"X-Dev-Tenant": tenant}
            ) as answer:
                assert answer.status == status, (tenant, path)
    async with mesh.client.get(f"{mesh.url}/api/v1/stream?dashboard={dashboard}") as anonymous:
        assert anonymous.status == 401


async def test_an_id_that_names_no_place_here_begins_anew_with_everything(
    mesh: LiveMesh, board: Board, watching: Any
) -> None:
    dashboard, (widget,) = await board.make("demo", trades(None, "price"))
    foreign, _ = await board.make("demo", trades(None, "price"))
    first = Viewer(mesh, "demo", foreign, again=False)
    await watching(first)
    for named in (
        first.last,
        "17-0.000000000000",
        "nonsense",
        "99999999999999-0." + first.last.split(".")[1],
    ):
        viewer = Viewer(mesh, "demo", dashboard, sse=True, again=False, last=named)
        await watching(viewer)
        await until(lambda viewer=viewer: len(viewer.messages) > 1)
        hello, everything = viewer.messages[:2]
        assert hello["type"] == "hello"
        assert hello["resumed"] is False
        assert everything["widget_ids"] == [widget.id]
        assert everything["resync"] is True


async def test_an_embedded_widget_is_told_of_itself_until_its_key_is_revoked(
    mesh: LiveMesh, board: Board, call: Any
) -> None:
    _, (shown, other) = await board.make("firm-beta", trades("JPM", "price"), trades("JPM", "venue"))
    keys = call("embed-auth", tenant="firm-beta")
    made = await keys.post(
        "/api/v1/keys", json={"name": "live", "widget_ids": [shown.id], "allowed_origins": [mesh.url]}
    )
    assert made.status_code == 201, made.text
    key = made.json()
    exchanged = await call("embed-auth", tenant=None, **{"X-API-Key": key["key"]}).post(
        "/api/v1/embed/token", json={"widget_id": shown.id}
    )
    assert exchanged.status_code == 200, exchanged.text
    headers = {"Authorization": f"Bearer {exchanged.json()['token']}"}
    async with mesh.client.get(f"{mesh.url}/api/v1/embed/{other.id}/stream", headers=headers) as foreign:
        assert foreign.status == 404
    messages = []
    async with mesh.client.get(f"{mesh.url}/api/v1/embed/{shown.id}/stream", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        async with asyncio.timeout(60):
            async for line in answer.content:
                if not line.startswith(b"data: "):
                    continue
                messages.append(json.loads(line[6:]))
                if messages[-1]["type"] == "hello":
                    await mesh.post({"table": "flowforge.raw_trades", "symbols": ["JPM"]})
                elif messages[-1]["type"] == "invalidate":
                    assert (await keys.delete(f"/api/v1/keys/{key['id']}")).status_code == 204
    said = [each for each in messages if each["type"] != "ping"]
    assert [each["type"] for each in said] == ["hello", "invalidate", "end"]
    assert said[1]["widget_ids"] == [shown.id]
    assert said[2]["code"] == 4403


async def test_a_locked_frame_is_told_of_what_its_locks_let_through_alone(
    mesh: LiveMesh, board: Board, call: Any
) -> None:
    """Also where a lock reads a column that the widget does not, over a pause, and when the graph is another one."""
    table = "flowforge.raw_trades"
    _, (shown,) = await board.make("demo", trades(None, "symbol", "price", "venue"))
    keys = call("embed-auth", tenant="demo")
    body = {"name": "locked", "widget_ids": [shown.id], "locked_filters": [_equal("symbol", "AAPL")]}
    key = (await keys.post("/api/v1/keys", json=body)).json()["key"]
    frames = {
        "key": Frame(mesh, shown.id, {"X-API-Key": key}),
        "token": Frame(mesh, shown.id, await _token(call, key, shown.id, _equal("side", "BUY"))),
        "none": Frame(mesh, shown.id, await _token(call, key, shown.id, _equal("symbol", "MSFT"))),
    }
    async with AsyncExitStack() as stack:
        for frame in frames.values():
            await stack.enter_async_context(frame.watching())
        told: Counter[str] = Counter()
        for data, reached in (
            ({"symbols": ["MSFT", "IBM"]}, ()),
            ({"symbols": ["AAPL"], "columns": ["conditions"]}, ()),
            ({"symbols": ["AAPL"], "columns": ["side"]}, ("token",)),
            ({"symbols": ["AAPL", "MSFT"], "columns": ["price"]}, ("key", "token")),
        ):
            await mesh.post({"table": table, **data})
            told.update(reached)
            await until(lambda: {name: each.told for name, each in frames.items() if each.told} == told)
    for data in ({"symbols": ["MSFT"]}, {"symbols": ["AAPL"], "columns": ["price"]}):
        await mesh.post({"table": table, **data})
    told.update(("key", "token"))
    async with AsyncExitStack() as stack:
        for frame in frames.values():
            hello = await stack.enter_async_context(frame.watching())
            assert (hello["type"], hello["resumed"]) == ("hello", True)
        await until(lambda: {name: each.told for name, each in frames.items() if each.told} == told)
        client = call("workspace", tenant="demo")
        widget = (await client.get(f"/api/v1/widgets/{shown.id}")).json()
        workflow = await client.get(f"/api/v1/workflows/{widget['workflow_id']}")
        edited = await client.patch(
            f"/api/v1/workflows/{widget['workflow_id']}",
            json={"graph": quotes(None, "symbol", "bid")},
            headers={"If-Match": workflow.headers["etag"]},
        )
        assert edited.status_code == 200, edited.text
        await mesh.post(
            {
                "workflow_id": widget["workflow_id"],
                "version": edited.json()["version"],
                "content_hash": "0" * 64,
                "name": "w",
            },
            "flowforge.workflow.saved.v1",
            tenant="demo",
        )
        told.update(list(frames))
        await until(lambda: {name: each.told for name, each in frames.items() if each.told} == told)
        await mesh.post({"table": "flowforge.raw_quotes", "symbols": ["MSFT"]})
        await mesh.post({"table": "flowforge.raw_quotes", "symbols": ["AAPL"], "columns": ["bid"]})
        told.update(["key"])  # quotes have no side, so that the lock of the token refuses everything
        await until(lambda: {name: each.told for name, each in frames.items() if each.told} == told)


def _equal(column: str, value: str) -> dict[str, Any]:
    return {"column": column, "operator": "=", "value": value}


async def _token(call: Any, key: str, widget: str, lock: dict[str, Any]) -> dict[str, str]:
    answer = await call("embed-auth", tenant=None, **{"X-API-Key": key}).post(
        "/api/v1/embed/token", json={"widget_id": widget, "locked_filters": [lock]}
    )
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def test_an_execution_is_followed_to_its_end_by_it_and_by_whoever_asked(
    mesh: LiveMesh, board: Board, watching: Any
) -> None:
    dashboard, _ = await board.make("demo", trades(None, "price"))
    viewer = Viewer(mesh, "demo", dashboard)
    await watching(viewer)
    asked = {"graph": trades("AAPL", "price"), "target_node_id": "select"}
    headers = {"X-Dev-Tenant": "demo"}
    async with mesh.client.post(f"{mesh.url}/api/v1/executions", json=asked, headers=headers) as answer:
        assert answer.status == 202, await answer.text()
        execution = (await answer.json())["id"]
    protocols = ("flowforge.v1", f"flowforge.ticket.{await mesh.ticket('demo', execution_id=execution)}")
    statuses = []
    async with (
        mesh.client.ws_connect(f"{mesh.url}/ws/executions/{execution}", protocols=protocols) as socket,
        asyncio.timeout(60),
    ):
        while "completed" not in statuses:
            message = await socket.receive_json()
            if message["type"] == "execution":
                assert message["execution_id"] == execution
                statuses.append(message["status"])
    assert set(statuses) <= {"requested", "running", "completed"}
    await until(lambda: viewer.of("execution") and viewer.of("execution")[-1]["status"] == "completed")
    assert [each["status"] for each in viewer.of("execution")] in (["running", "completed"], ["completed"])


async def test_a_widget_is_asked_again_after_an_event_and_answers_with_the_new_rows(
    mesh: LiveMesh, board: Board, watching: Any, call: Any, stores: Any
) -> None:
    """Rows that were written past the pipeline, so that the event alone can end what is cached.

    Quotes of a symbol of its own: other tests count the trades.
    """
    dashboard, (widget,) = await board.make("demo", quotes("QLIV", "bid"))
    viewer = Viewer(mesh, "demo", dashboard)
    await watching(viewer)
    client = call("widget", tenant="demo")

    async def shown() -> dict[str, Any]:
        answer = await client.get(f"/api/v1/widgets/{widget.id}/data")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    before = await shown()
    assert (await shown())["cache_hit"]
    insert(
        stores,
        "INSERT INTO flowforge.raw_quotes (symbol, event_time, bid, trade_date, session, venue, sequence, conditions,"
        " source, source_file, row_no) FORMAT CSV",
        f'QLIV,"2024-03-05 15:00:00.5",77.7,2024-03-05,regular,Q,1,"@",test,{widget.id},1',
    )
    assert (await shown())["row_count"] == before["row_count"], "nobody has told of it"
    await mesh.post({"table": "flowforge.raw_quotes", "symbols": ["QLIV"]})
    await until(lambda: viewer.told()[widget.id])
    after = await shown()
    assert after["row_count"] == before["row_count"] + 1
    assert not after["cache_hit"]
