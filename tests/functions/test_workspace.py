"""Workflows, dashboards and widgets: kept, versioned, and never shared between tenants."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from flowforge_local.engines import Endpoints

pytestmark = pytest.mark.engines

GRAPH = {
    "nodes": [
        {"id": "source", "type": "data_source", "position": {"x": 1.5, "y": 2}, "data": {}, "measured": {}}
    ],
    "edges": [],
    "viewport": {"zoom": 1},
}


async def make_workflow(client: Any, name: str = "w") -> dict[str, Any]:
    answer = await client.post("/api/v1/workflows", json={"name": name, "graph": GRAPH})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def make_dashboard(client: Any, name: str = "d") -> dict[str, Any]:
    answer = await client.post("/api/v1/dashboards", json={"name": name})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def make_widget(client: Any) -> dict[str, Any]:
    workflow, dashboard = await make_workflow(client), await make_dashboard(client)
    answer = await client.post(
        f"/api/v1/dashboards/{dashboard['id']}/widgets",
        json={"workflow_id": workflow["id"], "output_node_id": "source", "widget_type": "table"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_workflow_comes_back_as_it_was_saved(call) -> None:
    client = call("workspace")
    made = await client.post("/api/v1/workflows", json={"name": "Überblick 📈", "graph": GRAPH})
    assert made.headers["etag"] == '"1"'
    read = await client.get(made.headers["location"])
    assert read.json() == made.json()
    assert read.json()["graph"] == GRAPH
    assert read.json()["name"] == "Überblick 📈"


async def test_an_edit_needs_the_version_it_was_made_on(call) -> None:
    client = call("workspace")
    path = f"/api/v1/workflows/{(await make_workflow(client))['id']}"
    missing = await client.patch(path, json={"name": "x"})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    first = await client.patch(path, json={"name": "mine"}, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    second = await client.patch(path, json={"name": "theirs"}, headers={"If-Match": '"1"'})
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    odd = await client.patch(path, json={"name": "theirs"}, headers={"If-Match": '"abc"'})
    assert odd.status_code == 412
    stale = await client.delete(path, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await client.get(path)).json()["name"] == "mine"
    assert (await client.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_two_edits_at_once_do_not_overwrite_each_other(call) -> None:
    import asyncio

    client = call("workspace")
    path = f"/api/v1/workflows/{(await make_workflow(client))['id']}"
    answers = await asyncio.gather(
        *(client.patch(path, json={"name": f"n{n}"}, headers={"If-Match": '"1"'}) for n in range(6))
    )
    assert sorted(each.status_code for each in answers) == [200, 412, 412, 412, 412, 412]
    assert (await client.get(path)).json()["version"] == 2


async def test_every_save_is_kept_as_a_version(call) -> None:
    client = call("workspace")
    workflow = await make_workflow(client, "first")
    path = f"/api/v1/workflows/{workflow['id']}"
    await client.patch(path, json={"name": "second"}, headers={"If-Match": '"1"'})
    versions = (await client.get(f"{path}/versions")).json()
    assert [(each["version"], each["name"]) for each in versions["items"]] == [(2, "second"), (1, "first")]
    assert (await client.get(f"{path}/versions/1")).json()["graph"] == GRAPH
    assert (await client.get(f"{path}/versions/3")).status_code == 404


async def test_lists_are_paged_newest_first(call) -> None:
    client = call("workspace", tenant="firm-beta")
    made = [(await make_workflow(client, f"w{n}"))["id"] for n in range(5)]
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/v1/workflows", params=query)).json()
        assert len(page["items"]) <= 2
        assert all("graph" not in item for item in page["items"])
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen[:5] == made[::-1]
    assert len(seen) == len(set(seen))


async def test_a_dashboard_and_its_widgets(call) -> None:
    client = call("workspace")
    widget = await make_widget(client)
    dashboard = (await client.get(f"/api/v1/dashboards/{widget['dashboard_id']}")).json()
    assert [each["id"] for each in dashboard["widgets"]] == [widget["id"]]
    listed = (await client.get(f"/api/v1/dashboards/{dashboard['id']}/widgets")).json()
    assert listed["items"] == dashboard["widgets"]
    changed = await client.patch(
        f"/api/v1/dashboards/{dashboard['id']}",
        json={"layout": [{"i": widget["id"], "x": 0}], "refresh_seconds": 5},
        headers={"If-Match": '"1"'},
    )
    assert changed.json()["refresh_seconds"] == 5
    stopped = await client.patch(
        f"/api/v1/dashboards/{dashboard['id']}", json={"refresh_seconds": None}, headers={"If-Match": '"2"'}
    )
    assert stopped.json()["refresh_seconds"] is None
    moved = await client.patch(
        f"/api/v1/widgets/{widget['id']}", json={"position": {"x": 4}}, headers={"If-Match": '"1"'}
    )
    assert (moved.json()["position"], moved.headers["etag"]) == ({"x": 4}, '"2"')
    assert (await client.delete(f"/api/v1/dashboards/{dashboard['id']}")).status_code == 204
    assert (await client.get(f"/api/v1/widgets/{widget['id']}")).status_code == 404


async def test_a_widget_shows_a_node_that_exists(call) -> None:
    client = call("workspace")
    workflow, dashboard = await make_workflow(client), await make_dashboard(client)
    answer = await client.post(
        f"/api/v1/dashboards/{dashboard['id']}/widgets",
        json={"workflow_id": workflow["id"], "output_node_id": "nope", "widget_type": "table"},
    )
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == ("unknown_node", "output_node_id")


async def test_a_workflow_on_show_is_not_deleted(call) -> None:
    client = call("workspace")
    widget = await make_widget(client)
    answer = await client.delete(f"/api/v1/workflows/{widget['workflow_id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    await client.delete(f"/api/v1/widgets/{widget['id']}")
    assert (await client.delete(f"/api/v1/workflows/{widget['workflow_id']}")).status_code == 204


async def test_another_tenants_ids_do_not_exist(call) -> None:
    alpha, beta = call("workspace", tenant="firm-alpha"), call("workspace", tenant="firm-beta")
    widget = await make_widget(alpha)
    theirs = {
        "workflows": widget["workflow_id"],
        "dashboards": widget["dashboard_id"],
        "widgets": widget["id"],
    }
    for kind, object_id in theirs.items():
        path = f"/api/v1/{kind}/{object_id}"
        ours = await alpha.get(path)
        assert ours.status_code == 200
        edit = {"position": {}} if kind == "widgets" else {"name": "stolen"}
        unknown = (await beta.get(f"/api/v1/{kind}/00000000-0000-0000-0000-000000000000")).json()["code"]
        for answer in (
            await beta.get(path),
            await beta.patch(path, json=edit, headers={"If-Match": '"1"'}),
            await beta.delete(path),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, unknown)
        assert (await alpha.get(path)).json() == ours.json()
        listed = (await beta.get(f"/api/v1/{kind}")).json().get("items", [])
        assert object_id not in [each["id"] for each in listed]
    for path in (f"workflows/{theirs['workflows']}/versions", f"dashboards/{theirs['dashboards']}/widgets"):
        assert (await beta.get(f"/api/v1/{path}")).status_code == 404


async def test_a_widget_cannot_refer_to_another_tenants_workflow(call) -> None:
    alpha, beta = call("workspace", tenant="firm-alpha"), call("workspace", tenant="firm-beta")
    foreign, dashboard = await make_workflow(alpha), await make_dashboard(beta)
    answer = await beta.post(
        f"/api/v1/dashboards/{dashboard['id']}/widgets",
        json={"workflow_id": foreign["id"], "output_node_id": "source", "widget_type": "table"},
    )
    assert answer.status_code == 404
    own = await make_widget(beta)
    moved = await beta.patch(
        f"/api/v1/widgets/{own['id']}", json={"workflow_id": foreign["id"]}, headers={"If-Match": '"1"'}
    )
    assert moved.status_code == 404


async def test_the_database_itself_refuses_references_across_tenants(call, stores: Endpoints) -> None:
    widget = await make_widget(call("workspace", tenant="firm-alpha"))
    connection = await asyncpg.connect(stores.meta_dsn)
    try:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(
                "UPDATE widgets SET tenant_id = 'firm-beta' WHERE id = $1::text::uuid", widget["id"]
            )
    finally:
        await connection.close()


async def test_a_tenant_is_set_by_the_caller_and_not_by_the_body(call) -> None:
    answer = await call("workspace").post(
        "/api/v1/workflows", json={"name": "w", "graph": GRAPH, "tenant_id": "firm-beta"}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "tenant_id")
