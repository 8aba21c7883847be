"""Executions: runs whose result is kept. A row here is the one place that says what a run's state is.

    requested ──claim──▶ running ──▶ completed | failed
        └──────────────────┴───────▶ cancelled

Delivery is at least once, so a run is *claimed*: the row names the attempt and a lease that the claimant
renews. A claimant that died stops renewing, and the next delivery begins a further attempt; one that only
seemed dead finds another attempt in the row and can no longer finish anything (fencing by ``attempt``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from flowforge.metadata.pool import metadata_pool, writing
from flowforge.metadata.telling import Telling, telling
from flowforge.records import dataclass
from flowforge.tenancy import Caller

REQUESTED, STARTED, COMPLETED, FAILED = (
    f"flowforge.execution.{verb}.v1" for verb in ("requested", "started", "completed", "failed")
)
LEASE_SECONDS = 6.0
"""How long a claimant that says nothing is believed to be alive."""
MAX_ATTEMPTS = 4
"""A run whose process died this often is the cause of it, and is given up."""
LAPSED_SECONDS = 30.0
"""A run that should be under way and is not for this long is announced again by whoever asks about it."""

COLUMNS = """
    id, tenant_id, created_by, created_at, status, question, reads, acl_version, attempt, started_at,
    finished_at, expires_at, rows, bytes, elapsed_ms, error, columns, plan_hash
"""
_INSERT = f"""
    INSERT INTO executions (tenant_id, created_by, question, reads, acl_version, plan_hash, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(hours => $7)) RETURNING {COLUMNS}
"""  # noqa: S608 - our own constants
_UNFINISHED = """
    SELECT count(*) FROM executions WHERE tenant_id = $1 AND status IN ('requested', 'running')
    AND expires_at > now()
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('flowforge.executions:' || $1, 0))"
_READ = f"SELECT {COLUMNS} FROM executions WHERE tenant_id = $1 AND id = $2 AND expires_at > now()"  # noqa: S608
_LIST = f"""
    SELECT {COLUMNS} FROM executions WHERE tenant_id = $1 AND expires_at > now()
    AND ($2::text IS NULL OR status = $2) AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4))
    ORDER BY created_at DESC, id DESC LIMIT $5
"""  # noqa: S608
_CANCEL = """
    UPDATE executions SET status = 'cancelled', finished_at = now() WHERE tenant_id = $1 AND id = $2
    AND status IN ('requested', 'running') RETURNING extract(epoch FROM now() - created_at) * 1000 AS elapsed_ms
"""
_DELETE = "DELETE FROM executions WHERE tenant_id = $1 AND id = $2"
_EXPIRED = "DELETE FROM executions WHERE expires_at <= now()"
_LIVING = "SELECT id FROM executions"
_REVIVE = """
    UPDATE executions SET announced_at = now() WHERE tenant_id = $1 AND id = $2 AND announced_at < $3
    AND (status = 'requested' OR (status = 'running' AND lease_until < $3)) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Execution:
    """A row. ``question`` is what to run, ``reads`` what the result holds rows of (``execute.entitled``)."""

    id: UUID
    tenant_id: str
    created_by: str
    created_at: datetime
    status: str
    question: dict[str, Any]
    reads: list[dict[str, Any]]
    acl_version: int
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    rows: int | None
    bytes: int | None
    elapsed_ms: float | None
    error: dict[str, Any] | None
    columns: list[dict[str, Any]] | None
    plan_hash: str | None

    @property
    def finished(self) -> bool:
        """Whether nothing will change any more."""
        return self.status not in ("requested", "running")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new execution is made of."""

    tenant_id: str
    created_by: str
    question: Mapping[str, Any]
    reads: Sequence[Mapping[str, Any]]
    acl_version: int
    plan_hash: str
    keep_hours: int


async def create(wanted: Wanted, most_unfinished: int) -> Execution | None:
    """A new row, and with it the event that has it run; None where the tenant has too many unfinished ones."""
    async with telling() as open_:
        await open_.connection.execute(LOCK, wanted.tenant_id)
        if await open_.connection.fetchval(_UNFINISHED, wanted.tenant_id) >= most_unfinished:
            return None
        row = await open_.connection.fetchrow(
            _INSERT,
            wanted.tenant_id,
            wanted.created_by,
            _json(wanted.question),
            _json(wanted.reads),
            wanted.acl_version,
            wanted.plan_hash,
            wanted.keep_hours,
        )
        made = execution_of(row)
        await request(open_, made.tenant_id, made.id)
        caller = Caller(made.tenant_id, made.created_by, frozenset())
        await open_.record(caller, "execution.request", made.id)
    return made


async def read(tenant_id: str, execution_id: UUID) -> Execution | None:
    """The tenant's execution of that id, unless its time is up."""
    row = await (await metadata_pool()).fetch_one(_READ, tenant_id, execution_id)
    return None if row is None else execution_of(row)


async def listed(
    tenant_id: str, status: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Execution]:
    """Executions, newest first."""
    moment, last = after or (None, None)
    rows = await (await metadata_pool()).fetch(_LIST, tenant_id, status, moment, last, limit)
    return [execution_of(row) for row in rows]


async def cancel(caller: Caller, execution_id: UUID) -> bool:
    """End a run that has not finished; False if it has. Its claimant notices within a heartbeat."""
    tenant_id = caller.tenant_id
    async with telling() as open_:
        elapsed = await open_.connection.fetchval(_CANCEL, tenant_id, execution_id)
        if elapsed is None:
            return False
        await open_.announce(
            FAILED,
            subject=str(execution_id),
            tenant=tenant_id,
            data={
                "execution_id": str(execution_id),
                "code": "query_cancelled",
                "elapsed_ms": round(float(elapsed), 1),
            },
        )
        await open_.record(caller, "execution.cancel", execution_id)
    return True


async def delete(caller: Caller, execution_id: UUID) -> None:
    """Forget an execution."""
    async with telling() as open_:
        await open_.connection.execute(_DELETE, caller.tenant_id, execution_id)
        await open_.record(caller, "execution.delete", execution_id)


async def drop_expired() -> None:
    """Forget the executions whose time is up."""
    async with writing() as connection:
        await connection.execute(_EXPIRED)


async def living() -> frozenset[UUID]:
    """The ids of all executions that there are."""
    return frozenset(row["id"] for row in await (await metadata_pool()).fetch(_LIVING))


async def revive(found: Execution, lapsed_before: datetime) -> bool:
    """Announce again what should run and does not; at most once per lapse however many ask."""
    async with telling() as open_:
        stale = await open_.connection.fetchval(_REVIVE, found.tenant_id, found.id, lapsed_before)
        if stale is not None:
            await request(open_, found.tenant_id, found.id)
    return stale is not None


async def request(open_: Telling, tenant_id: str, execution_id: UUID) -> None:
    """Announce that an execution is to be run."""
    await open_.announce(
        REQUESTED, subject=str(execution_id), tenant=tenant_id, data={"execution_id": str(execution_id)}
    )


def execution_of(row: asyncpg.Record) -> Execution:
    """A row as the driver gives it."""
    documents = {
        name: None if row[name] is None else orjson.loads(row[name])
        for name in ("question", "reads", "error", "columns")
    }
    return Execution(**{**dict(row), **documents})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
