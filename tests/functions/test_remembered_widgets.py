"""What a widget comes to is remembered, and never shown once somebody has changed it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from flowforge.auth.entitlements import forget_access
from flowforge.catalog import Catalog
from flowforge.resources import close_all
from flowforge.schema.registry import Snapshot
from flowforge.settings import settings
from flowforge.stores import edited
from flowforge.stores.edited import Seen, look, set_mark
from flowforge.tenancy import EVERYTHING, Access
from flowforge.widgets import memory, resolved, widget
from flowforge.widgets.memory import Memory

from .graphs import Graph, per_symbol
from .test_widgets import charted, pinned

pytestmark = pytest.mark.engines


async def chart_title(call: Any, widget_id: str, tenant: str = "demo") -> Any:
    answer = await call("widget", tenant=tenant).get(f"/api/v1/widgets/{widget_id}/data")
    return answer.json()["chart"].get("title") if answer.status_code == 200 else answer.status_code


async def dashboard_titles(call: Any, dashboard: str) -> list[Any]:
    answer = await call("widget").post(f"/api/v1/dashboards/{dashboard}/data", json={})
    return [each["data"]["chart"].get("title") for each in answer.json()["widgets"]]


async def edit(call: Any, method: str, path: str, body: Any = None) -> None:
    """Change something as whoever has just read it."""
    workspace = call("workspace")
    version = (await workspace.get(path)).headers["etag"]
    done = await workspace.request(method, path, json=body, headers={"If-Match": version})
    assert done.is_success, done.text


async def retitle(call: Any, widget_id: str, title: str) -> None:
    await edit(call, "PATCH", f"/api/v1/widgets/{widget_id}", {"config": {"title": title}})


async def behind_our_back(widget_id: str, title: str) -> None:
    """Change a widget in the metadata without telling anybody."""
    connection = await asyncpg.connect(settings().meta_dsn.get_secret_value())
    await connection.execute(
        "UPDATE widgets SET config = jsonb_build_object('title', $2::text) WHERE id = $1", widget_id, title
    )
    await connection.close()


async def test_it_is_remembered_until_it_is_marked_as_changed(call, monkeypatch) -> None:
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", 60.0)
    monkeypatch.setattr(resolved._Setting, "same", lambda *_: True)
    dashboard, (widget_id,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    assert await chart_title(call, widget_id) is None
    assert await dashboard_titles(call, dashboard) == [None]
    await behind_our_back(widget_id, "new")
    assert await chart_title(call, widget_id) is None
    assert await dashboard_titles(call, dashboard) == [None]
    await set_mark("firm-alpha")
    assert await chart_title(call, widget_id) is None
    await set_mark("demo")
    assert await chart_title(call, widget_id) == "new"
    assert await dashboard_titles(call, dashboard) == ["new"]


async def test_it_is_forgotten_by_itself(call, monkeypatch) -> None:
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", 0.3)
    _, (widget_id,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    assert await chart_title(call, widget_id) is None
    await behind_our_back(widget_id, "new")
    await asyncio.sleep(0.35)
    assert await chart_title(call, widget_id) == "new"


async def test_every_change_is_seen_by_the_next_request(call, monkeypatch) -> None:
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", 60.0)
    dashboard, (first, second) = await pinned(
        call, "demo", (charted(), "chart", "bar_chart"), (per_symbol(), "sort", "table")
    )
    stop = asyncio.Event()

    async def looking() -> None:
        while not stop.is_set():
            await asyncio.gather(chart_title(call, first), dashboard_titles(call, dashboard))

    async with asyncio.TaskGroup() as group:
        group.create_task(looking())
        for number in range(6):
            await retitle(call, first, f"{number}")
            assert await chart_title(call, first) == f"{number}"
            assert await dashboard_titles(call, dashboard) == [f"{number}", None]
        stop.set()
    await edit(call, "DELETE", f"/api/v1/widgets/{second}")
    assert await chart_title(call, second) == 404
    assert await dashboard_titles(call, dashboard) == ["5"]
    path = f"/api/v1/dashboards/{dashboard}"
    await edit(call, "DELETE", path)
    assert await chart_title(call, first) == 404
    assert (await call("widget").post(f"{path}/data", json={})).status_code == 404


async def test_a_saved_workflow_is_shown_at_once(call, monkeypatch) -> None:
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", 60.0)
    graph: Graph = per_symbol()
    workspace = call("workspace")
    workflow = (await workspace.post("/api/v1/workflows", json={"name": "w", "graph": graph})).json()
    dashboard = (await workspace.post("/api/v1/dashboards", json={"name": "d"})).json()["id"]
    body = {"workflow_id": workflow["id"], "output_node_id": "sort", "widget_type": "table", "config": {}}
    made = (await workspace.post(f"/api/v1/dashboards/{dashboard}/widgets", json=body)).json()["id"]
    shown = call("widget")
    assert (await shown.get(f"/api/v1/widgets/{made}/data")).json()["row_count"] == 6
    graph["nodes"].append({"id": "few", "type": "limit", "position": {}, "data": {"rows": 2}})
    edge = next(each for each in graph["edges"] if each["target"] == "sort")
    graph["edges"].append({"source": edge["source"], "target": "few"})
    edge["source"] = "few"
    await edit(call, "PATCH", f"/api/v1/workflows/{workflow['id']}", {"graph": graph})
    assert (await shown.get(f"/api/v1/widgets/{made}/data")).json()["row_count"] == 2


async def test_what_was_read_before_a_change_is_not_kept_as_what_came_after(call, monkeypatch) -> None:
    """The change is committed and marked while a request holds the old widget in its hands."""
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", 60.0)
    _, (widget_id,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    read = widget.read_widget

    async def slow(*asked: Any) -> Any:
        found = await read(*asked)
        monkeypatch.setattr(widget, "read_widget", read)
        await retitle(call, widget_id, "new")
        return found

    monkeypatch.setattr(widget, "read_widget", slow)
    assert await chart_title(call, widget_id) is None
    assert await chart_title(call, widget_id) == "new"


async def test_it_is_one_tenants(call) -> None:
    _, (widget_id,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    for _ in range(2):
        assert await chart_title(call, widget_id) is None
        assert await chart_title(call, widget_id, "firm-beta") == 404


async def test_a_symbol_that_is_taken_away_is_gone_from_what_was_remembered(call, monkeypatch) -> None:
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", 60.0)
    _, (widget_id,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    shown, admin = call("widget"), call("workspace")

    async def symbols() -> set[str]:
        rows = (await shown.get(f"/api/v1/widgets/{widget_id}/data")).json()["rows"]
        return {row[0] for row in rows}

    whole = await symbols()
    try:
        narrowed = await admin.put("/api/v1/tenant/symbols", json={"symbols": ["AAPL", "IBM"]})
        assert narrowed.status_code == 200, narrowed.text
        forget_access("demo")
        assert await symbols() == {"AAPL", "IBM"}
    finally:
        await admin.put("/api/v1/tenant/symbols", json={"symbols": "*"})
        forget_access("demo")
    assert await symbols() == whole


async def test_a_change_whose_mark_cannot_be_set_is_answered_when_nobody_remembers(
    stores, monkeypatch, caplog
) -> None:
    await close_all()
    monkeypatch.setenv("FLOWFORGE_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(edited, "REMEMBER_SECONDS", 0.2)
    settings.cache_clear()
    try:
        began = time.monotonic()
        await set_mark("demo")
        assert time.monotonic() - began >= 0.2
        assert "A change is answered late" in caplog.text
        assert await look("demo") is None
    finally:
        await close_all()
        monkeypatch.undo()
        settings.cache_clear()


def test_whatever_a_question_is_resolved_under_matters() -> None:
    access = Access("demo", frozenset({"AAPL"}), EVERYTHING, 3)
    now = datetime.now(UTC)
    catalogs = [Catalog({}, "1"), Catalog({}, "1")]
    snapshots = [Snapshot(each, {}, now) for each in catalogs]
    setting = resolved._Setting(access, catalogs[0], snapshots[0], 7)
    assert setting.same(replace(setting, access=replace(access)))
    for other in (
        replace(setting, access=replace(access, version=4)),
        replace(setting, access=replace(access, symbols=frozenset({"AAPL", "IBM"}))),
        replace(setting, access=replace(access, tenant_id="firm-alpha")),
        replace(setting, catalog=catalogs[1]),
        replace(setting, snapshot=snapshots[1]),
        replace(setting, step=8),
    ):
        assert not setting.same(other)


def test_a_memory_holds_what_was_read_under_the_same_mark() -> None:
    kept: Memory[str] = Memory(most=2)
    now = time.monotonic()
    before, after = Seen(b"1", now, ()), Seen(b"2", now, ())
    kept.keep("a", "old", before)
    found = kept.recall("a")
    assert found == "old"
    assert kept.holds("a", found, before)
    assert not kept.holds("a", found, after)
    assert not kept.holds("a", found, Seen(None, now, ()))
    kept.keep("a", "new", after)
    assert not kept.holds("a", found, after), "another one lies there by now"
    kept.keep("b", "x", Seen(None, now - 10, ()))
    assert kept.recall("b") is None
    for each in ("c", "d"):
        kept.keep(each, each, before)
    assert kept.recall("a") is None
