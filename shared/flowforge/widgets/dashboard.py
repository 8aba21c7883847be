"""``POST /api/v1/dashboards/{id}/data``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from pydantic import Field

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.metadata.graphs import ShownWidget, read_dashboard_widgets, read_widget
from flowforge.results.filters import Filter
from flowforge.results.shapes import Parameters, Shape, Strict
from flowforge.stores.edited import Seen, look
from flowforge.tenancy import Access
from flowforge.trace import trace_id
from flowforge.widgets.memory import Memory
from flowforge.widgets.resolved import Resolved, answered
from flowforge.widgets.widget import WidgetDataResponse, resolved

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Queries of one dashboard that run at the same time."""

_memory: Memory[Sequence[UUID]] = Memory()
"""The widgets of dashboards, by tenant and dashboard."""


class DashboardDataRequest(Strict):
    """Filters and parameters for all widgets; ``widget_ids`` picks some of them."""

    filters: list[Filter] = Field(default=[], max_length=50)
    params: Parameters = Field(default={})
    widget_ids: list[UUID] | None = None


class WidgetResult(Shape):
    """One widget's data, or the problem that kept it from having any."""

    widget_id: UUID
    status: int
    data: WidgetDataResponse | None = None
    problem: dict[str, Any] | None = None


class DashboardDataResponse(Shape):
    """One result per widget, in the order in which they were made."""

    widgets: list[WidgetResult]


async def dashboard_data(access: Access, dashboard_id: UUID, request: DashboardDataRequest) -> bytes:
    """The JSON of a ``DashboardDataResponse``; a widget that fails does not fail the others."""
    seen = await look(access.tenant_id)
    ids, loaded = await _widgets(access.tenant_id, dashboard_id, seen)
    if request.widget_ids is not None:
        wanted = set(request.widget_ids)
        ids = [each for each in ids if each in wanted]
    asked = orjson.dumps([[each.model_dump() for each in request.filters], request.params])
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(widget_id: UUID) -> bytes:
        async def resolve() -> Resolved:
            widget = loaded.get(widget_id) or await read_widget(access.tenant_id, widget_id)
            return await resolved(access, widget, request.filters, request.params)

        async with turn:
            question = ("on dashboard", widget_id, asked)
            return await _result(widget_id, answered(access, question, len(asked), resolve, seen))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(each)) for each in ids]
    return b'{"widgets":[' + b",".join(task.result() for task in tasks) + b"]}"


async def _widgets(
    tenant_id: str, dashboard_id: UUID, seen: Seen | None
) -> tuple[Sequence[UUID], Mapping[UUID, ShownWidget]]:
    """The ids of a dashboard's widgets, and those of them that were read for it."""
    key = (tenant_id, dashboard_id)
    known = _memory.recall(key)
    if known is not None and seen is not None and _memory.holds(key, known, seen):
        return known, {}
    widgets = await read_dashboard_widgets(tenant_id, dashboard_id)
    ids = tuple(widget.id for widget in widgets)
    if seen is not None:
        _memory.keep(key, ids, seen)
    return ids, {widget.id: widget for widget in widgets}


async def _result(widget_id: UUID, answering: Awaitable[bytes]) -> bytes:
    try:
        data = await answering
    except FlowForgeError as error:
        return _failed(widget_id, error)
    except Exception:
        log.exception("Widget %s failed", widget_id)
        return _failed(widget_id, FlowForgeError(ErrorCode.INTERNAL, "Something went wrong on our side."))
    return b'{"widget_id":"%s","status":200,"data":%s}' % (str(widget_id).encode(), data)


def _failed(widget_id: UUID, error: FlowForgeError) -> bytes:
    problem = error.problem() | {"trace_id": trace_id()}
    return orjson.dumps({"widget_id": str(widget_id), "status": error.status, "problem": problem})
