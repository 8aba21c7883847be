"""``GET /api/v1/widgets/{id}/data``."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import Graph, parse_graph
from flowforge.metadata.graphs import ShownWidget, read_widget
from flowforge.results import Question, ask, plan
from flowforge.results.filters import Filter
from flowforge.results.json_values import refuse_unusable
from flowforge.results.locks import locked
from flowforge.results.shapes import RowsResponse
from flowforge.schema import catalog_for
from flowforge.tenancy import Access
from flowforge.widgets.chart import chart_spec, rows_shown
from flowforge.widgets.resolved import Resolved, answered

if TYPE_CHECKING:
    from flowforge.compiler import Plan

MAX_FILTERS_TEXT = 20_000
MAX_GRAPHS = 512
FILTERS = TypeAdapter(list[Filter], config=ConfigDict(defer_build=True))
PARAMETERS = TypeAdapter(dict[str, Any])
_graphs: OrderedDict[tuple[UUID, int], Graph] = OrderedDict()
"""Parsed graphs by workflow and version, since a dashboard asks for the same ones again and again."""


class WidgetDataQuery(BaseModel):
    """Filters and parameters as JSON texts, so that the call stays a GET."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    filters: str = Field(default="[]", max_length=MAX_FILTERS_TEXT, description="JSON list of filters")
    params: str = Field(default="{}", max_length=MAX_FILTERS_TEXT, description="JSON object of parameters")


class WidgetDataResponse(RowsResponse):
    """Rows with the chart that draws them."""

    widget_id: UUID
    widget_type: str
    chart: dict[str, Any]
    filters_ignored: list[str]
    as_of: datetime


async def widget_data(access: Access, widget_id: UUID, query: WidgetDataQuery) -> bytes:
    """The JSON of a ``WidgetDataResponse``; 404 for another tenant's widget."""

    async def resolve() -> Resolved:
        filters = from_text(FILTERS, query.filters, "filters")
        params = from_text(PARAMETERS, query.params, "params")
        return await resolved(access, await read_widget(access.tenant_id, widget_id), filters, params)

    question = ("widget", widget_id, query.filters, query.params)
    return await answered(access, question, len(query.filters) + len(query.params), resolve)


async def resolved(
    access: Access,
    widget: ShownWidget,
    filters: Sequence[Filter],
    params: Mapping[str, Any],
    locks: Sequence[Filter] = (),
) -> Resolved:
    """What is to be asked for a widget that was read already; 422 if a lock cannot be applied."""
    graph = graph_of(widget)
    node = graph.node(widget.output_node_id)
    rows = rows_shown(widget.widget_type)

    async def compiling() -> tuple[Plan, bytes]:
        filtered = locked(graph, node.id, locks, filters, await catalog_for(access))
        try:
            compiled = await plan(
                filtered.graph, filtered.target, access=access, params=params, limit=rows + 1
            )
        except FlowForgeError as error:
            filtered.blame(error)
            raise
        head = {
            "widget_id": str(widget.id),
            "widget_type": widget.widget_type,
            "chart": chart_spec(widget.widget_type, node, widget.config),
            "filters_ignored": filtered.ignored,
        }
        return compiled, orjson.dumps(head)[1:-1] + b","

    conditions = [[each.model_dump() for each in some] for some in (locks, filters)]
    more = (str(widget.id), widget.widget_type, widget.config, conditions)
    asked = await ask(Question(access, "widget", graph, node.id, params, more), compiling)
    return Resolved(asked, await asked.address(), rows)


def graph_of(widget: ShownWidget) -> Graph:
    """The widget's graph, parsed once per version."""
    key = (widget.workflow_id, widget.workflow_version)
    graph = _graphs.get(key)
    if graph is None:
        graph = _graphs[key] = parse_graph(orjson.loads(widget.graph_text))
        if len(_graphs) > MAX_GRAPHS:
            _graphs.popitem(last=False)
    return graph


def from_text(adapter: TypeAdapter[Any], text: str, field: str) -> Any:
    """Read a query parameter that holds JSON; 422 names it."""
    try:
        value = adapter.validate_json(text)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        raise FlowForgeError(
            ErrorCode.INVALID_REQUEST, f"{field}: {first['msg']}.", field=field, hint="Send it as JSON text."
        ) from None
    refuse_unusable(adapter.dump_python(value), field)
    return value
