"""``POST /api/v1/executions``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flowforge.auth import require_registered
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.execute.execute import whole_plan
from flowforge.execute.executions.cleaning import clean_now_and_then
from flowforge.execute.executions.entitled import reads_of
from flowforge.execute.executions.shapes import ExecutionRequest, ExecutionShape
from flowforge.metadata.executions import Wanted, create
from flowforge.metadata.graphs import read_graph
from flowforge.quotas import limits_of
from flowforge.schema import catalog_for
from flowforge.settings import settings
from flowforge.stores.kept import require_place
from flowforge.tenancy import Access, Caller
from flowforge.types import to_json

RETRY_SECONDS = 10


async def request_execution(caller: Caller, access: Access, request: ExecutionRequest) -> ExecutionShape:
    """Keep the question and have it run; what is wrong with the graph is said at once.

    The graph is kept as it is now: a workflow that is saved again meanwhile does not change the run.
    """
    require_registered(access)
    require_place()
    document: Any = request.graph
    if request.workflow_id is not None:
        document = await read_graph(access.tenant_id, request.workflow_id)
    moment = datetime.now(UTC)
    asked = request.model_copy(update={"graph": document, "workflow_id": None})
    plan, ignored = await whole_plan(access, asked, as_of=moment)
    question = asked.model_dump(
        mode="json", include={"graph", "target_node_id", "filters", "params", "use_rollups"}
    )
    question |= {
        "workflow_id": None if request.workflow_id is None else str(request.workflow_id),
        "filters_ignored": list(ignored),
        "as_of": moment.isoformat(),
    }
    wanted = Wanted(
        access.tenant_id,
        caller.subject,
        question,
        reads_of(plan, await catalog_for(access)),
        access.version,
        plan.plan_hash,
        settings().execution_keep_hours,
    )
    most = (await limits_of(access.tenant_id)).unfinished_executions
    made = await create(wanted, most)
    if made is None:
        raise FlowForgeError(
            ErrorCode.RATE_LIMITED,
            f"{most} executions of your tenant wait or run already.",
            hint="Wait for one of them, or cancel it.",
            retry_after=RETRY_SECONDS,
        )
    await clean_now_and_then()
    return ExecutionShape.of(made).model_copy(update={"columns": to_json(plan.columns)})
