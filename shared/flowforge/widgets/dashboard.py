"""``POST /api/v1/dashboards/{id}/data``."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.metadata.graphs import ShownWidget, read_dashboard_widgets
from flowforge.results.filters import Filter
from flowforge.results.shapes import Parameters, Strict
from flowforge.tenancy import Access
from flowforge.trace import trace_id
from flowforge.widgets.widget import WidgetDataResponse, data_of

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Queries of one dashboard that run at the same time."""


class DashboardDataRequest(Strict):
    """Filters and parameters for all widgets; ``widget_ids`` picks some of them."""

    filters: list[Filter] = Field(default=[], max_length=50)
    params: Parameters = Field(default={})
    widget_ids: list[UUID] | None = None


class WidgetResult(BaseModel):
    """One widget's data, or the problem that kept it from having any."""

    widget_id: UUID
    status: int
    data: WidgetDataResponse | None = None
    problem: dict[str, Any] | None = None


class DashboardDataResponse(BaseModel):
    """One result per widget, in the order in which they were made."""

    widgets: list[WidgetResult]


async def dashboard_data(access: Access, dashboard_id: UUID, request: DashboardDataRequest) -> bytes:
    """The JSON of a ``DashboardDataResponse``; a widget that fails does not fail the others."""
    widgets = await read_dashboard_widgets(access.tenant_id, dashboard_id)
    if request.widget_ids is not None:
        wanted = set(request.widget_ids)
        widgets = [widget for widget in widgets if widget.id in wanted]
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(widget: ShownWidget) -> bytes:
        async with turn:
            return await _result(access, widget, request)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(widget)) for widget in widgets]
    return b'{"widgets":[' + b",".join(task.result() for task in tasks) + b"]}"


async def _result(access: Access, widget: ShownWidget, request: DashboardDataRequest) -> bytes:
    try:
        data = await data_of(access, widget, request.filters, request.params)
    except FlowForgeError as error:
        return _failed(widget, error)
    except Exception:
        log.exception("Widget %s failed", widget.id)
        return _failed(widget, FlowForgeError(ErrorCode.INTERNAL, "Something went wrong on our side."))
    return b'{"widget_id":"%s","status":200,"data":%s}' % (str(widget.id).encode(), data)


def _failed(widget: ShownWidget, error: FlowForgeError) -> bytes:
    problem = error.problem() | {"trace_id": trace_id()}
    return orjson.dumps({"widget_id": str(widget.id), "status": error.status, "problem": problem})
