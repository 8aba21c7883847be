"""Making, listing and revoking embed keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import orjson

from flowforge.auth.embed_keys import forget_key, hash_of, new_secret
from flowforge.embed.shapes import CreatedKey, KeyCreate, KeyPage, KeyShape
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import parse_graph
from flowforge.metadata import embed_keys as stored
from flowforge.metadata.embed_keys import StoredKey
from flowforge.metadata.graphs import read_widget
from flowforge.results.filters import Filter
from flowforge.results.locks import locks_of, shown_columns
from flowforge.results.paging import ListQuery, cursor_at, position_of
from flowforge.tenancy import Access, Caller

LONGEST = timedelta(days=365 * 100)


async def create_key(caller: Caller, access: Access, wanted: KeyCreate) -> CreatedKey:
    """Make a key. 404 for a widget that is not the tenant's, 422 for a lock that does not fit each widget."""
    _require_future(wanted.expires_at)
    for widget_id in wanted.widget_ids:
        await _require_locks_fit(access, widget_id, wanted.locked_filters)
    key_id = uuid4()
    secret = new_secret(key_id)
    key = StoredKey(
        id=key_id,
        tenant_id=caller.tenant_id,
        name=wanted.name,
        secret_hash=hash_of(secret),
        widget_ids=tuple(sorted(set(wanted.widget_ids))),
        allowed_origins=tuple(wanted.allowed_origins),
        locked_filters=tuple(each.model_dump() for each in wanted.locked_filters),
        filterable_columns=None if wanted.filterable_columns is None else tuple(wanted.filterable_columns),
        expires_at=wanted.expires_at,
        created_by=caller.subject,
        created_at=datetime.now(UTC),
    )
    kept = replace(key, created_at=await stored.insert_key(caller, key))
    return CreatedKey(**_shape(kept).model_dump(), key=secret)


async def list_keys(tenant_id: str, query: ListQuery) -> KeyPage:
    """A page of the tenant's keys, newest first; no secrets."""
    after = None if query.cursor is None else position_of(query.cursor)
    found = await stored.list_keys(tenant_id, after, query.limit + 1)
    items = found[: query.limit]
    more = len(found) > query.limit
    cursor = cursor_at(items[-1].created_at, items[-1].id) if more else None
    return KeyPage(items=[_shape(key) for key in items], next_cursor=cursor)


async def read_key(tenant_id: str, key_id: UUID) -> KeyShape:
    """One key; 404 if the tenant has none of that id."""
    return _shape(await stored.read_owned_key(tenant_id, key_id))


async def revoke_key(caller: Caller, key_id: UUID) -> None:
    """End a key with its tokens and streams: here at once, elsewhere by event, and within a second in any case."""
    await stored.delete_key(caller, key_id)
    forget_key(key_id)


def _require_future(moment: datetime | None) -> None:
    if moment is None:
        return
    left = moment - datetime.now(UTC)
    if not timedelta(0) < left <= LONGEST:
        raise FlowForgeError(
            ErrorCode.INVALID_REQUEST,
            f"expires_at {'is in the past' if left <= timedelta(0) else 'is too far ahead'}.",
            field="expires_at",
            hint=f"Name a time within {LONGEST.days // 365} years, or leave it out for no end.",
        )


async def _require_locks_fit(access: Access, widget_id: UUID, locks: list[Filter]) -> None:
    widget = await read_widget(access.tenant_id, widget_id)
    if not locks:
        return
    graph = parse_graph(orjson.loads(widget.graph_text))
    await shown_columns(graph, widget.output_node_id, locks, access, {})


def _shape(key: StoredKey) -> KeyShape:
    return KeyShape(
        id=key.id,
        name=key.name,
        widget_ids=list(key.widget_ids),
        expires_at=key.expires_at,
        allowed_origins=list(key.allowed_origins),
        locked_filters=locks_of(key.locked_filters),
        filterable_columns=None if key.filterable_columns is None else list(key.filterable_columns),
        created_by=key.created_by,
        created_at=key.created_at,
    )
