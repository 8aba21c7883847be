"""Dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.metadata.session import transaction
from flowforge.metadata.tables import Dashboard, Widget
from flowforge.tenancy import Caller
from flowforge.workspace.announcing import dashboard_changed
from flowforge.workspace.etags import check
from flowforge.workspace.paging import ListQuery
from flowforge.workspace.rows import add, listed, owned, revise
from flowforge.workspace.shapes import (
    DashboardCreate,
    DashboardPage,
    DashboardShape,
    DashboardSummary,
    DashboardUpdate,
    WidgetShape,
)


async def list_dashboards(tenant_id: str, query: ListQuery) -> DashboardPage:
    """A page of the tenant's dashboards, newest first."""
    items, cursor = await listed(Dashboard, tenant_id, query)
    return DashboardPage(items=[DashboardSummary.model_validate(each) for each in items], next_cursor=cursor)


async def create_dashboard(caller: Caller, wanted: DashboardCreate) -> DashboardShape:
    """Make an empty dashboard."""
    async with transaction() as session:
        dashboard = Dashboard(tenant_id=caller.tenant_id, created_by=caller.subject, **wanted.model_dump())
        await add(session, dashboard)
        dashboard_changed(session, caller, "dashboard.create", dashboard.id)
        return _shape(dashboard, [])


async def read_dashboard(tenant_id: str, dashboard_id: UUID) -> DashboardShape:
    """A dashboard with its widgets, oldest first; 404 if the tenant has none of that id."""
    async with transaction() as session:
        dashboard = await owned(session, Dashboard, tenant_id, dashboard_id)
        return _shape(dashboard, await widgets_of(session, dashboard))


async def update_dashboard(
    caller: Caller, dashboard_id: UUID, wanted: DashboardUpdate, demanded: int | None
) -> DashboardShape:
    """Change what was sent; 412 if somebody else was quicker."""
    async with transaction() as session:
        dashboard = await owned(session, Dashboard, caller.tenant_id, dashboard_id, lock=True)
        check(dashboard.version, demanded)
        for name in wanted.model_fields_set:
            value = getattr(wanted, name)
            if value is not None or name == "refresh_seconds":
                setattr(dashboard, name, value)
        await revise(session, dashboard)
        dashboard_changed(session, caller, "dashboard.update", dashboard.id)
        return _shape(dashboard, await widgets_of(session, dashboard))


async def delete_dashboard(caller: Caller, dashboard_id: UUID, demanded: int | None) -> None:
    """Delete a dashboard with its widgets."""
    async with transaction() as session:
        dashboard = await owned(session, Dashboard, caller.tenant_id, dashboard_id, lock=True)
        check(dashboard.version, demanded)
        shown = [widget.id for widget in await widgets_of(session, dashboard)]
        dashboard_changed(session, caller, "dashboard.delete", dashboard.id, shown)
        await session.delete(dashboard)


async def widgets_of(session: AsyncSession, dashboard: Dashboard) -> Sequence[Widget]:
    """The dashboard's widgets, oldest first."""
    found = await session.scalars(
        select(Widget)
        .where(Widget.tenant_id == dashboard.tenant_id, Widget.dashboard_id == dashboard.id)
        .order_by(Widget.created_at, Widget.id)
    )
    return found.all()


def _shape(dashboard: Dashboard, widgets: Sequence[Widget]) -> DashboardShape:
    return DashboardShape(
        **DashboardSummary.model_validate(dashboard).model_dump(),
        widgets=[WidgetShape.model_validate(widget) for widget in widgets],
    )
