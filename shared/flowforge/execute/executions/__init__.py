"""Runs whose result is kept: asked for now, run when the broker delivers them, read for a day.

``POST /api/v1/executions`` writes a row and, in the same transaction, ``execution.requested``; a Trigger
brings that back to this function, which runs it inside the delivery and so outlives scaling to zero.
"""

from flowforge.execute.executions.reading import (
    ExecutionListQuery,
    ResultQuery,
    end,
    list_executions,
    read_execution,
    result_page,
    result_stream,
)
from flowforge.execute.executions.requesting import request_execution
from flowforge.execute.executions.running import run_requested
from flowforge.execute.executions.shapes import (
    ExecutionPage,
    ExecutionRequest,
    ExecutionShape,
    ResultResponse,
)

__all__ = [
    "ExecutionListQuery",
    "ExecutionPage",
    "ExecutionRequest",
    "ExecutionShape",
    "ResultQuery",
    "ResultResponse",
    "end",
    "list_executions",
    "read_execution",
    "request_execution",
    "result_page",
    "result_stream",
    "run_requested",
]
