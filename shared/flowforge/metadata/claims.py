"""Claiming executions: who runs one, for how long they are believed, and how they finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from flowforge.metadata.executions import (
    COLUMNS,
    COMPLETED,
    FAILED,
    LEASE_SECONDS,
    LOCK,
    STARTED,
    Execution,
    execution_of,
    request,
)
from flowforge.metadata.pool import writing
from flowforge.metadata.telling import Telling, telling
from flowforge.records import dataclass

_FIND = """
    SELECT status, attempt, lease_until < now() AS lapsed FROM executions
    WHERE tenant_id = $1 AND id = $2 AND expires_at > now() FOR UPDATE
"""
_RUNNING = """
    SELECT count(*) FROM executions
    WHERE tenant_id = $1 AND id <> $2 AND status = 'running' AND lease_until > now()
"""
_CLAIM = f"""
    UPDATE executions SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now()),
        lease_until = now() + make_interval(secs => $3)
    WHERE tenant_id = $1 AND id = $2 RETURNING {COLUMNS}
"""  # noqa: S608 - our own constants
_RENEW = """
    UPDATE executions SET lease_until = now() + make_interval(secs => $4)
    WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND status = 'running' RETURNING 1
"""
_RELEASE = """
    UPDATE executions SET lease_until = now()
    WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND status = 'running'
"""
_FINISH = """
    UPDATE executions SET status = $4, finished_at = now(), rows = $5, bytes = $6, error = $7, columns = $8,
        elapsed_ms = extract(epoch FROM now() - started_at) * 1000,
        expires_at = now() + make_interval(hours => $9), reads = coalesce($10, reads)
    WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND status = 'running' RETURNING elapsed_ms
"""
_NEXT = """
    UPDATE executions SET announced_at = now() WHERE id = (
        SELECT id FROM executions WHERE tenant_id = $1 AND status = 'requested' AND expires_at > now()
        ORDER BY created_at, id LIMIT 1) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. ``error`` is a problem document, None when there is a result."""

    rows: int | None = None
    bytes: int | None = None
    error: Mapping[str, Any] | None = None
    columns: Sequence[Mapping[str, Any]] | None = None
    reads: Sequence[Mapping[str, Any]] | None = None


class Busy(Exception):  # noqa: N818 - an answer and not an error
    """Somebody else is running it, and is believed to be alive."""


async def claim(tenant_id: str, execution_id: UUID, most_running: int) -> Execution | None:
    """Begin an attempt; None where nothing is to be done: finished, gone, or waiting for its turn.

    Whoever finishes a run of the tenant announces the one that waits longest, so that one whose turn has
    not come can be left alone here. Raises ``Busy``.
    """
    async with telling() as open_:
        await open_.connection.execute(LOCK, tenant_id)
        found = await open_.connection.fetchrow(_FIND, tenant_id, execution_id)
        if found is None or found["status"] not in ("requested", "running"):
            return None
        if found["status"] == "running" and not found["lapsed"]:
            raise Busy
        if await open_.connection.fetchval(_RUNNING, tenant_id, execution_id) >= most_running:
            return None
        row = await open_.connection.fetchrow(_CLAIM, tenant_id, execution_id, LEASE_SECONDS)
        if found["status"] == "requested":
            await _announce(open_, STARTED, tenant_id, execution_id)
    return execution_of(row)


async def renew(claimed: Execution) -> bool:
    """Say that the claimant lives; False if the claim is no longer its own (cancelled, or taken over)."""
    async with writing() as connection:
        return (
            await connection.fetchval(_RENEW, claimed.tenant_id, claimed.id, claimed.attempt, LEASE_SECONDS)
            is not None
        )


async def release(claimed: Execution) -> None:
    """Let somebody else begin at once: this process is leaving."""
    async with writing() as connection:
        await connection.execute(_RELEASE, claimed.tenant_id, claimed.id, claimed.attempt)


async def finish(claimed: Execution, outcome: Outcome, keep_hours: int) -> bool:
    """Write the end of the run, announce it, and whose turn is next; False if the claim was lost meanwhile."""
    async with telling() as open_:
        await open_.connection.execute(LOCK, claimed.tenant_id)
        elapsed = await open_.connection.fetchval(
            _FINISH,
            claimed.tenant_id,
            claimed.id,
            claimed.attempt,
            "completed" if outcome.error is None else "failed",
            outcome.rows,
            outcome.bytes,
            _json(outcome.error),
            _json(outcome.columns),
            keep_hours,
            _json(outcome.reads),
        )
        if elapsed is not None:
            told: dict[str, Any] = {"elapsed_ms": round(float(elapsed), 1)}
            if outcome.error is None:
                await _announce(open_, COMPLETED, claimed.tenant_id, claimed.id, rows=outcome.rows, **told)
            else:
                code = outcome.error["code"]
                await _announce(open_, FAILED, claimed.tenant_id, claimed.id, code=code, **told)
        await _announce_next(open_, claimed.tenant_id)
    return elapsed is not None


async def pass_turn(tenant_id: str) -> None:
    """Announce whose turn it is, after a run ended without ``finish`` (cancelled)."""
    async with telling() as open_:
        await open_.connection.execute(LOCK, tenant_id)
        await _announce_next(open_, tenant_id)


async def _announce_next(open_: Telling, tenant_id: str) -> None:
    following = await open_.connection.fetchval(_NEXT, tenant_id)
    if following is not None:
        await request(open_, tenant_id, following)


async def _announce(open_: Telling, kind: str, tenant_id: str, execution_id: UUID, **data: Any) -> None:
    await open_.announce(
        kind, subject=str(execution_id), tenant=tenant_id, data={"execution_id": str(execution_id), **data}
    )


def _json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
