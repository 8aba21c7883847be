"""execute: a workflow's result, page by page or as a whole; and files that become tables to work with."""

from __future__ import annotations

from collections.abc import AsyncIterator

from flowforge.execute import ExecuteRequest, ExecuteResponse, page, whole
from flowforge.serve import Call, Function, Stream, object_id
from flowforge.uploads import CommitRequest, CommitResponse, UploadQuery, UploadResponse, commit, upload

CSV, ARROW = "text/csv", "application/vnd.apache.arrow.stream"
DOWNLOAD = {"content-disposition": "attachment"}

function = Function("execute")


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
        return Stream("text/csv; charset=utf-8", await whole(call.access, request, "csv"), DOWNLOAD)
    if call.accepts == ARROW:
        return Stream(ARROW, await whole(call.access, request, "arrow"), DOWNLOAD)
    return await page(call.access, request)


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
    return await upload(call.access, query, body)


@function.post(
    "/api/v1/uploads/{id}/commit", body=CommitRequest, answer=CommitResponse, status=201, role="analyst"
)
async def commit_upload(call: Call, request: CommitRequest) -> CommitResponse:
    """Make an uploaded file a table of the database `uploads`, the tenant's own."""
    return await commit(call.access, object_id(call, "upload"), request)


execute = function.target()
