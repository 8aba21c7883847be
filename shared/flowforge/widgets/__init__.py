"""What a dashboard shows: the data of one widget, or of all of them in one answer."""

from flowforge.widgets.dashboard import DashboardDataRequest, DashboardDataResponse, dashboard_data
from flowforge.widgets.embedded import embedded_data
from flowforge.widgets.widget import WidgetDataQuery, WidgetDataResponse, widget_data

__all__ = [
    "DashboardDataRequest",
    "DashboardDataResponse",
    "WidgetDataQuery",
    "WidgetDataResponse",
    "dashboard_data",
    "embedded_data",
    "widget_data",
]
