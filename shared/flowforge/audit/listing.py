"""``GET /api/v1/audit``: a tenant's own entries, newest first."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.metadata.audit_log import Linked, page


class AuditQuery(BaseModel):
    """``limit`` entries behind ``cursor``, of one actor or action if given."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=20)
    actor: str | None = Field(default=None, max_length=300)
    action: str | None = Field(default=None, max_length=100)


class AuditEntryShape(BaseModel):
    """One act. ``count`` reads of one minute may be one entry; ``rows`` and ``elapsed_ms`` are their sums."""

    number: int
    at: datetime
    recorded_at: datetime
    actor: str
    action: str
    object: str
    plan_hash: str | None
    count: int
    rows: int | None
    elapsed_ms: float | None
    event_id: str
    source: str
    hash: str = Field(description="code of this entry, over its columns and the code of the one before it")


class AuditPage(BaseModel):
    """A page of the log; ``next_cursor`` is null on the last one."""

    items: list[AuditEntryShape]
    next_cursor: str | None


async def entries(tenant_id: str, query: AuditQuery) -> AuditPage:
    """A page of the tenant's entries, newest first."""
    before = None if query.cursor is None else _number(query.cursor)
    found = await page(tenant_id, before, query.actor, query.action, query.limit + 1)
    items = [_shape(each) for each in found[: query.limit]]
    cursor = str(items[-1].number) if len(found) > query.limit else None
    return AuditPage(items=items, next_cursor=cursor)


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 19):
        raise FlowForgeError(
            ErrorCode.INVALID_REQUEST,
            "The cursor is not one of ours.",
            field="cursor",
            hint="Use next_cursor as it was given.",
        )
    return int(cursor)


def _shape(linked: Linked) -> AuditEntryShape:
    entry = linked.entry
    columns = {name: getattr(entry, name) for name in AuditEntryShape.model_fields if name != "hash"}
    return AuditEntryShape(**columns, hash=linked.mac.hex())
