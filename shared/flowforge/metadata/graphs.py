"""Reading what a widget shows: graphs and widgets, on the path of every dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from flowforge.errors import AccessError, ErrorCode
from flowforge.metadata.pool import metadata_pool
from flowforge.records import dataclass

_GRAPH = "SELECT graph FROM workflows WHERE tenant_id = $1 AND id = $2"

_WIDGET = """
    SELECT w.id, w.output_node_id, w.widget_type, w.config, w.workflow_id, f.graph, f.version
    FROM widgets w
    JOIN workflows f ON f.tenant_id = w.tenant_id AND f.id = w.workflow_id
    WHERE w.tenant_id = $1
"""
_ONE_WIDGET = _WIDGET + " AND w.id = $2"
_WIDGETS_OF_DASHBOARD = _WIDGET + " AND w.dashboard_id = $2 ORDER BY w.created_at, w.id"

_DASHBOARD_EXISTS = "SELECT 1 FROM dashboards WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class ShownWidget:
    """A widget with the graph it shows. ``graph_text`` is the stored JSON, not yet parsed."""

    id: UUID
    workflow_id: UUID
    workflow_version: int
    output_node_id: str
    widget_type: str
    config: dict[str, Any]
    graph_text: str


async def read_graph(tenant_id: str, workflow_id: UUID) -> Any:
    """The graph document of a workflow; 404 if the tenant has none of that id."""
    row = await (await metadata_pool()).fetch_one(_GRAPH, tenant_id, workflow_id)
    if row is None:
        raise not_found("workflow", workflow_id)
    return orjson.loads(row["graph"])


async def read_widget(tenant_id: str, widget_id: UUID) -> ShownWidget:
    """A widget with its graph; 404 if the tenant has none of that id."""
    row = await (await metadata_pool()).fetch_one(_ONE_WIDGET, tenant_id, widget_id)
    if row is None:
        raise not_found("widget", widget_id)
    return _widget(row)


async def read_dashboard_widgets(tenant_id: str, dashboard_id: UUID) -> Sequence[ShownWidget]:
    """All widgets of a dashboard with their graphs; 404 if the tenant has no such dashboard."""
    pool = await metadata_pool()
    rows = await pool.fetch(_WIDGETS_OF_DASHBOARD, tenant_id, dashboard_id)
    if not rows and await pool.fetch_one(_DASHBOARD_EXISTS, tenant_id, dashboard_id) is None:
        raise not_found("dashboard", dashboard_id)
    return [_widget(row) for row in rows]


def not_found(kind: str, object_id: object) -> AccessError:
    """404: there is none, or it belongs to somebody else; the two look the same."""
    return AccessError(ErrorCode.NOT_FOUND, f"There is no {kind} {str(object_id)!r}.")


def _widget(row: asyncpg.Record) -> ShownWidget:
    return ShownWidget(
        row["id"],
        row["workflow_id"],
        row["version"],
        row["output_node_id"],
        row["widget_type"],
        orjson.loads(row["config"]),
        row["graph"],
    )
