"""Development headers, roles, and tenants that nobody registered."""

from __future__ import annotations

import pytest

from flowforge.settings import settings

pytestmark = pytest.mark.engines

WORKFLOW = {"name": "w", "graph": {"nodes": [], "edges": []}}


async def test_no_caller_is_refused(call) -> None:
    answer = await call("workspace", tenant=None).get("/api/v1/me")
    assert answer.status_code == 401


@pytest.mark.parametrize("tenant", ["", "Firm_Alpha", "a" * 64, "../demo", "demo'--"])
async def test_a_malformed_tenant_is_refused(call, tenant: str) -> None:
    assert (await call("workspace", tenant=tenant).get("/api/v1/me")).status_code == 401


async def test_an_unknown_role_is_refused(call) -> None:
    assert (await call("workspace", roles="root").get("/api/v1/me")).status_code == 401


async def test_development_headers_are_worth_nothing_in_production(call, monkeypatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    settings.cache_clear()
    try:
        assert (await call("workspace").get("/api/v1/me")).status_code == 401
    finally:
        monkeypatch.undo()
        settings.cache_clear()


async def test_development_headers_are_worth_nothing_off_loopback(apps) -> None:
    import httpx

    transport = httpx.ASGITransport(apps["workspace"])
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.8") as client:
        answer = await client.get("/api/v1/me", headers={"X-Dev-Tenant": "demo", "Host": "localhost"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("roles", "method", "path", "body", "status"),
    [
        ("viewer", "GET", "/api/v1/workflows", None, 200),
        ("viewer", "POST", "/api/v1/workflows", WORKFLOW, 403),
        ("viewer", "POST", "/api/v1/dashboards", {"name": "d"}, 403),
        ("analyst", "POST", "/api/v1/workflows", WORKFLOW, 201),
        ("analyst", "GET", "/api/v1/tenant/symbols", None, 403),
        ("analyst", "PUT", "/api/v1/tenant/symbols", {"symbols": "*"}, 403),
        ("admin", "GET", "/api/v1/tenant/symbols", None, 200),
        ("viewer,admin", "GET", "/api/v1/tenant/symbols", None, 200),
    ],
)
async def test_roles(call, roles: str, method: str, path: str, body: object, status: int) -> None:
    answer = await call("workspace", roles=roles).request(method, path, json=body)
    assert answer.status_code == status, answer.text


async def test_an_unregistered_tenant_sees_and_keeps_nothing(call) -> None:
    stranger = call("workspace", tenant="stranger")
    assert (await stranger.get("/api/v1/me")).json()["symbols"] == []
    assert (await stranger.get("/api/v1/workflows")).json()["items"] == []
    assert (await stranger.post("/api/v1/workflows", json=WORKFLOW)).status_code == 403
    assert (await stranger.get("/api/v1/tenant/symbols")).status_code == 404
    assert (await call("schema", tenant="stranger").get("/api/v1/schema")).json()["tables"] == []


async def test_an_unknown_host_is_refused(call) -> None:
    answer = await call("workspace", Host="evil.example").get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (421, "misdirected")
