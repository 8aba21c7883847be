"""``POST /api/v1/workflows/{id}/impact``: what saving a graph would do to those who show the workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ValidationError

from flowforge.catalog import Catalog
from flowforge.errors import ErrorCode, FlowForgeError, GraphError
from flowforge.graph import Graph, parse_graph
from flowforge.results import as_of_now
from flowforge.results.filters import Filter, applied
from flowforge.results.shapes import GraphDocument, Strict
from flowforge.schema import catalog_for
from flowforge.tenancy import Access
from flowforge.types import Schema, find
from flowforge.workspace.compiling import Compiled, SchemaDifference, compiled, schema_difference
from flowforge.workspace.shown import ShownKey, ShownWidget, shown_by
from flowforge.workspace.workflows import read_workflow

Effect = Literal["changes", "breaks"]


class ImpactRequest(Strict):
    """The graph that would be saved."""

    graph: GraphDocument


class Reason(BaseModel):
    """Why something breaks: an error code, a sentence, and the column or field that it is about."""

    code: str
    detail: str
    column: str | None = None
    field: str | None = None


class WidgetImpact(BaseModel):
    """A widget whose rows or columns would be others, or that would have none."""

    widget_id: UUID
    dashboard_id: UUID
    dashboard_name: str
    widget_type: str
    output_node_id: str
    effect: Effect
    reasons: list[Reason]
    columns: SchemaDifference


class DashboardImpact(BaseModel):
    """A dashboard with such widgets; it breaks if one of them does."""

    id: UUID
    name: str
    effect: Effect
    widget_ids: list[UUID]


class EmbedImpact(BaseModel):
    """An embed key that opens such widgets, or whose locked filters would no longer apply."""

    key_id: UUID
    name: str
    effect: Effect
    widget_ids: list[UUID]
    reasons: list[Reason]


class ImpactResponse(BaseModel):
    """What would be touched. ``safe``: nothing breaks; ``unchanged`` counts the widgets that stay as they are."""

    workflow_id: UUID
    version: int
    safe: bool
    unchanged: int
    widgets: list[WidgetImpact]
    dashboards: list[DashboardImpact]
    embeds: list[EmbedImpact]


@dataclass(frozen=True)
class _Change:
    """Both graphs, and what a tenant may read in them."""

    before: Graph
    after: Graph
    access: Access
    catalog: Catalog
    moment: datetime


async def impact(access: Access, workflow_id: UUID, graph: Mapping[str, Any] | None = None) -> ImpactResponse:
    """What a graph would touch; None is the saved one, so that only what is broken already shows."""
    saved = await read_workflow(access.tenant_id, workflow_id)
    before = parse_graph(saved.graph)
    after = before if graph is None else parse_graph(graph)
    change = _Change(before, after, access, await catalog_for(access), as_of_now())
    widgets, keys = await shown_by(access.tenant_id, workflow_id)
    looked_at = [(widget, await _widget(change, widget)) for widget in widgets]
    touched = [found for _, found in looked_at if found is not None]
    embeds = [found for key in keys if (found := _embed(change, key, widgets, touched)) is not None]
    return ImpactResponse(
        workflow_id=workflow_id,
        version=saved.version,
        safe=all(
            effect != "breaks"
            for effect in [each.effect for each in touched] + [each.effect for each in embeds]
        ),
        unchanged=len(widgets) - len(touched),
        widgets=touched,
        dashboards=_dashboards(touched),
        embeds=embeds,
    )


async def _widget(change: _Change, widget: ShownWidget) -> WidgetImpact | None:
    node = widget.output_node_id
    old = await _compiled(change, change.before, node)
    new = await _compiled(change, change.after, node)
    reasons = _broken(change.after, widget, new)
    same = old.plan_hash == new.plan_hash and old.plan_hash is not None
    if same and not reasons:
        return None
    return WidgetImpact(
        widget_id=widget.id,
        dashboard_id=widget.dashboard_id,
        dashboard_name=widget.dashboard_name,
        widget_type=widget.widget_type,
        output_node_id=node,
        effect="breaks" if reasons else "changes",
        reasons=reasons,
        columns=schema_difference(old.columns, new.columns),
    )


async def _compiled(change: _Change, graph: Graph, node_id: str) -> Compiled:
    return await compiled(graph, node_id, change.access, change.moment)


def _broken(graph: Graph, widget: ShownWidget, new: Compiled) -> list[Reason]:
    """Why the widget could no longer be drawn; nothing if it could."""
    if widget.output_node_id not in graph.nodes:
        detail = f"The node {widget.output_node_id!r}, which this widget shows, is not there any more."
        return [Reason(code=ErrorCode.UNKNOWN_NODE, detail=detail)]
    if new.problem is not None:
        return [_reason(new.problem)]
    assert new.columns is not None
    spec = {**graph.node(widget.output_node_id).data, **widget.config}
    if widget.widget_type == "table":
        return _missing_columns(widget.config.get("columns"), new.columns)
    return _not_drawable(widget.widget_type, spec, new.columns)


def _not_drawable(widget_type: str, spec: Mapping[str, Any], columns: Schema) -> list[Reason]:
    """The chart's own node type says which columns it needs, and of which types."""
    from flowforge.nodes import BY_KIND  # loads SQLGlot, which nothing else here needs

    kind = BY_KIND[widget_type]
    encodings = {name: spec[name] for name in kind.config.model_fields if name in spec}
    try:
        kind.infer(kind.config.model_validate(encodings), (columns,))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        return [Reason(code=ErrorCode.INVALID_CONFIG, detail=f"{field}: {first['msg']}.", field=field)]
    except GraphError as wrong:
        return [_reason(wrong.problem())]
    return []


