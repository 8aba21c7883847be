"""Running an execution inside the delivery of its event.

Once, however often it is delivered: an attempt is claimed and renewed while it runs (``metadata.claims``).
A delivery that finds another claimant waits for it, so that there is somebody to take over if it dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime
from typing import Literal
from uuid import UUID

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.execute.execute import streamed, whole_plan
from flowforge.execute.executions import parquet
from flowforge.execute.executions.cleaning import clean_now_and_then
from flowforge.execute.executions.entitled import reads_of
from flowforge.execute.executions.lease import hold
from flowforge.execute.executions.shapes import ExecutionRequest
from flowforge.metadata.access import read_access
from flowforge.metadata.claims import Busy, Outcome, claim, finish, pass_turn, release
from flowforge.metadata.executions import MAX_ATTEMPTS, Execution
from flowforge.quotas import limits_of
from flowforge.received import ReceivedEvent
from flowforge.schema import catalog_for
from flowforge.settings import settings
from flowforge.stores import Limits
from flowforge.stores.kept import kept
from flowforge.stores.share import BACKGROUND, Share, sharing
from flowforge.types import to_json

log = logging.getLogger(__name__)

ASK_AGAIN_SECONDS = 0.5


async def run_requested(event: ReceivedEvent) -> None:
    """Run it, if it still is to be run; its end is in its row and in an event.

    An error here has the event delivered again: a store is away, or this process is leaving.
    """
    claimed = await _claimed(str(event.tenant), UUID(event.data["execution_id"]))
    if claimed is None:
        return
    try:
        await _attempt(claimed)
    except (asyncio.CancelledError, FlowForgeError):
        await asyncio.shield(release(claimed))
        raise
    finally:
        await clean_now_and_then()


async def _claimed(tenant_id: str, execution_id: UUID) -> Execution | None:
    while True:
        try:
            return await claim(tenant_id, execution_id, (await limits_of(tenant_id)).executions)
        except Busy:
            await asyncio.sleep(ASK_AGAIN_SECONDS)


async def _attempt(claimed: Execution) -> None:
    work = asyncio.create_task(_outcome(claimed))
    held = asyncio.create_task(hold(claimed))
    try:
        await asyncio.wait({work, held}, return_when=asyncio.FIRST_COMPLETED)
        outcome = work.result() if work.done() else _ended(held.result())
    finally:
        for each in (work, held):
            each.cancel()
        await asyncio.gather(work, held, return_exceptions=True)
    place = kept(claimed.tenant_id, claimed.id)
    if outcome is None:
        log.info("Execution %s is no longer ours to run", claimed.id)
        await pass_turn(claimed.tenant_id)
    elif await finish(claimed, outcome, settings().execution_keep_hours) and outcome.error is None:
        place.keep_only(claimed.attempt)
        return
    place.discard(claimed.attempt)


def _ended(why: Literal["lost", "hidden"]) -> Outcome | None:
    """What becomes of a run whose claim ended before it did."""
    if why == "lost":
        return None
    return _failed(FlowForgeError(ErrorCode.NOT_FOUND, "What this reads is no longer your tenant's."))


async def _outcome(claimed: Execution) -> Outcome:
    if claimed.attempt > MAX_ATTEMPTS:
        return _failed(
            FlowForgeError(
                ErrorCode.FUNCTION_FAILED,
                f"The run was begun {MAX_ATTEMPTS} times and never came to an end.",
                hint="Filter or aggregate, so that it needs less memory.",
            )
        )
    try:
        return await _result(claimed)
    except FlowForgeError as error:
        if error.code is ErrorCode.STORE_UNAVAILABLE and claimed.attempt < MAX_ATTEMPTS:
            raise
        return _failed(error)
    except Exception:
        log.exception("Execution %s failed", claimed.id)
        return _failed(FlowForgeError(ErrorCode.INTERNAL, "Something went wrong on our side."))


async def _result(claimed: Execution) -> Outcome:
    """Run the question as it was asked, at its time, with the entitlements of now."""
    access = await read_access(claimed.tenant_id)
    asked = {
        name: claimed.question[name] for name in ExecutionRequest.model_fields if name in claimed.question
    }
    request = ExecutionRequest.model_validate({**asked, "workflow_id": None})
    moment = datetime.fromisoformat(claimed.question["as_of"])
    plan, _ = await whole_plan(access, request, as_of=moment)
    limits = Limits(settings().execution_seconds, settings().execution_memory_bytes)
    place = kept(claimed.tenant_id, claimed.id)
    arrow, draft = place.draft(claimed.attempt, "arrow"), place.draft(claimed.attempt, "draft")
    # It makes way; while nobody else is there it may use half of the engine.
    with sharing(Share(BACKGROUND, 2)):
        await parquet.spool(await streamed(plan, limits, "arrow"), arrow, settings().execution_max_bytes)
    written = await asyncio.to_thread(parquet.write, arrow, plan.columns, draft)
    with contextlib.suppress(FileNotFoundError):
        arrow.unlink()
    draft.replace(place.file(claimed.attempt))
    return Outcome(
        rows=written.rows,
        bytes=written.bytes,
        columns=to_json(plan.columns),
        reads=reads_of(plan, await catalog_for(access)),
    )


def _failed(error: FlowForgeError) -> Outcome:
    return Outcome(error=error.problem())
