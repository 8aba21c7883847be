"""The transactional outbox: an event is decided in the transaction of the change that it tells of.

Both are committed or neither is. ``serve`` sends what is here to the broker after the response, and
whatever a process left behind when it was killed is sent by the next one (``metadata.unsent``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.metadata.audited import AUDIT, audit_of
from flowforge.metadata.session import EDITED
from flowforge.metadata.tables import Outbox
from flowforge.metadata.waking import wake
from flowforge.tenancy import Caller
from flowforge.trace import current_trace


def announce(
    session: AsyncSession,
    kind: str,
    *,
    subject: str,
    tenant: str | None,
    data: Mapping[str, Any],
    component: str | None = None,
) -> None:
    """Put an event into the caller's transaction.

    ``kind`` is a type of the catalogue (``flowforge.workflow.saved.v1``), ``subject`` the id of what it
    is about, ``data`` JSON that the catalogue's model takes. ``component`` is who says so; the function
    itself (``K_SERVICE``) unless given.
    """
    trace = current_trace.get()
    if tenant is not None:
        session.info.setdefault(EDITED, set()).add(tenant)
    session.add(
        Outbox(
            kind=kind,
            component=component or os.environ.get("K_SERVICE", "flowforge"),
            subject=subject,
            tenant_id=tenant,
            data=dict(data),
            traceparent=trace.traceparent if trace else None,
        )
    )
    event.listen(session.sync_session, "after_commit", lambda _: wake(), once=True)


def record(session: AsyncSession, caller: Caller, action: str, subject: object) -> None:
    """Put the audit entry of a change into its transaction: who did what (``workflow.create``) to which object."""
    announce(
        session, AUDIT, subject=str(subject), tenant=caller.tenant_id, data=audit_of(caller, action, subject)
    )
