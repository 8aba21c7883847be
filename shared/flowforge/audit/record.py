"""From events to entries. An event that is delivered again is known by its source and id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol

from flowforge.metadata.audit_chain import Entry
from flowforge.metadata.audit_log import INSTALLATION, append
from flowforge.stores.anchors import anchors


class Recorded(Protocol):
    """The part of an event that an entry is made of."""

    @property
    def source(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def tenant(self) -> str | None: ...
    @property
    def time(self) -> datetime: ...
    @property
    def data(self) -> dict[str, Any]: ...


async def record_entry(event: Recorded) -> None:
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


async def record_alert(event: Recorded) -> None:
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


async def _write(event: Recorded, tenant_id: str, **columns: Any) -> None:
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
