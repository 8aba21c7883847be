"""What is on show, over all tenants: for whoever must know which widgets a change of data touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from flowforge.batching import Batching
from flowforge.metadata.pool import metadata_pool
from flowforge.records import dataclass

# Versions only rise, and a row that goes takes its version along: whatever is committed changes a sum.
_STATE = """
    SELECT
        (SELECT array[count(*), coalesce(sum(version), 0)] FROM widgets)
        || (SELECT array[count(*), coalesce(sum(version), 0)] FROM workflows)
        || (SELECT array[count(*), coalesce(sum(acl_version), 0)] FROM tenants) AS counts,
        greatest(
            (SELECT max(updated_at) FROM widgets), (SELECT max(updated_at) FROM workflows)
        ) AS newest
"""

_PINNED = """
    SELECT w.id, w.version, w.tenant_id, w.dashboard_id, w.workflow_id, w.output_node_id,
        f.version AS workflow_version
    FROM widgets w JOIN workflows f ON f.tenant_id = w.tenant_id AND f.id = w.workflow_id
"""

_GRAPHS = "SELECT id, version, graph FROM workflows WHERE id = ANY($1)"
_SHOWING = "SELECT id, dashboard_id FROM widgets WHERE tenant_id = $1 AND workflow_id = $2"
_DASHBOARDS = "SELECT id FROM dashboards WHERE id = ANY($1)"
_OWNED = """
    SELECT tenant_id, id
    FROM dashboards JOIN unnest($1::text[], $2::uuid[]) AS asked (tenant_id, id) USING (tenant_id, id)
"""
_ON_DASHBOARD = "SELECT id FROM widgets WHERE tenant_id = $1 AND dashboard_id = $2 ORDER BY created_at, id"
_DASHBOARD_OF = "SELECT dashboard_id FROM widgets WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A widget, and the version of the graph that it shows."""

    id: UUID
    version: int
    tenant_id: str
    dashboard_id: UUID
    workflow_id: UUID
    workflow_version: int
    output_node_id: str


async def state() -> tuple[Any, ...]:
    """Something that differs whenever a widget, a workflow or an entitlement has changed."""
    row = await (await metadata_pool()).fetch_one(_STATE)
    assert row is not None, "a SELECT without FROM has one row"
    return tuple(row["counts"]), row["newest"]


async def pinned_widgets() -> Sequence[Pinned]:
    """Every widget of every tenant, without its graph."""
    rows = await (await metadata_pool()).fetch(_PINNED)
    return [_pinned(row) for row in rows]


async def graphs(workflow_ids: Collection[UUID]) -> Mapping[UUID, tuple[int, str]]:
    """Version and graph (JSON text) of these workflows."""
    rows = await (await metadata_pool()).fetch(_GRAPHS, list(workflow_ids))
    return {row["id"]: (row["version"], row["graph"]) for row in rows}


async def widgets_showing(tenant_id: str, workflow_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """(widget, dashboard) of each widget that shows a workflow."""
    rows = await (await metadata_pool()).fetch(_SHOWING, tenant_id, workflow_id)
    return [(row["id"], row["dashboard_id"]) for row in rows]


async def owns_dashboard(tenant_id: str, dashboard_id: UUID) -> bool:
    """Whether the tenant has this dashboard. When a relay starts all of its viewers come back and ask at once."""
    return await _owned((tenant_id, dashboard_id))


async def _read_owned(asked: Sequence[tuple[str, UUID]]) -> Sequence[bool]:
    tenants, dashboards = zip(*asked, strict=True)
    rows = await (await metadata_pool()).fetch(_OWNED, tenants, dashboards)
    owned = {(row["tenant_id"], row["id"]) for row in rows}
    return [each in owned for each in asked]


_owned: Batching[tuple[str, UUID], bool] = Batching(_read_owned)


async def existing_dashboards(ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these dashboards that exist."""
    rows = await (await metadata_pool()).fetch(_DASHBOARDS, list(ids))
    return frozenset(row["id"] for row in rows)


async def widgets_on(tenant_id: str, dashboard_id: UUID) -> Sequence[UUID]:
    """The widgets of a dashboard, oldest first."""
    rows = await (await metadata_pool()).fetch(_ON_DASHBOARD, tenant_id, dashboard_id)
    return [row["id"] for row in rows]


async def dashboard_of(tenant_id: str, widget_id: UUID) -> UUID | None:
    """The dashboard that a widget of the tenant is on."""
    row = await (await metadata_pool()).fetch_one(_DASHBOARD_OF, tenant_id, widget_id)
    return None if row is None else row["dashboard_id"]


def _pinned(row: asyncpg.Record) -> Pinned:
    return Pinned(
        row["id"],
        row["version"],
        row["tenant_id"],
        row["dashboard_id"],
        row["workflow_id"],
        row["workflow_version"],
        row["output_node_id"],
    )
