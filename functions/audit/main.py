"""audit: writes down who changed what and who was given which data, and shows it to a tenant's admins."""

from __future__ import annotations

from flowforge.audit import (
    AuditPage,
    AuditQuery,
    entries,
    pipeline_failed,
    record_alert,
    record_entry,
    records_quarantined,
)
from flowforge.serve import Call, Function
from flowforge_events import WIRE

function = Function("audit", wire=WIRE)

# An entry knows its event by itself, in the transaction that writes it: no mark elsewhere can be ahead of it.
function.event("flowforge.audit.recorded.v1", once=False)(record_entry)
function.event("flowforge.alert.raised.v1", once=False)(record_alert)
# For operators; a line that is written twice does no harm.
function.event("flowforge.record.quarantined.v1", once=False)(records_quarantined)
function.event("flowforge.pipeline.failed.v1", once=False)(pipeline_failed)


@function.get("/api/v1/audit", query=AuditQuery, answer=AuditPage, role="admin")
async def list_entries(call: Call, query: AuditQuery) -> AuditPage:
    """A page of the tenant's audit log, newest first."""
    return await entries(call.caller.tenant_id, query)


audit = function.target()
