"""Widgets: which node of which workflow a dashboard shows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.errors import FlowForgeError
from flowforge.graph import parse_graph
from flowforge.metadata.graphs import not_found
from flowforge.metadata.session import transaction
from flowforge.metadata.tables import Dashboard, Widget, Workflow
from flowforge.tenancy import Caller
from flowforge.workspace.announcing import widget_changed
from flowforge.workspace.dashboards import widgets_of
from flowforge.workspace.etags import check
from flowforge.workspace.rows import add, owned, revise
from flowforge.workspace.shapes import WidgetCreate, WidgetPage, WidgetShape, WidgetUpdate


async def list_widgets(tenant_id: str, dashboard_id: UUID) -> WidgetPage:
    """All widgets of a dashboard; 404 if the tenant has no such dashboard."""
    async with transaction() as session:
        widgets = await widgets_of(session, await owned(session, Dashboard, tenant_id, dashboard_id))
    return WidgetPage(items=[WidgetShape.model_validate(each) for each in widgets], next_cursor=None)


async def create_widget(caller: Caller, dashboard_id: UUID, wanted: WidgetCreate) -> WidgetShape:
    """Pin a node to a dashboard; 404 if dashboard or workflow is not the tenant's."""
    async with transaction() as session:
        await owned(session, Dashboard, caller.tenant_id, dashboard_id)
        await _require_node(session, caller.tenant_id, wanted.workflow_id, wanted.output_node_id)
        widget = Widget(
            tenant_id=caller.tenant_id,
            dashboard_id=dashboard_id,
            created_by=caller.subject,
            **wanted.model_dump(),
        )
        await add(session, widget)
        widget_changed(session, caller, "widget.create", widget)
        return WidgetShape.model_validate(widget)


async def read_widget(tenant_id: str, widget_id: UUID) -> WidgetShape:
    """A widget; 404 if the tenant has none of that id."""
    async with transaction() as session:
        return WidgetShape.model_validate(await owned(session, Widget, tenant_id, widget_id))


async def update_widget(
    caller: Caller, widget_id: UUID, wanted: WidgetUpdate, demanded: int | None
) -> WidgetShape:
    """Change what was sent; 412 if somebody else was quicker."""
    async with transaction() as session:
        widget = await owned(session, Widget, caller.tenant_id, widget_id, lock=True)
        check(widget.version, demanded)
        changes = wanted.model_dump(exclude_none=True)
        if changes.keys() & {"workflow_id", "output_node_id"}:
            workflow_id = wanted.workflow_id or widget.workflow_id
            node_id = wanted.output_node_id or widget.output_node_id
            await _require_node(session, caller.tenant_id, workflow_id, node_id)
        for name, value in changes.items():
            setattr(widget, name, value)
        await revise(session, widget)
        widget_changed(session, caller, "widget.update", widget)
        return WidgetShape.model_validate(widget)


async def delete_widget(caller: Caller, widget_id: UUID, demanded: int | None) -> None:
    """Take a widget off its dashboard."""
    async with transaction() as session:
        widget = await owned(session, Widget, caller.tenant_id, widget_id, lock=True)
        check(widget.version, demanded)
        widget_changed(session, caller, "widget.delete", widget)
        await session.delete(widget)


async def _require_node(session: AsyncSession, tenant_id: str, workflow_id: UUID, node_id: str) -> None:
    graph = await session.scalar(
        select(Workflow.graph).where(Workflow.tenant_id == tenant_id, Workflow.id == workflow_id)
    )
    if graph is None:
        raise not_found("workflow", workflow_id)
    try:
        parse_graph(graph).node(node_id)
    except FlowForgeError as unknown:
        unknown.field = "output_node_id"
        raise
