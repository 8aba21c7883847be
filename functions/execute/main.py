"""execute: a workflow's result, page by page, as a whole, or kept; and files that become tables to work with."""

from __future__ import annotations

from collections.abc import AsyncIterator

from flowforge.execute import ExecuteRequest, ExecuteResponse, executions, page, whole
from flowforge.serve import Call, Function, ReceivedEvent, Reply, Stream, object_id
from flowforge.uploads import CommitRequest, CommitResponse, UploadQuery, UploadResponse, commit, upload
from flowforge_events import WIRE

CSV, ARROW = "text/csv", "application/vnd.apache.arrow.stream"
CSV_SENT = "text/csv; charset=utf-8"
DOWNLOAD = {"content-disposition": "attachment"}
EXECUTIONS = "/api/v1/executions"

function = Function("execute", wire=WIRE, soon=("flowforge.compiler",))


@function.post(
    "/api/v1/execute",
    body=ExecuteRequest,
    answer=ExecuteResponse,
    media_types=(CSV, ARROW),
    cancellable=True,
)
async def execute_workflow(call: Call, request: ExecuteRequest) -> bytes | Stream:
    """A page as JSON; with `Accept: text/csv` or an Arrow stream, the whole result."""
    if call.accepts == CSV:
        return Stream(CSV_SENT, await whole(call.access, request, "csv"), DOWNLOAD)
    if call.accepts == ARROW:
        return Stream(ARROW, await whole(call.access, request, "arrow"), DOWNLOAD)
    return await page(call.access, request)


@function.post(EXECUTIONS, body=executions.ExecutionRequest, answer=executions.ExecutionShape, status=202)
async def request_execution(call: Call, request: executions.ExecutionRequest) -> Reply:
    """Have the whole result worked out and kept; it outlives the connection and scaling to zero."""
    made = await executions.request_execution(call.caller, call.access, request)
    return Reply(made, 202, {"location": f"{EXECUTIONS}/{made.id}"})


@function.get(EXECUTIONS, query=executions.ExecutionListQuery, answer=executions.ExecutionPage)
async def list_executions(call: Call, query: executions.ExecutionListQuery) -> executions.ExecutionPage:
    """The tenant's executions, newest first."""
    return await executions.list_executions(call.access, query)


@function.get(f"{EXECUTIONS}/{{id}}", answer=executions.ExecutionShape)
async def read_execution(call: Call) -> executions.ExecutionShape:
    """How far an execution is."""
    return await executions.read_execution(call.access, object_id(call, "execution"))


@function.get(
    f"{EXECUTIONS}/{{id}}/result",
    query=executions.ResultQuery,
    answer=executions.ResultResponse,
    media_types=(CSV, ARROW),
)
async def read_result(call: Call, query: executions.ResultQuery) -> bytes | Stream:
    """A page of a kept result as JSON; with `Accept: text/csv` or an Arrow stream, all of it."""
    found = object_id(call, "execution")
    if call.accepts == CSV:
        return Stream(CSV_SENT, await executions.result_stream(call.access, found, "csv"), DOWNLOAD)
    if call.accepts == ARROW:
        return Stream(ARROW, await executions.result_stream(call.access, found, "arrow"), DOWNLOAD)
    return await executions.result_page(call.access, found, query)


@function.delete(f"{EXECUTIONS}/{{id}}", status=204)
async def end_execution(call: Call) -> None:
    """Cancel a run, down to the engine; remove the result of one that has ended."""
    await executions.end(call.caller, call.access, object_id(call, "execution"))


@function.event("flowforge.execution.requested.v1", once=False)  # a run is claimed in its own row
async def run_execution(event: ReceivedEvent) -> None:
    """Run it in this request and keep the result."""
    await executions.run_requested(event)


@function.post(
    "/api/v1/uploads",
    query=UploadQuery,
    answer=UploadResponse,
    status=201,
    role="analyst",
    takes_file=True,
)
async def upload_file(call: Call, query: UploadQuery, body: AsyncIterator[bytes]) -> bytes:
    """Read a CSV or Parquet file, sent as the body: its typed columns and first rows. No table yet."""
    return await upload(call.caller, call.access, query, body)


@function.post(
    "/api/v1/uploads/{id}/commit", body=CommitRequest, answer=CommitResponse, status=201, role="analyst"
)
async def commit_upload(call: Call, request: CommitRequest) -> CommitResponse:
    """Make an uploaded file a table of the database `uploads`, the tenant's own."""
    return await commit(call.caller, call.access, object_id(call, "upload"), request)


execute = function.target()
