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
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from cloudevents.conversion import to_binary
from cloudevents.exceptions import GenericException
from cloudevents.http import CloudEvent, from_http
from pydantic import ValidationError

from flowforge_events.attributes import header_value, moment
from flowforge_events.catalog import EVENTS, EventData

TENANT = re.compile(r"[a-z0-9-]{1,63}")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.*")


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

    Give ``event_id`` where a replay must not duplicate; without a ``traceparent`` the event begins a trace of
    its own. Raises ``EnvelopeError`` when a tenant-scoped event has no tenant.
    """
    if data.tenant_scoped and tenant is None:
        raise EnvelopeError(f"{data.type} belongs to a tenant, and none was given")
    if tenant is not None and not TENANT.fullmatch(tenant):
        raise EnvelopeError(f"{tenant!r} is not a tenant id: a–z, 0–9 and -, at most 63 characters")
    source = f"/flowforge/{component}"
    trace = traceparent or new_traceparent()
    return Event(data, source, subject, event_id or uuid7(), datetime.now(UTC), tenant, trace)


def new_traceparent() -> str:
    """The first hop of a new trace (W3C Trace Context §3.2), not sampled."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"


def parse_data(kind: str, data: Mapping[str, Any]) -> EventData:
    """The catalogue's model of ``data``; ``EnvelopeError`` names the type or the member that is wrong."""
    cls = _class_of(kind)
    try:
        return cls.model_validate(data)
    except ValidationError as error:
        raise _refused(kind, error) from error


def _class_of(kind: str) -> type[EventData]:
    cls = EVENTS.get(kind)
    if cls is None:
        raise EnvelopeError(f"type {kind!r} is not in the catalogue")
    return cls


def _refused(kind: str, error: ValidationError) -> EnvelopeError:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "data"
    return EnvelopeError(f"{kind}: {place}: {first['msg']}")


def to_http(event: Event) -> tuple[dict[str, str], bytes]:
    """Headers and body of the event in binary mode; ``partitionkey`` keeps the events of a subject in order."""
    attributes = {
        "type": event.data.type,
        "source": event.source,
        "subject": event.subject,
        "id": event.id,
        "time": event.time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
    }
    if event.subject:
        attributes["partitionkey"] = event.subject
    if event.tenant is not None:
        attributes["tenant"] = event.tenant
    if event.traceparent is not None:
        attributes["traceparent"] = event.traceparent
    message = CloudEvent(attributes, event.data.model_dump(mode="json"))
    headers, body = to_binary(message)
    encoded = {
        name: header_value(value) if name.startswith("ce-") else value for name, value in headers.items()
    }
    if event.traceparent is not None:
        encoded["traceparent"] = event.traceparent  # the hop's own header; the attribute is the event's
    return encoded, body


def of_http(headers: Mapping[str, str], body: bytes) -> Event:
    """Read an event in binary or structured mode; ``EnvelopeError`` says what is wrong with it."""
    lower = {name.lower(): value for name, value in headers.items()}
    if "ce-specversion" in lower:
        attributes = _texts(_of_headers(lower))
        data = _data_of_bytes(attributes["type"], body)
    else:
        attributes, data = _structured(lower, body)
    tenant = attributes.get("tenant")
    if (tenant is not None or data.tenant_scoped) and not TENANT.fullmatch(tenant or ""):
        raise EnvelopeError(f"{data.type}: attribute tenant is missing or malformed: {tenant!r}")
    trace = attributes.get("traceparent") or lower.get("traceparent", "")
    return Event(
        data=data,
        source=attributes["source"],
        subject=attributes.get("subject", ""),
        id=attributes["id"],
        time=_moment(attributes.get("time")),
        tenant=tenant,
        traceparent=trace if TRACEPARENT.fullmatch(trace) else None,
    )


def _of_headers(lower: Mapping[str, str]) -> dict[str, str]:
    """The attributes of binary mode (HTTP binding 1.0.2 §3.1.3), which is how a broker delivers.

    Without the SDK, whose conversions cost several times what they are for: a relay reads a thousand a second.
    """
    return {
        name[3:]: unquote(value) if "%" in value else value
        for name, value in lower.items()
        if name.startswith("ce-")
    }


def _data_of_bytes(kind: str, body: bytes) -> EventData:
    """The catalogue's model of a body in JSON; none stands for an empty object."""
    cls = _class_of(kind)
    try:
        return cls.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _refused(kind, error) from error


def _structured(lower: Mapping[str, str], body: bytes) -> tuple[dict[str, str], EventData]:
    try:
        message = from_http(dict(lower), body)
    except (GenericException, ValueError, RecursionError) as error:
        raise EnvelopeError(f"not a CloudEvent: {error}") from error
    attributes = _texts(message.get_attributes())
    content = message.get_data()
    if content is not None and not isinstance(content, dict):
        raise EnvelopeError(f"{attributes['type']}: data must be a JSON object")
    return attributes, parse_data(attributes["type"], content or {})


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Attributes that are there, all texts, the required ones not empty (CloudEvents 1.0.2 §Required)."""
    found = {name: value for name, value in attributes.items() if value is not None}
    for name in ("specversion", "type", "source", "id"):
        if not isinstance(found.get(name), str) or not found[name]:
            raise EnvelopeError(f"not a CloudEvent: attribute {name} is missing or empty")
    if found["specversion"] != "1.0":
        raise EnvelopeError(f"not a CloudEvent: specversion {found['specversion']!r} is not read, only '1.0'")
    for name in ("subject", "time", "tenant", "traceparent"):
        if not isinstance(found.get(name, ""), str):
            raise EnvelopeError(f"attribute {name} must be a text, not {found[name]!r}")
    return found


def _moment(text: str | None) -> datetime:
    """In UTC; now where the sender does not say."""
    if text is None:
        return datetime.now(UTC)
    try:
        return moment(text).astimezone(UTC)
    except ValueError as error:
        raise EnvelopeError(str(error)) from None
