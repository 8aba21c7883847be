"""What the workspace takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from flowforge.results.shapes import GraphDocument, NodeId, Strict

WidgetType = Literal[
    "table",
    "line_chart",
    "bar_chart",
    "candlestick",
    "scatter",
    "kpi",
    "pivot_table",
    "heatmap",
    "treemap",
]


def _printable(name: str) -> str:
    if not name.strip():
        raise ValueError("must not be blank")
    if not name.isprintable():
        raise ValueError("must not hold control characters")
    return name


Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_printable)]
Layout = Annotated[list[dict[str, Any]] | dict[str, Any], Field(description="What the page's grid wrote.")]
RefreshSeconds = Annotated[int, Field(ge=1, le=86_400)]


class WorkflowCreate(Strict):
    """A new workflow."""

    name: Name
    graph: GraphDocument


class WorkflowUpdate(Strict):
    """What to change; the rest stays."""

    name: Name | None = None
    graph: GraphDocument | None = None


class VersionQuery(BaseModel):
    """``limit`` saved states older than the one that ``cursor`` numbers."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    cursor: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class RestoreRequest(Strict):
    """Which saved state to save again."""

    version: Annotated[int, Field(ge=1)]


class DashboardCreate(Strict):
    """A new dashboard."""

    name: Name
    layout: Layout = Field(default=[])
    refresh_seconds: RefreshSeconds | None = None


class DashboardUpdate(Strict):
    """What to change; the rest stays. A null ``refresh_seconds`` stops refreshing."""

    name: Name | None = None
    layout: Layout | None = None
    refresh_seconds: RefreshSeconds | None = None


class WidgetCreate(Strict):
    """A new widget: one node of one workflow."""

    workflow_id: UUID
    output_node_id: NodeId
    widget_type: WidgetType
    config: dict[str, Any] = Field(default={})
    position: dict[str, Any] = Field(default={})


class WidgetUpdate(Strict):
    """What to change; the rest stays."""

    workflow_id: UUID | None = None
    output_node_id: NodeId | None = None
    widget_type: WidgetType | None = None
    config: dict[str, Any] | None = None
    position: dict[str, Any] | None = None


class _Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _OwnedShape(_Shape):
    id: UUID
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime


class WorkflowSummary(_OwnedShape):
    """A workflow without its graph, as lists show it."""

    name: str


class WorkflowShape(WorkflowSummary):
    """A workflow."""

    graph: dict[str, Any]


class VersionSummary(_Shape):
    """One saved state of a workflow, without its graph."""

    version: int
    name: str
    saved_by: str
    saved_at: datetime


class VersionShape(VersionSummary):
    """One saved state of a workflow."""

    graph: dict[str, Any]


class WidgetShape(_OwnedShape):
    """A widget."""

    dashboard_id: UUID
    workflow_id: UUID
    output_node_id: str
    widget_type: str
    config: dict[str, Any]
    position: dict[str, Any]


class DashboardSummary(_OwnedShape):
    """A dashboard without its widgets, as lists show it."""

    name: str
    layout: Any
    refresh_seconds: int | None


class DashboardShape(DashboardSummary):
    """A dashboard with its widgets."""

    widgets: list[WidgetShape]


class WorkflowPage(BaseModel):
    """A page of a list; ``next_cursor`` is null on the last one."""

    items: list[WorkflowSummary]
    next_cursor: str | None


class VersionPage(BaseModel):
    """A page of a workflow's versions, newest first."""

    items: list[VersionSummary]
    next_cursor: str | None


class DashboardPage(BaseModel):
    """A page of a list."""

    items: list[DashboardSummary]
    next_cursor: str | None


class WidgetPage(BaseModel):
    """All widgets of a dashboard."""

    items: list[WidgetShape]
    next_cursor: str | None


class SymbolsUpdate(Strict):
    """The tenant's own restriction; ``"*"`` lifts it, an empty list means nothing at all."""

    symbols: list[str] | Literal["*"] | None = None
    tables: list[str] | Literal["*"] | None = None


class SymbolsShape(BaseModel):
    """Effective and granted entitlements; ``version`` is the ACL version."""

    tenant_id: str
    symbols: list[str] | Literal["*"]
    tables: list[str] | Literal["*"]
    granted_symbols: list[str] | Literal["*"]
    granted_tables: list[str] | Literal["*"]
    version: int


class MeShape(BaseModel):
    """Who the caller is."""

    tenant_id: str
    subject: str
    roles: list[str]
    symbols: list[str] | Literal["*"]
    tables: list[str] | Literal["*"]
