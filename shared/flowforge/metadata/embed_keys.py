"""Embed keys: stored with the hash of their secret, never with the secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from flowforge.metadata.graphs import not_found
from flowforge.metadata.pool import metadata_pool
from flowforge.metadata.telling import telling
from flowforge.records import dataclass
from flowforge.tenancy import Caller

REVOKED = "flowforge.embedkey.revoked.v1"

_SELECT = """
    SELECT k.*, ARRAY(
        SELECT w.widget_id FROM embed_key_widgets w
        WHERE w.tenant_id = k.tenant_id AND w.key_id = k.id ORDER BY w.widget_id
    ) AS widget_ids
    FROM embed_keys k
"""
_ONE = _SELECT + " WHERE k.id = $1"
_OWNED = _SELECT + " WHERE k.tenant_id = $1 AND k.id = $2"
_LIST = (
    _SELECT
    + """
    WHERE k.tenant_id = $1 AND ($2::timestamptz IS NULL OR (k.created_at, k.id) < ($2, $3::uuid))
    ORDER BY k.created_at DESC, k.id DESC LIMIT $4
"""
)
_INSERT = """
    INSERT INTO embed_keys (id, tenant_id, name, secret_hash, allowed_origins, locked_filters,
        filterable_columns, expires_at, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING created_at
"""
_INSERT_WIDGETS = """
    INSERT INTO embed_key_widgets (tenant_id, key_id, widget_id) SELECT $1, $2, unnest($3::uuid[])
"""
_DELETE = "DELETE FROM embed_keys WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is kept. ``filterable_columns`` None: whatever the widget shows."""

    id: UUID
    tenant_id: str
    name: str
    secret_hash: bytes
    widget_ids: tuple[UUID, ...]
    allowed_origins: tuple[str, ...]
    locked_filters: tuple[dict[str, Any], ...]
    filterable_columns: tuple[str, ...] | None
    expires_at: datetime | None
    created_by: str
    created_at: datetime

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


async def insert_key(caller: Caller, key: StoredKey) -> datetime:
    """Keep a new key; gives when. 409 when one of its widgets went away in this very moment."""
    async with telling() as open_:
        created_at: datetime = await open_.connection.fetchval(
            _INSERT,
            key.id,
            caller.tenant_id,
            key.name,
            key.secret_hash,
            _json(key.allowed_origins),
            _json(key.locked_filters),
            None if key.filterable_columns is None else _json(key.filterable_columns),
            key.expires_at,
            caller.subject,
        )
        await open_.connection.execute(_INSERT_WIDGETS, caller.tenant_id, key.id, list(key.widget_ids))
        await open_.record(caller, "embed_key.create", key.id)
    return created_at


async def delete_key(caller: Caller, key_id: UUID) -> None:
    """Revoke a key: it is gone, and ``embedkey.revoked`` says so; 404 if the tenant has none of that id."""
    async with telling() as open_:
        row = await open_.connection.fetchrow(_OWNED + " FOR UPDATE OF k", caller.tenant_id, key_id)
        if row is None:
            raise not_found("key", key_id)
        await open_.connection.execute(_DELETE, caller.tenant_id, key_id)
        await open_.announce(
            REVOKED,
            subject=str(key_id),
            tenant=caller.tenant_id,
            data={"key_id": str(key_id), "widget_ids": [str(each) for each in row["widget_ids"]]},
        )
        await open_.record(caller, "embed_key.revoke", key_id)


async def read_key(key_id: UUID) -> StoredKey | None:
    """The key of that id, whoever's it is; None once it is revoked."""
    row = await (await metadata_pool()).fetch_one(_ONE, key_id)
    return None if row is None else _stored(row)


async def read_owned_key(tenant_id: str, key_id: UUID) -> StoredKey:
    """The tenant's key of that id; 404 otherwise."""
    row = await (await metadata_pool()).fetch_one(_OWNED, tenant_id, key_id)
    if row is None:
        raise not_found("key", key_id)
    return _stored(row)


async def list_keys(tenant_id: str, after: tuple[datetime, UUID] | None, most: int) -> Sequence[StoredKey]:
    """At most ``most`` keys of the tenant, newest first, behind the position ``after``."""
    moment, key_id = after or (None, None)
    rows = await (await metadata_pool()).fetch(_LIST, tenant_id, moment, key_id, most)
    return [_stored(row) for row in rows]


def _stored(row: asyncpg.Record) -> StoredKey:
    columns = row["filterable_columns"]
    return StoredKey(
        id=row["id"],
        tenant_id=row["tenant_id"],
        name=row["name"],
        secret_hash=row["secret_hash"],
        widget_ids=tuple(row["widget_ids"]),
        allowed_origins=tuple(orjson.loads(row["allowed_origins"])),
        locked_filters=tuple(orjson.loads(row["locked_filters"])),
        filterable_columns=None if columns is None else tuple(orjson.loads(columns)),
        expires_at=row["expires_at"],
        created_by=row["created_by"],
        created_at=row["created_at"],
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
