"""The audit log: who changed what and who was given which data, in chains that show every tampering."""

from flowforge.audit.listing import AuditPage, AuditQuery, entries
from flowforge.audit.operators import pipeline_failed, records_quarantined
from flowforge.audit.record import record_alert, record_entry

__all__ = [
    "AuditPage",
    "AuditQuery",
    "entries",
    "pipeline_failed",
    "record_alert",
    "record_entry",
    "records_quarantined",
]
