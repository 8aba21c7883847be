"""Versions of a workflow: restored, compared by meaning, and what a new one would touch."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from .deliveries import told
from .graphs import Graph, chain, source

pytestmark = pytest.mark.engines

BY_SYMBOL = {"function": "sum", "column": "quantity", "alias": "volume"}


def per_symbol() -> Graph:
    return chain(
        source(),
        ("filter", {"filters": [{"column": "quantity", "operator": ">", "value": 100}]}),
        ("group_by", {"group_by": ["symbol"], "aggregations": [BY_SYMBOL]}),
        ("sort", {"sorts": [{"column": "symbol"}]}),
        ("bar_chart", {"x": "symbol", "y": ["volume"]}),
    )


def changed(graph: Graph, node_id: str, **data: Any) -> Graph:
    found = copy.deepcopy(graph)
    next(node for node in found["nodes"] if node["id"] == node_id)["data"] |= data
    return found


def moved(graph: Graph) -> Graph:
    found = copy.deepcopy(graph)
    for node in found["nodes"]:
        node |= {"position": {"x": 500, "y": -3}, "selected": True, "measured": {"width": 9}}
    found["viewport"] = {"zoom": 2}
    return found


async def saved(client: Any, *graphs: Graph) -> str:
    """A workflow whose versions 1, 2 … have these graphs: its path."""
    made = await client.post("/api/v1/workflows", json={"name": "w", "graph": graphs[0]})
    path = f"/api/v1/workflows/{made.json()['id']}"
    for number, graph in enumerate(graphs[1:], 1):
        answer = await client.patch(path, json={"graph": graph}, headers={"If-Match": f'"{number}"'})
        assert answer.status_code == 200, answer.text
    return path


async def diff(client: Any, path: str, start: int, end: int | None = None) -> dict[str, Any]:
    params = {"from": start} | ({} if end is None else {"to": end})
    answer = await client.get(f"{path}/diff", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_restoring_is_a_new_version_and_loses_nothing(call) -> None:
    client = call("workspace")
    path = await saved(client, per_symbol(), moved(per_symbol()), changed(per_symbol(), "sort", sorts=[]))
    await told("workflow.saved")
    stale = await client.post(f"{path}/restore", json={"version": 1}, headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    answer = await client.post(f"{path}/restore", json={"version": 1}, headers={"If-Match": '"3"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"4"')
    assert answer.json()["graph"] == per_symbol()
    versions = (await client.get(f"{path}/versions")).json()["items"]
    assert [each["version"] for each in versions] == [4, 3, 2, 1]
    first = (await client.get(f"{path}/versions", params={"limit": 3})).json()
    rest = (await client.get(f"{path}/versions", params={"cursor": first["next_cursor"]})).json()
    assert [each["version"] for each in rest["items"]] == [1]
    assert rest["next_cursor"] is None
    ((_, event),) = await told("workflow.saved")
    assert event["version"] == 4
    assert (await client.post(f"{path}/restore", json={"version": 9})).status_code == 404
    viewer = call("workspace", roles="viewer")
    assert (await viewer.post(f"{path}/restore", json={"version": 1})).status_code == 403
    other = call("workspace", tenant="firm-beta")
    assert (await other.post(f"{path}/restore", json={"version": 1})).status_code == 404


async def test_moving_nodes_is_no_difference(call) -> None:
    client = call("workspace")
    path = await saved(client, per_symbol(), moved(per_symbol()))
    found = await diff(client, path, 1)
    assert (found["from"], found["to"], found["identical"], found["outputs"]) == (1, 2, True, [])


async def test_a_setting_shows_with_both_values_its_sql_and_its_columns(call) -> None:
    client = call("workspace")
    later = changed(per_symbol(), "group_by", aggregations=[{**BY_SYMBOL, "alias": "shares"}])
    later = changed(later, "bar_chart", y=["shares"])
    later = changed(later, "filter", filters=[{"column": "quantity", "operator": ">", "value": 150}])
    found = await diff(client, await saved(client, per_symbol(), later), 1, 2)
    assert found["identical"] is False
    fields = {
        (node["id"], change["field"]): (change["before"], change["after"])
        for node in found["graph"]["nodes_changed"]
        for change in node["fields"]
    }
    assert fields == {
        ("filter", "filters.0.value"): (100, 150),
        ("group_by", "aggregations.0.alias"): ("volume", "shares"),
        ("bar_chart", "y.0"): ("volume", "shares"),
    }
    (output,) = found["outputs"]
    assert (output["node_id"], output["change"]) == ("bar_chart", "changed")
    assert [column["name"] for column in output["columns"]["added"]] == ["shares"]
    assert [column["name"] for column in output["columns"]["removed"]] == ["volume"]
    assert any(line.startswith("-") and "100" in line for line in output["sql"]["diff"])
    assert any(line.startswith("+") and "150" in line for line in output["sql"]["diff"])


async def test_nodes_and_wires_come_and_go_and_a_broken_version_says_why(call) -> None:
    client = call("workspace")
    later = per_symbol()
    later["nodes"][3] = {"id": "limit", "type": "limit", "data": {"rows": 3}}
    later["edges"] = [
        {"source": "data_source", "target": "filter"},
        {"source": "filter", "target": "group_by"},
    ]
    later["edges"] += [{"source": "group_by", "target": "limit"}, {"source": "limit", "target": "bar_chart"}]
    later = changed(later, "bar_chart", y=["nothing"])
    found = await diff(client, await saved(client, per_symbol(), later), 1, 2)
    assert [node["id"] for node in found["graph"]["nodes_added"]] == ["limit"]
    assert [node["id"] for node in found["graph"]["nodes_removed"]] == ["sort"]
    assert {(wire["source"], wire["target"]) for wire in found["graph"]["edges_removed"]} == {
        ("group_by", "sort"),
        ("sort", "bar_chart"),
    }
    (output,) = found["outputs"]
    assert output["problem_before"] is None
    assert output["problem_after"]["code"] == "unknown_column"


@pytest.mark.parametrize("query", ["", "from=0", "from=1&to=99", "from=1&more=1", "from=x"])
async def test_versions_that_are_not(call, query: str) -> None:
    client = call("workspace")
    path = await saved(client, per_symbol())
    answer = await client.get(f"{path}/diff?{query}")
    assert answer.status_code == (404 if "99" in query else 422)
    assert (await call("workspace", tenant="firm-beta").get(f"{path}/diff?from=1")).status_code == 404


async def shown(client: Any, path: str) -> dict[str, str]:
    """Widgets of the workflow by what they show, on one dashboard."""
    dashboard = (await client.post("/api/v1/dashboards", json={"name": "d"})).json()["id"]
    wanted = {
        "chart": ("bar_chart", "bar_chart", {}),
        "table": ("sort", "table", {"columns": ["symbol", "volume"]}),
        "own chart": ("sort", "line_chart", {"x": "symbol", "y": ["volume"]}),
        "raw": ("filter", "table", {}),
    }
    made = {}
    for name, (node, kind, config) in wanted.items():
        body = {
            "workflow_id": path.rsplit("/", 1)[1],
            "output_node_id": node,
            "widget_type": kind,
            "config": config,
        }
        answer = await client.post(f"/api/v1/dashboards/{dashboard}/widgets", json=body)
        assert answer.status_code == 201, answer.text
        made[answer.json()["id"]] = name
    return made


async def effects(client: Any, path: str, graph: Graph) -> tuple[dict[str, Any], dict[str, Any]]:
    names = await shown(client, path)
    answer = await client.post(f"{path}/impact", json={"graph": graph})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {names[each["widget_id"]]: each for each in found["widgets"]}, found


async def test_a_renamed_column_breaks_those_that_draw_it_and_no_other(call) -> None:
    client = call("workspace")
    later = changed(per_symbol(), "group_by", aggregations=[{**BY_SYMBOL, "alias": "shares"}])
    later = changed(later, "bar_chart", y=["shares"])
    widgets, found = await effects(client, await saved(client, per_symbol()), later)
    assert {name: each["effect"] for name, each in widgets.items()} == {
        "chart": "changes",
        "table": "breaks",
        "own chart": "breaks",
    }
    assert (found["safe"], found["unchanged"]) == (False, 1)
    assert widgets["table"]["reasons"][0]["column"] == "volume"
    assert [each["effect"] for each in found["dashboards"]] == ["breaks"]


async def test_a_removed_output_node_breaks_and_a_moved_one_touches_nothing(call) -> None:
    client = call("workspace")
    path = await saved(client, per_symbol())
    without = per_symbol()
    without["nodes"] = without["nodes"][:-1]
    without["edges"] = without["edges"][:-1]
    widgets, _ = await effects(client, path, without)
    assert widgets.keys() == {"chart"}
    assert widgets["chart"]["reasons"][0]["code"] == "unknown_node"
    nothing, found = await effects(client, path, moved(per_symbol()))
    assert (nothing, found["safe"], found["dashboards"], found["embeds"]) == ({}, True, [], [])
    assert (await client.get(f"{path}/impact")).json()["safe"] is True
    other = await call("workspace", tenant="firm-beta").post(f"{path}/impact", json={"graph": without})
    assert other.status_code == 404


async def test_a_lock_that_could_no_longer_be_applied_breaks_the_embed(call) -> None:
    client = call("workspace")
    path = await saved(client, per_symbol())
    names = await shown(client, path)
    chart = next(widget for widget, name in names.items() if name == "chart")
    locks = [{"column": "venue", "operator": "=", "value": "Q"}]
    key = await call("embed-auth").post(
        "/api/v1/keys",
        json={
            "name": "site",
            "widget_ids": [chart],
            "allowed_origins": ["https://a.example"],
            "locked_filters": locks,
        },
    )
    assert key.status_code == 201, key.text
    by_tenant = chain(
        source("materialize", "live_positions"),
        (
            "group_by",
            {
                "group_by": ["account"],
                "aggregations": [{"function": "sum", "column": "net_qty", "alias": "volume"}],
            },
        ),
        ("select", {"columns": ["account", "volume"]}),
        ("bar_chart", {"x": "account", "y": ["volume"]}),
    )
    answer = await client.post(f"{path}/impact", json={"graph": by_tenant})
    (embed,) = answer.json()["embeds"]
    assert (embed["effect"], embed["name"], embed["widget_ids"]) == ("breaks", "site", [chart])
    assert embed["reasons"][0]["column"] == "venue"