def _missing_columns(wanted: Any, columns: Schema) -> list[Reason]:
    names = [name for name in wanted if isinstance(name, str)] if isinstance(wanted, list) else []
    return [
        Reason(code=ErrorCode.UNKNOWN_COLUMN, detail=f"There is no column {name!r} any more.", column=name)
        for name in names
        if find(columns, name) is None
    ]


def _embed(
    change: _Change, key: ShownKey, widgets: Sequence[ShownWidget], touched: Sequence[WidgetImpact]
) -> EmbedImpact | None:
    opened = [each for each in touched if each.widget_id in key.widget_ids]
    reasons: list[Reason] = []
    for widget in widgets:
        if widget.id in key.widget_ids and widget.output_node_id in change.after.nodes:
            reasons += _locks_that_fail(change, key, widget)
    if not opened and not reasons:
        return None
    broken = bool(reasons) or any(each.effect == "breaks" for each in opened)
    return EmbedImpact(
        key_id=key.id,
        name=key.name,
        effect="breaks" if broken else "changes",
        widget_ids=[each.widget_id for each in opened],
        reasons=reasons,
    )


def _locks_that_fail(change: _Change, key: ShownKey, widget: ShownWidget) -> list[Reason]:
    """A locked filter that cannot be applied refuses the widget (it must not show more than it may)."""
    locks = [Filter.model_validate(each) for each in key.locked_filters]
    try:
        ignored = applied(change.after, widget.output_node_id, locks, change.catalog).ignored
    except FlowForgeError as wrong:
        return [_reason(wrong.problem())]
    return [
        Reason(
            code=ErrorCode.UNKNOWN_COLUMN,
            detail=f"The locked filter on {column!r} could no longer be applied.",
            column=column,
        )
        for column in ignored
    ]


def _dashboards(touched: Sequence[WidgetImpact]) -> list[DashboardImpact]:
    found: dict[UUID, list[WidgetImpact]] = {}
    for each in touched:
        found.setdefault(each.dashboard_id, []).append(each)
    return [
        DashboardImpact(
            id=dashboard_id,
            name=widgets[0].dashboard_name,
            effect="breaks" if any(each.effect == "breaks" for each in widgets) else "changes",
            widget_ids=[each.widget_id for each in widgets],
        )
        for dashboard_id, widgets in found.items()
    ]


def _reason(problem: Mapping[str, Any]) -> Reason:
    return Reason(
        code=problem["code"],
        detail=problem["detail"],
        column=problem.get("column"),
        field=problem.get("field"),
    )
