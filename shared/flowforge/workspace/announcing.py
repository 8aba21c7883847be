"""What the rest of the mesh and the audit learn of a change, in the transaction that makes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.graph import parse_graph
from flowforge.metadata.outbox import announce, record
from flowforge.metadata.tables import Widget, Workflow
from flowforge.tenancy import Caller


def workflow_saved(session: AsyncSession, caller: Caller, action: str, workflow: Workflow) -> None:
    """A workflow got a version; what depends on it is worked out again."""
    announce(
        session,
        "flowforge.workflow.saved.v1",
        subject=str(workflow.id),
        tenant=caller.tenant_id,
        data={
            "workflow_id": str(workflow.id),
            "version": workflow.version,
            "content_hash": content_hash(workflow.graph),
        },
    )
    record(session, caller, action, workflow.id)


def workflow_deleted(session: AsyncSession, caller: Caller, workflow_id: UUID) -> None:
    """A workflow is gone with all its versions."""
    announce(
        session,
        "flowforge.workflow.deleted.v1",
        subject=str(workflow_id),
        tenant=caller.tenant_id,
        data={"workflow_id": str(workflow_id)},
    )
    record(session, caller, "workflow.delete", workflow_id)


def dashboard_changed(
    session: AsyncSession, caller: Caller, action: str, dashboard_id: UUID, widget_ids: Iterable[UUID] = ()
) -> None:
    """A dashboard's layout changed, or it came or went; ``widget_ids`` are the widgets that did."""
    _changed(session, caller, dashboard_id, widget_ids)
    record(session, caller, action, dashboard_id)


def widget_changed(session: AsyncSession, caller: Caller, action: str, widget: Widget) -> None:
    """A widget came, changed or went: its dashboard shows something else."""
    _changed(session, caller, widget.dashboard_id, [widget.id])
    record(session, caller, action, widget.id)


def content_hash(graph: dict[str, object]) -> str:
    """SHA-256 of what the graph means: node positions and other looks leave it as it is."""
    parsed = parse_graph(graph)
    nodes = sorted((node.id, node.type, node.data) for node in parsed.nodes.values())
    edges = sorted((edge.source, edge.target, edge.target_handle or "") for edge in parsed.edges)
    content = orjson.dumps([nodes, edges, parsed.parameters], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()


def _changed(session: AsyncSession, caller: Caller, dashboard_id: UUID, widget_ids: Iterable[UUID]) -> None:
    announce(
        session,
        "flowforge.dashboard.changed.v1",
        subject=str(dashboard_id),
        tenant=caller.tenant_id,
        data={"dashboard_id": str(dashboard_id), "widget_ids": [str(each) for each in widget_ids]},
    )
