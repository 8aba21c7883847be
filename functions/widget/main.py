"""widget: the data of one widget, or of a whole dashboard in one answer."""

from __future__ import annotations

from flowforge.serve import Call, Function, object_id
from flowforge.widgets import (
    DashboardDataRequest,
    DashboardDataResponse,
    WidgetDataQuery,
    WidgetDataResponse,
    dashboard_data,
    embedded_data,
    widget_data,
)
from flowforge_events import WIRE

function = Function("widget", wire=WIRE, at_rest=("flowforge.compiler",))


@function.get("/api/v1/widgets/{id}/data", query=WidgetDataQuery, answer=WidgetDataResponse, cancellable=True)
async def one_widget(call: Call, query: WidgetDataQuery) -> bytes:
    """Rows, chart spec and as-of time of a widget."""
    return await widget_data(call.access, object_id(call, "widget"), query)


@function.get(
    "/api/v1/embed/{widget_id}/data",
    query=WidgetDataQuery,
    answer=WidgetDataResponse,
    proof="embed",
    cancellable=True,
)
async def embedded_widget(call: Call, query: WidgetDataQuery) -> bytes:
    """A widget's data in another page's frame, under the locks of its key and token."""
    return await embedded_data(call.access, call.grant, query)


@function.post(
    "/api/v1/dashboards/{id}/data", body=DashboardDataRequest, answer=DashboardDataResponse, cancellable=True
)
async def whole_dashboard(call: Call, request: DashboardDataRequest) -> bytes:
    """All widgets of a dashboard, each with a status of its own."""
    return await dashboard_data(call.access, object_id(call, "dashboard"), request)


widget = function.target()
