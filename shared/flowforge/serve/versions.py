"""The routes about a workflow's saved states: list, read, restore, compare, and what a new one would touch."""

from __future__ import annotations

from flowforge.serve.call import Call, Reply, object_id
from flowforge.serve.editing import with_etag
from flowforge.serve.function import Function
from flowforge.workspace import workflows
from flowforge.workspace.diffing import DiffQuery, DiffResponse, diff
from flowforge.workspace.etags import optional_version
from flowforge.workspace.impact import ImpactRequest, ImpactResponse, impact
from flowforge.workspace.shapes import RestoreRequest, VersionPage, VersionQuery, VersionShape, WorkflowShape


def add_versions(function: Function, path: str) -> None:
    """``path/{id}/versions[/{n}]``, ``/restore``, ``/diff`` and ``/impact``."""

    @function.get(f"{path}/{{id}}/versions", query=VersionQuery, answer=VersionPage)
    async def list_versions(call: Call, query: VersionQuery) -> VersionPage:
        """A page of a workflow's saved states, newest first."""
        return await workflows.list_versions(call.caller.tenant_id, object_id(call, "workflow"), query)

    @function.get(f"{path}/{{id}}/versions/{{version:int}}", answer=VersionShape)
    async def read_version(call: Call) -> VersionShape:
        """One saved state of a workflow."""
        return await workflows.read_version(
            call.caller.tenant_id, object_id(call, "workflow"), int(call.path["version"])
        )

    @function.post(f"{path}/{{id}}/restore", body=RestoreRequest, answer=WorkflowShape, role="analyst")
    async def restore_version(call: Call, wanted: RestoreRequest) -> Reply:
        """Save an earlier state again, as a new version; honours If-Match."""
        demanded = optional_version(call.headers.get("if-match"))
        found = object_id(call, "workflow")
        return with_etag(await workflows.restore_version(call.caller, found, wanted.version, demanded))

    @function.get(f"{path}/{{id}}/diff", query=DiffQuery, answer=DiffResponse)
    async def compare_versions(call: Call, query: DiffQuery) -> DiffResponse:
        """What one version means that another does not: nodes, settings, wires, SQL, output columns."""
        return await diff(call.access, object_id(call, "workflow"), query)

    @function.post(f"{path}/{{id}}/impact", body=ImpactRequest, answer=ImpactResponse)
    async def foresee(call: Call, request: ImpactRequest) -> ImpactResponse:
        """Which widgets, dashboards and embeds a graph would touch, were it saved, and which would break."""
        return await impact(call.access, object_id(call, "workflow"), request.graph)

    @function.get(f"{path}/{{id}}/impact", answer=ImpactResponse)
    async def look_at_broken(call: Call) -> ImpactResponse:
        """Which widgets, dashboards and embeds of the saved graph are broken as it is."""
        return await impact(call.access, object_id(call, "workflow"))
