"""CloudEvents 1.0.2 over HTTP (protocol binding 1.0.2) for a broker, which passes on what it does not understand.

Functions read events by the catalogue; the broker takes any well-formed event, in binary or structured mode, and
delivers it in binary mode with its body untouched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import orjson

from flowforge_events.attributes import header_value, moment

REQUIRED = ("specversion", "type", "source", "id")
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch"
JSON = "application/json"
MOST_ATTRIBUTES = 64
MOST_CHARACTERS = 2048
_NAME = re.compile(r"[a-z0-9]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}[0-9a-f-]*")
_NO_TRACE = f"00-{'0' * 32}-{'0' * 16}-00"


class MessageError(ValueError):
    """The message is no CloudEvent; the text says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """Context attributes as texts, ``datacontenttype`` among them, and the data as bytes."""

    attributes: Mapping[str, str]
    body: bytes

    def with_attributes(self, **changed: str | None) -> Message:
        """A copy with some attributes set, or removed where None."""
        merged = {**self.attributes, **changed}
        return replace(self, attributes={name: value for name, value in merged.items() if value is not None})

    def headers(self) -> dict[str, str]:
        """The headers of binary mode; the trace is also the request's own."""
        found = {
            f"ce-{name}": header_value(value)
            for name, value in self.attributes.items()
            if name != "datacontenttype"
        }
        if "datacontenttype" in self.attributes:
            found["content-type"] = self.attributes["datacontenttype"]
        if "traceparent" in self.attributes:
            found["traceparent"] = self.attributes["traceparent"]
        return found


def is_event(headers: Mapping[str, str]) -> bool:
    """Whether these (lower-case) headers claim to carry an event."""
    return "ce-specversion" in headers or _media_type(headers) == STRUCTURED


def read(headers: Mapping[str, str], body: bytes) -> Message:
    """The event of a request or response with lower-case header names; raises MessageError."""
    media_type = _media_type(headers)
    if media_type.startswith(BATCH):
        raise MessageError("batches are not taken; send one event per request")
    message = _structured(body) if media_type == STRUCTURED else _binary(headers, body)
    _check(message.attributes)
    trace = headers.get("traceparent", "")
    if "traceparent" not in message.attributes and _TRACEPARENT.fullmatch(trace):
        return message.with_attributes(traceparent=trace)
    return message


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _binary(headers: Mapping[str, str], body: bytes) -> Message:
    attributes = {
        name.removeprefix("ce-"): unquote(value) for name, value in headers.items() if name.startswith("ce-")
    }
    if "specversion" not in attributes:
        raise MessageError(
            "neither ce-specversion nor the content type application/cloudevents+json is there"
        )
    if "datacontenttype" in attributes:
        raise MessageError(
            "datacontenttype is the header Content-Type in binary mode, not ce-datacontenttype"
        )
    if "content-type" in headers:
        attributes["datacontenttype"] = headers["content-type"]
    return Message(attributes, body)


def _structured(body: bytes) -> Message:
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MessageError(f"the body is not JSON: {error}") from None
    if not isinstance(members, dict):
        raise MessageError("the body must be a JSON object")
    if "data" in members and "data_base64" in members:
        raise MessageError("data and data_base64 exclude each other")
    data = _data(members)
    attributes = {
        name: _text(name, value)
        for name, value in members.items()
        if name not in ("data", "data_base64") and value is not None
    }
    if data and "datacontenttype" not in attributes:
        attributes["datacontenttype"] = JSON
    return Message(attributes, data)


def _data(members: Mapping[str, Any]) -> bytes:
    if "data_base64" in members:
        try:
            return base64.b64decode(members["data_base64"], validate=True)
        except (ValueError, TypeError):
            raise MessageError("data_base64 is not base64") from None
    if "data" not in members:
        return b""
    content_type = str(members.get("datacontenttype") or JSON).partition(";")[0].strip().lower()
    is_json = content_type.endswith(("/json", "+json"))
    if isinstance(members["data"], str) and not is_json:
        return members["data"].encode()
    return orjson.dumps(members["data"])


def _text(name: str, value: Any) -> str:
    """The canonical text of a Boolean, Integer or String (CloudEvents §Type System)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return str(value)
    raise MessageError(f"attribute {name}: a {type(value).__name__} is not a value of an attribute")


def _check(attributes: Mapping[str, str]) -> None:
    if len(attributes) > MOST_ATTRIBUTES:
        raise MessageError(f"more than {MOST_ATTRIBUTES} attributes")
    for name, value in attributes.items():
        if not _NAME.fullmatch(name):
            raise MessageError(f"attribute {name[:80]!r}: names are lower-case letters and digits")
        if len(value) > MOST_CHARACTERS:
            raise MessageError(f"attribute {name} is longer than {MOST_CHARACTERS} characters")
        if not value.isprintable():
            raise MessageError(f"attribute {name} contains a control character")
    for name in REQUIRED:
        if not attributes.get(name):
            raise MessageError(f"attribute {name} is missing or empty")
    if attributes["specversion"] != "1.0":
        raise MessageError(f"specversion {attributes['specversion']!r} is not known, only '1.0'")
    if not attributes.get("datacontenttype", "").isascii():
        raise MessageError("datacontenttype is not a media type")
    if not _TRACEPARENT.fullmatch(attributes.get("traceparent", _NO_TRACE)):
        raise MessageError(f"attribute traceparent is malformed: {attributes['traceparent']!r}")
    if "time" in attributes:
        try:
            moment(attributes["time"])
        except ValueError as error:
            raise MessageError(str(error)) from None
