"""Changes and their events are committed together, and reach the broker at least once under one id."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from flowforge.metadata.outbox import announce
from flowforge.metadata.session import transaction
from flowforge.serve.outbox import BrokerAwayError, Flusher
from flowforge_events import WIRE, ReceivedEvent

pytestmark = pytest.mark.engines

KIND = "flowforge.workflow.deleted.v1"


class Broker:
    """An ingress that keeps what it is sent and answers what it is told to."""

    def __init__(self) -> None:
        self.status = 202
        self.received: list[ReceivedEvent] = []
        self.arrived = asyncio.Event()
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode().split("\r\n")[1:-2]
            headers = dict(line.split(": ", 1) for line in lines)
            body = await reader.readexactly(int(headers["Content-Length"]))
            if self.status == 202:
                self.received.append(WIRE.decode(headers, body))
                self.arrived.set()
            writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()


@asynccontextmanager
async def broker() -> AsyncIterator[Broker]:
    made = Broker()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await made.answer(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/flowforge/default"
    try:
        yield made
    finally:
        server.close()


@pytest.fixture
async def rows(stores) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the metadata, whose outbox is empty before and after."""
    connection = await asyncpg.connect(stores.meta_dsn)
    await connection.execute("DELETE FROM outbox")
    yield connection
    await connection.execute("DELETE FROM outbox")
    await connection.close()


async def tell(subject: str, **data: str) -> None:
    async with transaction() as session:
        announce(session, KIND, subject=subject, tenant="demo", data=data or {"workflow_id": subject})


async def test_every_change_of_the_workspace_is_told_and_audited(call, rows: asyncpg.Connection) -> None:
    client = call("workspace", tenant="demo")
    graph = {
        "nodes": [
            {
                "id": "s",
                "type": "data_source",
                "position": {"x": 0, "y": 0},
                "data": {"database": "flowforge", "table": "raw_trades"},
            }
        ],
        "edges": [],
    }
    async with broker() as sink:  # what other tests left
        await Flusher(WIRE, sink.url).aclose()
    flow = (await client.post("/api/v1/workflows", json={"name": "w", "graph": graph})).json()
    board = (await client.post("/api/v1/dashboards", json={"name": "d"})).json()
    widget = (
        await client.post(
            f"/api/v1/dashboards/{board['id']}/widgets",
            json={"workflow_id": flow["id"], "output_node_id": "s", "widget_type": "table"},
        )
    ).json()
    any_version = {"If-Match": "*"}
    moved = graph | {"nodes": [graph["nodes"][0] | {"position": {"x": 99, "y": 0}}]}
    await client.patch(f"/api/v1/workflows/{flow['id']}", json={"graph": moved}, headers=any_version)
    await client.patch(f"/api/v1/dashboards/{board['id']}", json={"name": "e"}, headers=any_version)
    await client.patch(f"/api/v1/widgets/{widget['id']}", json={"config": {"a": 1}}, headers=any_version)
    refused = await client.delete(f"/api/v1/workflows/{flow['id']}")
    await client.delete(f"/api/v1/dashboards/{board['id']}")
    await client.delete(f"/api/v1/workflows/{flow['id']}")
    await client.put("/api/v1/tenant/symbols", json={"symbols": ["AAPL"]})
    await client.put("/api/v1/tenant/symbols", json={"symbols": "*"})
    assert refused.status_code == 409

    async with broker() as sink:
        flusher = Flusher(WIRE, sink.url)
        await flusher.aclose()
    by_kind: dict[str, list[ReceivedEvent]] = {}
    for event in sink.received:
        by_kind.setdefault(event.kind.removeprefix("flowforge."), []).append(event)
    saved = by_kind["workflow.saved.v1"]
    assert [event.data["version"] for event in saved] == [1, 2]
    assert saved[0].data["content_hash"] == saved[1].data["content_hash"]  # only a position differs
    assert [event.subject for event in by_kind["workflow.deleted.v1"]] == [flow["id"]]
    assert [event.data["widget_ids"] for event in by_kind["dashboard.changed.v1"]] == [
        [],
        [widget["id"]],
        [],
        [widget["id"]],
        [widget["id"]],
    ]
    assert len(by_kind["tenant.access_changed.v1"]) == 2
    told = [event.data["action"] for event in by_kind["audit.recorded.v1"]]
    assert [action for action in told if not action.endswith(".read")] == [
        "workflow.create",
        "dashboard.create",
        "widget.create",
        "workflow.update",
        "dashboard.update",
        "widget.update",
        "dashboard.delete",
        "workflow.delete",
        "tenant.narrow",
        "tenant.narrow",
    ]
    assert {event.tenant for event in sink.received} == {"demo"}
    assert await rows.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_commit_is_sent_at_once_and_a_rollback_never(rows: asyncpg.Connection) -> None:
    async with broker() as sink:
        flusher = Flusher(WIRE, sink.url)
        async with transaction() as session:
            announce(session, KIND, subject="never", tenant="demo", data={"workflow_id": "never"})
            await session.flush()
            await session.rollback()
        await tell("now")
        await asyncio.wait_for(sink.arrived.wait(), 20)
        await flusher.aclose()
    assert [event.subject for event in sink.received] == ["now"]


async def test_an_outage_loses_nothing_and_keeps_the_ids(rows: asyncpg.Connection) -> None:
    for number in range(120):  # more than a batch
        await tell(str(number))
    ids = [str(row["id"]) for row in await rows.fetch("SELECT id FROM outbox ORDER BY sequence")]
    async with broker() as sink:
        first, second = Flusher(WIRE, sink.url), Flusher(WIRE, sink.url)
        sink.status = 503
        with pytest.raises(BrokerAwayError):
            await first.flush()
        sink.status = 202
        await asyncio.gather(first.flush(), second.flush(), first.flush())
        await asyncio.gather(first.aclose(), second.aclose())
    assert sorted(event.id for event in sink.received) == sorted(ids)
    assert await rows.fetchval("SELECT count(*) FROM outbox") == 0


async def test_an_event_that_can_never_be_sent_stays_with_its_reason_and_stops_nobody(
    rows: asyncpg.Connection,
) -> None:
    await tell("bad", wrong="member")
    await tell("good")
    async with broker() as sink:
        flusher = Flusher(WIRE, sink.url)
        await flusher.aclose()
    assert [event.subject for event in sink.received] == ["good"]
    kept = await rows.fetch("SELECT subject, refused FROM outbox")
    assert [row["subject"] for row in kept] == ["bad"]
    assert "wrong" in kept[0]["refused"] or "workflow_id" in kept[0]["refused"]
