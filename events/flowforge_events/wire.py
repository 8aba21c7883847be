"""Events as headers and bytes, for whoever keeps or serves them without knowing the catalogue's classes.

Importing this module costs nothing: the catalogue and the CloudEvents SDK are loaded with the first event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """A catalogued event as plain data. ``source`` + ``id`` identify it for ever; ``kind`` is its type."""

    kind: str
    source: str
    id: str
    subject: str
    tenant: str | None
    time: datetime
    traceparent: str | None
    data: dict[str, Any]


class Wire:
    """CloudEvents 1.0 over HTTP, validated by the catalogue in both directions."""

    def encode(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        component: str,
        subject: str,
        tenant: str | None = None,
        id: str | None = None,  # noqa: A002 — the attribute's name
        traceparent: str | None = None,
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body in binary mode; ``ValueError`` names what the catalogue refuses.

        ``component`` becomes the source ``/flowforge/<component>``. Without an ``id`` the event gets a UUIDv7;
        give one where sending again must not duplicate.
        """
        from flowforge_events.envelope import make, parse_data, to_http

        event = make(
            parse_data(kind, data),
            component=component,
            subject=subject,
            tenant=tenant,
            event_id=id,
            traceparent=traceparent,
        )
        return to_http(event)

    def decode(self, headers: Mapping[str, str], body: bytes) -> ReceivedEvent:
        """Read binary or structured mode; ``ValueError`` says what is wrong with the message."""
        from flowforge_events.envelope import of_http

        event = of_http(headers, body)
        return ReceivedEvent(
            kind=event.data.type,
            source=event.source,
            id=event.id,
            subject=event.subject,
            tenant=event.tenant,
            time=event.time,
            traceparent=event.traceparent,
            data=event.data.model_dump(mode="json"),
        )


WIRE = Wire()
"""What ``functions/<name>/main.py`` hands to the library, which must not know this package."""
