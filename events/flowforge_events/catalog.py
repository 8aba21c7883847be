"""Every event FlowForge emits: one pydantic model each, named ``flowforge.<noun>.<past verb>.v1``.

A model is the event's ``data``. Adding an event means adding a class here and nothing else:
``EVENTS`` collects them by type.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field


class EventData(BaseModel):
    """Data of one event type; unknown members are refused so that a typo cannot pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: ClassVar[str]
    tenant_scoped: ClassVar[bool] = False


EVENTS: dict[str, type[EventData]] = {}
"""Event classes by CloudEvent type."""


def event(kind: str, *, tenant_scoped: bool = False) -> Any:
    """Class decorator that enters a model into the catalogue under ``flowforge.<kind>``."""

    def register(cls: type[EventData]) -> type[EventData]:
        name = f"flowforge.{kind}"
        if name in EVENTS:
            raise ValueError(f"{name} is declared twice")
        cls.type = name
        cls.tenant_scoped = tenant_scoped
        EVENTS[name] = cls
        return cls

    return register


@event("data.changed.v1")
class DataChanged(EventData):
    """Rows of a serving-layer table were written. ``None`` for symbols or columns means all of them."""

    table: str = Field(description="database.table that was written")
    derived_tables: tuple[str, ...] = Field(
        (), description="tables that the same write changes through views"
    )
    symbols: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    watermark: datetime | None = Field(None, description="event time up to which the table is complete")
    rows: int = Field(0, ge=0)


@event("schema.changed.v1")
class SchemaChanged(EventData):
    """Tables or columns of one database appeared, went away or changed type."""

    database: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = Field((), description="table.column names")


@event("workflow.saved.v1", tenant_scoped=True)
class WorkflowSaved(EventData):
    """A workflow got a new version."""

    workflow_id: str
    version: int = Field(ge=1)
    content_hash: str


@event("workflow.deleted.v1", tenant_scoped=True)
class WorkflowDeleted(EventData):
    """A workflow was removed with all its versions."""

    workflow_id: str


@event("dashboard.changed.v1", tenant_scoped=True)
class DashboardChanged(EventData):
    """A dashboard's layout or widgets changed."""

    dashboard_id: str
    widget_ids: tuple[str, ...] = ()


@event("execution.requested.v1", tenant_scoped=True)
class ExecutionRequested(EventData):
    """Somebody asked for a run whose result is kept."""

    execution_id: str


@event("execution.started.v1", tenant_scoped=True)
class ExecutionStarted(EventData):
    """A requested run began."""

    execution_id: str


@event("execution.completed.v1", tenant_scoped=True)
class ExecutionCompleted(EventData):
    """A run ended with a result."""

    execution_id: str
    rows: int = Field(ge=0)
    elapsed_ms: float = Field(ge=0)


@event("execution.failed.v1", tenant_scoped=True)
class ExecutionFailed(EventData):
    """A run ended without a result; the code is one of the API's error codes."""

    execution_id: str
    code: str
    elapsed_ms: float = Field(ge=0)


@event("embedkey.revoked.v1", tenant_scoped=True)
class EmbedKeyRevoked(EventData):
    """An embed key must stop working within five seconds."""

    key_id: str
    widget_ids: tuple[str, ...] = ()


@event("tenant.access_changed.v1", tenant_scoped=True)
class TenantAccessChanged(EventData):
    """A tenant's entitlements changed; everything decided under an older version is decided again."""

    acl_version: int = Field(ge=1)


@event("alert.raised.v1")
class AlertRaised(EventData):
    """An anomaly was found in a symbol's spread, volume or price."""

    kind: Literal["spread", "volume", "price"]
    symbol: str
    value: str = Field(description="decimal as text")
    threshold: str = Field(description="decimal as text")
    window_start: datetime
    window_end: datetime


@event("record.quarantined.v1")
class RecordQuarantined(EventData):
    """Records were refused by validation; none is dropped without a count."""

    topic: str
    reason: str
    count: int = Field(ge=1)
    sample_id: str | None = None


@event("pipeline.failed.v1")
class PipelineFailed(EventData):
    """A scheduled job of the pipeline failed, its retries over, or took longer than it may."""

    job: str
    run: str
    task: str = Field("", description="step of the job; empty for the job as a whole")
    reason: str


@event("audit.recorded.v1", tenant_scoped=True)
class AuditRecorded(EventData):
    """Somebody changed something, or was given data. Reads of one minute may be one event."""

    actor: str
    action: str
    object: str
    at: datetime = Field(description="when it happened; of several reads, the first")
    count: int = Field(1, ge=1, description="how many reads this stands for")
    plan_hash: str | None = None
    rows: int | None = Field(None, ge=0, description="sum over all of them")
    elapsed_ms: float | None = Field(None, ge=0, description="sum over all of them")
