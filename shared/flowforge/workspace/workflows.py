"""Workflows and their versions. Every save keeps the state before it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import parse_graph
from flowforge.metadata.graphs import not_found
from flowforge.metadata.session import transaction
from flowforge.metadata.tables import Widget, Workflow, WorkflowVersion
from flowforge.tenancy import Caller
from flowforge.workspace.announcing import workflow_deleted, workflow_saved
from flowforge.workspace.etags import check
from flowforge.workspace.paging import ListQuery
from flowforge.workspace.rows import add, listed, owned, revise
from flowforge.workspace.shapes import (
    VersionPage,
    VersionQuery,
    VersionShape,
    VersionSummary,
    WorkflowCreate,
    WorkflowPage,
    WorkflowShape,
    WorkflowSummary,
    WorkflowUpdate,
)


async def list_workflows(tenant_id: str, query: ListQuery) -> WorkflowPage:
    """A page of the tenant's workflows, newest first."""
    items, cursor = await listed(Workflow, tenant_id, query)
    return WorkflowPage(items=[WorkflowSummary.model_validate(each) for each in items], next_cursor=cursor)


async def create_workflow(caller: Caller, wanted: WorkflowCreate) -> WorkflowShape:
    """Save a new workflow as version 1. The graph may be unfinished, but must be a graph."""
    parse_graph(wanted.graph)
    async with transaction() as session:
        workflow = Workflow(
            tenant_id=caller.tenant_id, name=wanted.name, graph=wanted.graph, created_by=caller.subject
        )
        await add(session, workflow)
        _keep(session, workflow, caller)
        workflow_saved(session, caller, "workflow.create", workflow)
        return WorkflowShape.model_validate(workflow)


async def read_workflow(tenant_id: str, workflow_id: UUID) -> WorkflowShape:
    """A workflow; 404 if the tenant has none of that id."""
    async with transaction() as session:
        return WorkflowShape.model_validate(await owned(session, Workflow, tenant_id, workflow_id))


async def update_workflow(
    caller: Caller, workflow_id: UUID, wanted: WorkflowUpdate, demanded: int | None
) -> WorkflowShape:
    """Change name or graph; 412 if somebody else was quicker. Every change is a new version."""
    if wanted.graph is not None:
        parse_graph(wanted.graph)
    async with transaction() as session:
        workflow = await owned(session, Workflow, caller.tenant_id, workflow_id, lock=True)
        check(workflow.version, demanded)
        workflow.name = wanted.name if wanted.name is not None else workflow.name
        workflow.graph = wanted.graph if wanted.graph is not None else workflow.graph
        await revise(session, workflow)
        _keep(session, workflow, caller)
        workflow_saved(session, caller, "workflow.update", workflow)
        return WorkflowShape.model_validate(workflow)


async def restore_version(
    caller: Caller, workflow_id: UUID, version: int, demanded: int | None
) -> WorkflowShape:
    """Save an earlier state again, as a new version: nothing between is lost. 404 for a version that is not."""
    async with transaction() as session:
        workflow = await owned(session, Workflow, caller.tenant_id, workflow_id, lock=True)
        check(workflow.version, demanded)
        found = await _version(session, caller.tenant_id, workflow_id, version)
        workflow.name, workflow.graph = found.name, found.graph
        await revise(session, workflow)
        _keep(session, workflow, caller)
        workflow_saved(session, caller, "workflow.restore", workflow)
        return WorkflowShape.model_validate(workflow)


async def delete_workflow(caller: Caller, workflow_id: UUID, demanded: int | None) -> None:
    """Delete a workflow with its versions; refused (409) while a widget shows it."""
    async with transaction() as session:
        workflow = await owned(session, Workflow, caller.tenant_id, workflow_id, lock=True)
        check(workflow.version, demanded)
        shown = await session.scalar(
            select(func.count())
            .select_from(Widget)
            .where(Widget.tenant_id == caller.tenant_id, Widget.workflow_id == workflow_id)
        )
        if shown:
            raise _on_show(shown)
        workflow_deleted(session, caller, workflow.id)
        await session.delete(workflow)
        try:
            await session.flush()
        except IntegrityError:  # a widget was made in this very moment
            raise _on_show(1) from None


async def list_versions(tenant_id: str, workflow_id: UUID, query: VersionQuery) -> VersionPage:
    """A page of the saved states, newest first."""
    versions = _versions(tenant_id, workflow_id).order_by(WorkflowVersion.version.desc())
    if query.cursor is not None:
        versions = versions.where(WorkflowVersion.version < query.cursor)
    async with transaction() as session:
        await owned(session, Workflow, tenant_id, workflow_id)
        found = (await session.scalars(versions.limit(query.limit + 1))).all()
    items = [VersionSummary.model_validate(each) for each in found[: query.limit]]
    more = len(found) > query.limit
    return VersionPage(items=items, next_cursor=str(items[-1].version) if more else None)


async def read_version(tenant_id: str, workflow_id: UUID, version: int) -> VersionShape:
    """One saved state; 404 if there is none of that number."""
    async with transaction() as session:
        return VersionShape.model_validate(await _version(session, tenant_id, workflow_id, version))


def _versions(tenant_id: str, workflow_id: UUID) -> Any:
    return select(WorkflowVersion).where(
        WorkflowVersion.tenant_id == tenant_id, WorkflowVersion.workflow_id == workflow_id
    )


async def _version(session: AsyncSession, tenant_id: str, workflow_id: UUID, version: int) -> WorkflowVersion:
    found: WorkflowVersion | None = await session.scalar(
        _versions(tenant_id, workflow_id).where(WorkflowVersion.version == version)
    )
    if found is None:
        raise not_found("version", version)
    return found


def _keep(session: AsyncSession, workflow: Workflow, caller: Caller) -> None:
    session.add(
        WorkflowVersion(
            tenant_id=workflow.tenant_id,
            workflow_id=workflow.id,
            version=workflow.version,
            name=workflow.name,
            graph=workflow.graph,
            saved_by=caller.subject,
        )
    )


def _on_show(widgets: int) -> FlowForgeError:
    return FlowForgeError(
        ErrorCode.CONFLICT,
        f"{widgets} widget{'s' if widgets > 1 else ''} on dashboards show this workflow.",
        hint="Remove the widgets first.",
    )
