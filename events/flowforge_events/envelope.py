"""CloudEvents 1.0 over HTTP: binary mode out, binary and structured mode in.

The only module that imports the CloudEvents SDK, so that its next major version is one file's work.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cloudevents.conversion import to_binary
from cloudevents.exceptions import GenericException
from cloudevents.http import CloudEvent, from_http
from pydantic import ValidationError

from flowforge_events.catalog import EVENTS, EventData

TENANT = re.compile(r"^[a-z0-9-]{1,63}$")


class EnvelopeError(ValueError):
    """The message is not a CloudEvent of the catalogue; the text names the attribute."""


@dataclass(frozen=True, slots=True)
class Event:
    """A catalogued event with its context attributes. ``source`` + ``id`` identify it for ever."""

    data: EventData
    source: str
    subject: str
    id: str
    time: datetime
    tenant: str | None = None
    traceparent: str | None = None


def uuid7() -> str:
    """A time-ordered UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))


def make(
    data: EventData,
    *,
    component: str,
    subject: str,
    tenant: str | None = None,
    event_id: str | None = None,
    traceparent: str | None = None,
) -> Event:
    """An event now, from ``/flowforge/<component>``.

    Give ``event_id`` where a replay must not duplicate. Raises ``EnvelopeError`` when a tenant-scoped event
    has no tenant.
    """
    if data.tenant_scoped and tenant is None:
        raise EnvelopeError(f"{data.type} belongs to a tenant, and none was given")
    if tenant is not None and not TENANT.match(tenant):
        raise EnvelopeError(f"{tenant!r} is not a tenant id: a–z, 0–9 and -, at most 63 characters")
    source = f"/flowforge/{component}"
    return Event(data, source, subject, event_id or uuid7(), datetime.now(UTC), tenant, traceparent)


def to_http(event: Event) -> tuple[dict[str, str], bytes]:
    """Headers and body of the event in binary mode."""
    attributes = {
        "type": event.data.type,
        "source": event.source,
        "subject": event.subject,
        "id": event.id,
        "time": event.time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
    }
    if event.tenant is not None:
        attributes["tenant"] = event.tenant
    if event.traceparent is not None:
        attributes["traceparent"] = event.traceparent
    message = CloudEvent(attributes, event.data.model_dump(mode="json"))
    headers, body = to_binary(message)
    return dict(headers), body


def of_http(headers: Mapping[str, str], body: bytes) -> Event:
    """Read an event in binary or structured mode; ``EnvelopeError`` says what is wrong with it."""
    try:
        message = from_http({name.lower(): value for name, value in headers.items()}, body)
    except GenericException as error:
        raise EnvelopeError(f"not a CloudEvent: {error}") from error
    cls = EVENTS.get(message["type"])
    if cls is None:
        raise EnvelopeError(f"type {message['type']!r} is not in the catalogue")
    attributes = message.get_attributes()
    try:
        data = cls.model_validate(message.get_data() or {})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "data"
        raise EnvelopeError(f"{cls.type}: {place}: {first['msg']}") from error
    tenant = attributes.get("tenant")
    if cls.tenant_scoped and not (tenant and TENANT.match(tenant)):
        raise EnvelopeError(f"{cls.type}: attribute tenant is missing or malformed: {tenant!r}")
    moment = attributes.get("time")
    return Event(
        data=data,
        source=attributes["source"],
        subject=attributes.get("subject", ""),
        id=attributes["id"],
        time=datetime.fromisoformat(moment) if moment else datetime.now(UTC),
        tenant=tenant,
        traceparent=attributes.get("traceparent"),
    )
