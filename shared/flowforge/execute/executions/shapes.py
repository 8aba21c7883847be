"""What executions take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from flowforge.execute.execute import ExecuteRequest, ExecuteResponse
from flowforge.metadata.executions import Execution

Status = Literal["requested", "running", "completed", "failed", "cancelled"]


class ExecutionRequest(ExecuteRequest):
    """The body of ``execute``; the result is whole, so ``page`` and ``page_size`` mean nothing here."""


class ExecutionShape(BaseModel):
    """An execution; ``rows``, ``bytes`` and ``columns`` are those of its result once it is completed.

    ``error`` is the problem document of one that failed. ``expires_at`` is when result and status go.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: Status
    workflow_id: UUID | None
    target_node_id: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    attempts: int
    rows: int | None
    bytes: int | None
    elapsed_ms: float | None
    columns: list[dict[str, Any]] | None
    filters_ignored: list[str]
    plan_hash: str | None
    error: dict[str, Any] | None

    @staticmethod
    def of(found: Execution) -> ExecutionShape:
        """A row as the API shows it."""
        return ExecutionShape(
            id=found.id,
            status=found.status,  # type: ignore[arg-type]  # the table's own constraint
            workflow_id=found.question.get("workflow_id"),
            target_node_id=found.question["target_node_id"],
            created_by=found.created_by,
            created_at=found.created_at,
            started_at=found.started_at,
            finished_at=found.finished_at,
            expires_at=found.expires_at,
            attempts=found.attempt,
            rows=found.rows,
            bytes=found.bytes,
            elapsed_ms=None if found.elapsed_ms is None else round(found.elapsed_ms, 1),
            columns=found.columns,
            filters_ignored=found.question.get("filters_ignored", []),
            plan_hash=found.plan_hash,
            error=found.error,
        )


class ExecutionPage(BaseModel):
    """A page of executions, newest first; ``next_cursor`` is null on the last one."""

    items: list[ExecutionShape]
    next_cursor: str | None


class ResultResponse(ExecuteResponse):
    """One page of a kept result; ``total_rows`` are those of all pages."""

    execution_id: UUID
    total_rows: int
