"""A process that has just begun gives answers that are kept without compiling, and gives no others that way."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flowforge.auth import forget_access
from flowforge.metadata.entitlements import grant
from flowforge.stores.cache import cache
from flowforge.widgets import memory
from flowforge_local.paths import ROOT

from .graphs import Graph, chain, per_symbol, source
from .test_preview import ask, limited
from .test_widgets import charted, pinned

pytestmark = pytest.mark.engines

MODULES = {
    name: importlib.import_module(name)
    for name in ("flowforge.results.asked", "flowforge.preview.preview", "flowforge.widgets.widget")
}


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The targets that were planned by a process which never has its compiler loaded, nor remembers a widget."""
    targets: list[str] = []
    monkeypatch.setattr(MODULES["flowforge.results.asked"], "compiler_is_loaded", lambda: False)
    monkeypatch.setattr(memory, "REMEMBER_SECONDS", -1.0)
    for name in ("flowforge.preview.preview", "flowforge.widgets.widget"):
        original = MODULES[name].plan

        async def planned(graph: Any, target: str, original: Any = original, **more: Any) -> Any:
            targets.append(target)
            return await original(graph, target, **more)

        monkeypatch.setattr(MODULES[name], "plan", planned)
    return targets


async def preview(call: Any, graph: Graph, tenant: str = "demo", **more: Any) -> dict[str, Any]:
    answer = await call("preview", tenant=tenant).post("/api/v1/preview", json=ask(graph, **more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def widget(call: Any, widget_id: str, **query: str) -> dict[str, Any]:
    answer = await call("widget").get(f"/api/v1/widgets/{widget_id}/data", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def without(answer: dict[str, Any]) -> dict[str, Any]:
    """But for what tells that it was kept."""
    return {name: value for name, value in answer.items() if name != "cache_hit"}


async def test_a_kept_answer_is_found_without_a_plan_and_is_the_same(call, compiled) -> None:
    first = await preview(call, limited(21))
    assert compiled == ["limit"]
    moved = limited(21)
    moved["nodes"][0]["position"] = {"x": 7, "y": 7}
    second = await preview(call, moved)
    assert compiled == ["limit"]
    assert (first["cache_hit"], second["cache_hit"]) == (False, True)
    assert without(second) == without(first)


async def test_another_question_is_compiled(call, compiled) -> None:
    await preview(call, limited(22))
    await preview(call, limited(23))
    await preview(call, limited(22), use_rollups=False)
    await preview(call, limited(22), target="data_source")
    await preview(call, limited(22), tenant="firm-alpha")
    assert compiled == ["limit", "limit", "limit", "data_source", "limit"]


async def test_what_is_seen_decides_and_not_what_was(call, compiled) -> None:
    await grant("kept", ["AAPL", "IBM"])
    forget_access("kept")
    before = await preview(call, per_symbol(), "kept")
    await grant("kept", ["IBM"])
    forget_access("kept")
    after = await preview(call, per_symbol(), "kept")
    assert [[row[0] for row in each["rows"]] for each in (before, after)] == [["AAPL", "IBM"], ["IBM"]]
    assert len(compiled) == 2


async def test_a_changed_table_is_read_again(call, compiled) -> None:
    await preview(call, limited(24))
    await (await cache()).redis("INCR", "flowforge:data:flowforge.raw_trades")
    assert (await preview(call, limited(24)))["cache_hit"] is False
    assert (await preview(call, limited(24)))["cache_hit"] is True
    assert len(compiled) == 2


async def test_the_time_is_part_of_a_question_that_asks_for_it(call, compiled, monkeypatch) -> None:
    graph = chain(
        source(),
        ("formula", {"expression": "NOW()", "output_column": "now"}),
        ("select", {"columns": ["now"]}),
        ("limit", {"rows": 1}),
    )
    moments = [datetime(2024, 3, 5, 12, tzinfo=UTC) + timedelta(minutes=each) for each in (0, 0, 1)]
    shown = []
    for moment in moments:
        for name in ("flowforge.results.asked", "flowforge.results.planning"):
            monkeypatch.setattr(f"{name}.as_of_now", lambda moment=moment: moment)
        shown.append((await preview(call, graph))["rows"][0][0][:16])
    assert shown == ["2024-03-05T12:00", "2024-03-05T12:00", "2024-03-05T12:01"]
    assert len(compiled) == 2


async def test_a_widget_is_shown_with_its_chart_and_its_filters(call, compiled) -> None:
    _, (widget_id,) = await pinned(call, "demo", (charted(), "chart", "bar_chart"))
    filters = '[{"column": "symbol", "operator": "=", "value": "IBM"}, {"column": "nowhere", "operator": "=", "value": 1}]'
    whole, narrowed = await widget(call, widget_id), await widget(call, widget_id, filters=filters)
    assert len(compiled) == 2
    assert without(await widget(call, widget_id)) == without(whole)
    assert without(await widget(call, widget_id, filters=filters)) == without(narrowed)
    assert len(compiled) == 2
    assert narrowed["filters_ignored"] == ["nowhere"]
    assert [row[0] for row in narrowed["rows"]] == ["IBM"]
    workspace = call("workspace")
    path = f"/api/v1/widgets/{widget_id}"
    version = (await workspace.get(path)).headers["etag"]
    titled = {"config": {"title": "new"}}
    assert (await workspace.patch(path, json=titled, headers={"If-Match": version})).is_success
    assert (await widget(call, widget_id))["chart"]["title"] == "new"
    assert len(compiled) == 3


async def test_an_address_whose_answer_is_gone_leads_to_a_new_one(call, compiled) -> None:
    await preview(call, limited(25))
    redis = (await cache()).redis
    keys = [key async for key in _keys("flowforge:result:demo:*")]
    await redis("DEL", *keys)
    again = await preview(call, limited(25))
    assert again["cache_hit"] is False
    assert again["row_count"] == 25
    assert len(compiled) == 2


ANOTHER_PROCESS = """
import asyncio, json, sys
from pathlib import Path
import httpx
from flowforge.serve.hosting import load_target

async def main():
    transport = httpx.ASGITransport(load_target(Path(sys.argv[1]), "preview").app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post("/api/v1/preview", content=sys.argv[2], headers=json.loads(sys.argv[3]))
    print(answer.json()["cache_hit"], "sqlglot" in sys.modules)

asyncio.run(main())
"""


async def test_another_process_answers_without_the_compiler(call) -> None:
    await preview(call, limited(26))
    headers = {"X-Dev-Tenant": "demo", "Content-Type": "application/json"}
    source_of = ROOT / "functions" / "preview" / "main.py"
    arguments = [str(source_of), json.dumps(ask(limited(26))), json.dumps(headers)]
    command = [sys.executable, "-c", ANOTHER_PROCESS, *arguments]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-2:] == ["True", "False"], done.stdout


async def _keys(pattern: str) -> Any:
    cursor = b"0"
    while True:
        cursor, found = await (await cache()).redis("SCAN", cursor, "MATCH", pattern, "COUNT", "1000")
        for key in found:
            yield key
        if cursor == b"0":
            return
