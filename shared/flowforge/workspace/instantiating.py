"""``POST /api/v1/templates/{id}/instantiate``: a workflow of the tenant's own, and a dashboard that shows it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowforge.auth import require_registered
from flowforge.results.shapes import Strict
from flowforge.tenancy import Access, Caller
from flowforge.workspace.dashboards import create_dashboard, read_dashboard
from flowforge.workspace.newest import busiest_symbol, newest_days
from flowforge.workspace.shapes import (
    DashboardCreate,
    DashboardShape,
    Name,
    WidgetCreate,
    WorkflowCreate,
    WorkflowShape,
)
from flowforge.workspace.templates import Template, template
from flowforge.workspace.widgets import create_widget
from flowforge.workspace.workflows import create_workflow


class InstantiateRequest(Strict):
    """What to call it, and whether a dashboard is wanted too."""

    name: Name | None = None
    dashboard: bool = Field(default=True, description="Make a dashboard with the template's widgets.")


class InstantiateResponse(WorkflowShape):
    """The new workflow, and the dashboard that shows it, if one was wanted."""

    dashboard: DashboardShape | None


async def instantiate(
    caller: Caller, access: Access, template_id: str, wanted: InstantiateRequest
) -> InstantiateResponse:
    """Save the template's graph, its dates ending where the tenant's data end."""
    require_registered(access)
    found = template(template_id)
    name = wanted.name or found.name
    graph = {**found.graph, "parameters": await _parameters(access, found)}
    workflow = await create_workflow(caller, WorkflowCreate(name=name, graph=graph))
    dashboard = await _dashboard(caller, found, name, workflow) if wanted.dashboard else None
    return InstantiateResponse(**workflow.model_dump(), dashboard=dashboard)


async def _parameters(access: Access, found: Template) -> list[dict[str, Any]]:
    """The template's parameters with defaults that show the newest data; its own where there are none."""
    range_, symbol = found.details.range, found.details.symbol
    defaults: dict[str, Any] = {}
    period = None
    if range_ is not None:
        period = await newest_days(access, found.source(range_.source), range_.column, range_.days)
        if period is not None:
            defaults["from"], defaults["to"] = period
    if symbol is not None:
        column = range_.column if range_ is not None else None
        busiest = await busiest_symbol(access, found.source(symbol.source), column, period)
        if busiest is not None:
            defaults["symbol"] = busiest
    return [
        {**each, "default": defaults.get(each["name"], each["default"])} for each in found.graph["parameters"]
    ]


async def _dashboard(caller: Caller, found: Template, name: str, workflow: WorkflowShape) -> DashboardShape:
    made = await create_dashboard(caller, DashboardCreate(name=name))
    for each in found.details.dashboard:
        await create_widget(caller, made.id, WidgetCreate(workflow_id=workflow.id, **each.model_dump()))
    return await read_dashboard(caller.tenant_id, made.id)
