"""relay: tells the viewers of dashboards and executions what has changed, as it changes."""

from __future__ import annotations

from flowforge.live import handling, opening
from flowforge.live.relay import dismiss, start
from flowforge.live.session import Session
from flowforge.live.shapes import ResumeQuery, StreamQuery, resume_from
from flowforge.live.tickets import TicketRequest, TicketResponse, issue
from flowforge.serve import Call, EventStream, Function, Knock, uuid_of
from flowforge_events import WIRE

function = Function("relay", wire=WIRE)
function.at_start(start)
function.at_end(dismiss)


@function.post("/api/v1/stream/ticket", body=TicketRequest, answer=TicketResponse)
async def issue_ticket(call: Call, wanted: TicketRequest) -> TicketResponse:
    """A ticket that opens one WebSocket within 30 seconds."""
    return await issue(call.caller, wanted)


@function.get("/api/v1/stream", query=StreamQuery, media_types=("text/event-stream",))
async def stream_dashboard(call: Call, query: StreamQuery) -> EventStream:
    """A dashboard's live feed as server-sent events; `Last-Event-ID` resumes it."""
    return EventStream(
        await opening.watch_dashboard(call.caller, query.dashboard, resume_from(call.headers, call.query))
    )


@function.get(
    "/api/v1/embed/{widget_id}/stream",
    query=ResumeQuery,
    proof="embed",
    media_types=("text/event-stream",),
)
async def stream_embedded(call: Call, _: ResumeQuery) -> EventStream:
    """An embedded widget's live feed; it ends with the token that opened it."""
    return EventStream(await opening.watch_embedded(call.grant, resume_from(call.headers, call.query)))


@function.socket("/ws/dashboard/{id}")
async def watch_dashboard(knock: Knock) -> Session:
    """The same feed over a WebSocket."""
    dashboard = uuid_of(knock.path["id"], "dashboard")
    return await opening.dashboard_by_ticket(knock.protocols, dashboard, resume_from({}, knock.query))


@function.socket("/ws/executions/{id}")
async def watch_execution(knock: Knock) -> Session:
    """How an execution fares, over a WebSocket."""
    execution = uuid_of(knock.path["id"], "execution")
    return await opening.execution_by_ticket(knock.protocols, execution, resume_from({}, knock.query))


function.event("flowforge.data.changed.v1", once=False)(handling.data_changed)
function.event("flowforge.schema.changed.v1", once=False)(handling.schema_changed)
function.event("flowforge.workflow.saved.v1", "flowforge.workflow.deleted.v1", once=False)(
    handling.workflow_changed
)
function.event("flowforge.dashboard.changed.v1", once=False)(handling.dashboard_changed)
function.event(
    "flowforge.execution.started.v1",
    "flowforge.execution.completed.v1",
    "flowforge.execution.failed.v1",
    once=False,
)(handling.execution_changed)
function.event("flowforge.alert.raised.v1", once=False)(handling.alert_raised)
function.event("flowforge.tenant.access_changed.v1", once=False)(handling.access_changed)
function.event("flowforge.embedkey.revoked.v1", once=False)(handling.key_revoked)

relay = function.target()
