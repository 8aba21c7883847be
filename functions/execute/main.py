"""execute: a workflow's result, page by page or as a whole."""

from __future__ import annotations

from flowforge.execute import ExecuteRequest, ExecuteResponse, page, whole
from flowforge.serve import Call, Function, Stream

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


execute = function.target()
