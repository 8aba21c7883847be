"""The audit log: written once per event, readable by admins, and every tampering is found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from flowforge.audit import record_entry
from flowforge.audit.verify import verify
from flowforge.metadata.entitlements import grant
from flowforge.stores.anchors import KEY, anchors
from flowforge_events import WIRE

from .deliveries import deliver

pytestmark = pytest.mark.engines

AUDIT = "/api/v1/audit"


@dataclass(frozen=True)
class Recorded:
    """An ``audit.recorded`` as it is delivered."""

    tenant: str
    data: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid4()))
    source: str = "/flowforge/workspace"
    time: datetime = field(default_factory=lambda: datetime.now(UTC))


def act(tenant: str, number: int) -> Recorded:
    return Recorded(
        tenant,
        {
            "actor": f"user-{number % 2}",
            "action": "workflow.update",
            "object": f"wörkflow {number}",
            "at": "2026-01-02T03:04:05.678901+00:00",
            "count": 1,
            "plan_hash": None,
            "rows": number,
            "elapsed_ms": number / 3,
        },
    )


@pytest.fixture
async def tenant(stores) -> str:
    """A tenant with five entries."""
    name = f"audited-{uuid4().hex[:8]}"
    await grant(name, "*")
    for number in range(1, 6):
        await record_entry(act(name, number))
    return name


@pytest.fixture
async def owner(stores) -> AsyncIterator[asyncpg.Connection]:
    """Somebody with all rights on the tables, for whom no trigger is in the way."""
    connection = await asyncpg.connect(stores.meta_dsn)
    tables = ("audit_entries", "audit_heads")
    for table in tables:
        await connection.execute(f"GRANT ALL ON {table} TO CURRENT_USER")
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield connection
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        await connection.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER")
    await connection.close()


async def problem(tenant: str) -> str | None:
    verdicts = await verify(tenant)
    assert [each.tenant_id for each in verdicts] == [tenant]
    return verdicts[0].problem


async def test_an_event_is_written_once_however_often_it_comes(tenant: str) -> None:
    event = act(tenant, 6)
    for _ in range(3):
        await record_entry(event)
    assert [(each.entries, each.problem) for each in await verify(tenant)] == [(6, None)]


async def test_an_admin_reads_the_tenant_s_own_log_page_by_page(call, tenant: str) -> None:
    client = call("audit", tenant=tenant)
    first = (await client.get(AUDIT, params={"limit": 3})).json()
    second = (await client.get(AUDIT, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    entries = first["items"] + second["items"]
    assert [each["number"] for each in entries] == [5, 4, 3, 2, 1]
    assert second["next_cursor"] is None
    assert entries[0]["object"] == "wörkflow 5"
    assert (entries[0]["rows"], entries[0]["at"]) == (5, "2026-01-02T03:04:05.678901Z")
    mine = (await client.get(AUDIT, params={"actor": "user-1"})).json()["items"]
    assert [each["number"] for each in mine] == [5, 3, 1]
    assert (await call("audit", tenant="firm-alpha").get(AUDIT, params={"actor": "user-1"})).json()[
        "items"
    ] == []
    for role in ("viewer", "analyst"):
        assert (await call("audit", tenant=tenant, roles=role).get(AUDIT)).status_code == 403
    assert (await client.get(AUDIT, params={"cursor": "x"})).status_code == 422


async def test_no_role_can_change_the_log(stores, tenant: str) -> None:
    attempts = [
        "UPDATE audit_entries SET actor = 'somebody else'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET number = 1",
        "DROP TABLE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
    ]
    connection = await asyncpg.connect(stores.audit_dsn)
    try:
        for attempt in attempts:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
        for table in ("workflows", "embed_keys", "tenants", "outbox"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"SELECT * FROM {table}")
    finally:
        await connection.close()
    connection = await asyncpg.connect(stores.meta_dsn)  # the application's own role
    try:
        for attempt in attempts[:4]:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()
    assert await problem(tenant) is None


TAMPERINGS = {
    "changed": (
        "UPDATE audit_entries SET actor = 'x' WHERE tenant_id = $1 AND number = 3",
        "entry 3 was changed",
    ),
    "changed in the smallest digit": (
        "UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE tenant_id = $1 AND number = 2",
        "entry 2 was changed",
    ),
    "null for a value": (
        "UPDATE audit_entries SET rows = NULL WHERE tenant_id = $1 AND number = 4",
        "entry 4 was changed",
    ),
    "removed": ("DELETE FROM audit_entries WHERE tenant_id = $1 AND number = 3", "entry 3 is missing"),
    "removed at the beginning": (
        "DELETE FROM audit_entries WHERE tenant_id = $1 AND number = 1",
        "entry 1 is missing",
    ),
    "removed at the end": (
        "DELETE FROM audit_entries WHERE tenant_id = $1 AND number = 5",
        "entries 5 to 5 are missing at the end",
    ),
    "all removed": (
        "DELETE FROM audit_entries WHERE tenant_id = $1",
        "entries 1 to 5 are missing at the end",
    ),
    "reordered": (
        "UPDATE audit_entries SET number = CASE number WHEN 2 THEN -3 ELSE -2 END"
        " WHERE tenant_id = $1 AND number IN (2, 3);"
        "UPDATE audit_entries SET number = -number WHERE tenant_id = $1 AND number < 0",
        "entry 2 was changed",
    ),
    "moved from another chain": (
        "UPDATE audit_entries SET tenant_id = $1 || '-copy' WHERE tenant_id = $1",
        "entries 1 to 5 are missing at the end",
    ),
    "a copy added": (
        "INSERT INTO audit_entries SELECT tenant_id, 6, 'copy', source, at, recorded_at, actor, action, object,"
        " plan_hash, count, rows, elapsed_ms, previous, mac FROM audit_entries WHERE tenant_id = $1 AND number = 5",
        "entry 6 was changed",
    ),
    "the head removed": ("DELETE FROM audit_heads WHERE tenant_id = $1", "the head is missing"),
    "the end and its head changed": (
        "DELETE FROM audit_entries WHERE tenant_id = $1 AND number = 5;"
        "UPDATE audit_heads h SET number = 4, mac = e.mac FROM audit_entries e"
        " WHERE h.tenant_id = $1 AND e.tenant_id = $1 AND e.number = 4",
        "the head was changed",
    ),
    "everything of the tenant removed": (
        "DELETE FROM audit_entries WHERE tenant_id = $1; DELETE FROM audit_heads WHERE tenant_id = $1",
        "all entries are missing; there were 5",
    ),
}


@pytest.mark.parametrize("title", TAMPERINGS)
async def test_tampering_is_found_and_named(owner: asyncpg.Connection, tenant: str, title: str) -> None:
    statements, found = TAMPERINGS[title]
    assert await problem(tenant) is None
    async with owner.transaction():
        for statement in statements.split(";"):
            await owner.execute(statement.replace("$1", "$1::varchar"), tenant)
    try:
        assert await problem(tenant) == found
        assert tenant in {each.tenant_id for each in await verify() if not each.intact}
    finally:
        await owner.execute("DELETE FROM audit_entries WHERE tenant_id = ANY($1)", [tenant, f"{tenant}-copy"])
        await owner.execute("DELETE FROM audit_heads WHERE tenant_id = $1", tenant)
        await (await anchors())._client("HDEL", KEY, tenant)


async def test_an_older_end_put_back_whole_is_found(owner: asyncpg.Connection, tenant: str) -> None:
    """Whoever kept a copy of the head as it was once has a seal that is genuine."""
    head = await owner.fetchrow("SELECT * FROM audit_heads WHERE tenant_id = $1", tenant)
    await record_entry(act(tenant, 6))
    await owner.execute("DELETE FROM audit_entries WHERE tenant_id = $1 AND number = 6", tenant)
    await owner.execute(
        "UPDATE audit_heads SET number = $2, mac = $3, seal = $4 WHERE tenant_id = $1",
        tenant,
        head["number"],
        head["mac"],
        head["seal"],
    )
    assert await problem(tenant) == "entries 6 to 6 are missing at the end"
    await (await anchors())._client("HDEL", KEY, tenant)


async def test_operators_are_told_what_was_refused_and_what_failed(
    call: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = call("audit", tenant=None)
    for kind, data in (
        ("flowforge.record.quarantined.v1", {"topic": "raw.trades", "reason": "negative_price", "count": 3}),
        ("flowforge.pipeline.failed.v1", {"job": "cold_lane", "run": "r1", "reason": "x" * 1_000}),
    ):
        message = WIRE.encode(kind, data, component="normalise", subject="raw.trades")
        assert (await deliver(client, message)).status_code == 204
    said = [each.getMessage() for each in caplog.records if each.name == "flowforge.operators"]
    assert said[0].startswith("3 records of raw.trades were refused: negative_price")
    assert said[1].startswith("The job cold_lane failed in run r1: xxx")
    assert len(said[1]) < 300
