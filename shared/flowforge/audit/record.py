"""From events to entries. An event that is delivered again is known by its source and id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flowforge.metadata.audit_chain import Entry
from flowforge.metadata.audit_log import INSTALLATION, append
from flowforge.received import ReceivedEvent
from flowforge.stores.anchors import anchors


async def record_entry(event: ReceivedEvent) -> None:
    """Write down an ``audit.recorded``."""
    data = event.data
    await _write(
        event,
        event.tenant or INSTALLATION,
        at=datetime.fromisoformat(data["at"]),
        actor=data["actor"],
        action=data["action"],
        object=data["object"],
        plan_hash=data["plan_hash"],
        count=data["count"],
        rows=data["rows"],
        elapsed_ms=data["elapsed_ms"],
    )


async def record_alert(event: ReceivedEvent) -> None:
    """Write down an ``alert.raised``: it belongs to the installation, not to a tenant."""
    data = event.data
    await _write(
        event,
        INSTALLATION,
        at=event.time,
        actor=event.source,
        action="alert.raise",
        object=f"{data['kind']} {data['symbol']}: {data['value']} over {data['threshold']}",
        plan_hash=None,
        count=1,
        rows=None,
        elapsed_ms=None,
    )


async def _write(event: ReceivedEvent, tenant_id: str, **columns: Any) -> None:
    head = await append(
        Entry(
            tenant_id=tenant_id,
            number=0,
            event_id=event.id,
            source=event.source,
            recorded_at=datetime.now(UTC),
            **columns,
        )
    )
    # Also when the event came before: the process may have ended between the two stores.
    await (await anchors()).raise_to(tenant_id, head.number, head.mac)
