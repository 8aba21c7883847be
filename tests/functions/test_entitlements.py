"""Entitlements: granted by the operator, narrowed by the tenant's admin, never widened."""

from __future__ import annotations

import pytest

from flowforge.auth import forget_access
from flowforge.metadata.entitlements import grant

pytestmark = pytest.mark.engines

SYMBOLS = "/api/v1/tenant/symbols"


@pytest.fixture
async def tenant(stores) -> str:
    await grant("narrowing", ["AAPL", "IBM", "JPM"])
    forget_access("narrowing")
    return "narrowing"


async def test_an_admin_narrows_and_lifts(call, tenant: str) -> None:
    client = call("workspace", tenant=tenant)
    before = (await client.get(SYMBOLS)).json()
    narrowed = await client.put(SYMBOLS, json={"symbols": ["IBM"]})
    assert narrowed.status_code == 200, narrowed.text
    assert narrowed.json()["symbols"] == ["IBM"]
    assert narrowed.json()["version"] == before["version"] + 1
    assert (await client.get("/api/v1/me")).json()["symbols"] == ["IBM"]
    nothing = await client.put(SYMBOLS, json={"symbols": []})
    assert nothing.json()["symbols"] == []
    lifted = await client.put(SYMBOLS, json={"symbols": "*"})
    assert lifted.json()["symbols"] == ["AAPL", "IBM", "JPM"]


async def test_an_admin_cannot_widen(call, tenant: str) -> None:
    answer = await call("workspace", tenant=tenant).put(SYMBOLS, json={"symbols": ["AAPL", "TSLA"]})
    assert (answer.status_code, answer.json()["field"]) == (403, "symbols")
    assert "TSLA" in answer.json()["detail"]


async def test_a_stale_version_changes_nothing(call, tenant: str) -> None:
    client = call("workspace", tenant=tenant)
    answer = await client.put(SYMBOLS, json={"symbols": []}, headers={"If-Match": '"999"'})
    assert answer.status_code == 412


async def test_a_smaller_grant_wins_over_an_older_wish(call, tenant: str) -> None:
    client = call("workspace", tenant=tenant)
    await client.put(SYMBOLS, json={"symbols": ["AAPL", "IBM"]})
    await grant(tenant, ["IBM", "TSLA"])
    forget_access(tenant)
    assert (await client.get("/api/v1/me")).json()["symbols"] == ["IBM"]
    await client.put(SYMBOLS, json={"symbols": "*"})


async def test_narrowed_tables_are_not_listed(call, tenant: str) -> None:
    workspace, schema = call("workspace", tenant=tenant), call("schema", tenant=tenant)
    await workspace.put(SYMBOLS, json={"tables": ["flowforge.raw_trades"]})
    tables = (await schema.get("/api/v1/schema")).json()["tables"]
    assert [f"{each['database']}.{each['table']}" for each in tables] == ["flowforge.raw_trades"]
    await workspace.put(SYMBOLS, json={"tables": "*"})


async def test_the_same_grant_twice_is_no_change(stores) -> None:
    first = await grant("repeated", ["AAPL"])
    assert await grant("repeated", ["AAPL"]) == first
    assert await grant("repeated", ["AAPL", "IBM"]) == first + 1
