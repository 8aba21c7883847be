"""The catalogue of events for those who do not read Python: a JSON Schema per type, and an AsyncAPI 3 document.

https://www.asyncapi.com/docs/reference/specification/v3.0.0 – payloads are the events' data, headers their context
attributes in CloudEvents' binary mode.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from flowforge_events.catalog import EVENTS, EventData

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = "1.0.0"
WIDTH = 110
_TEXT = {"type": "string", "minLength": 1}
_ATTRIBUTES: dict[str, Any] = {
    "ce-specversion": {"const": "1.0"},
    "ce-source": _TEXT | {"pattern": "^/flowforge/", "description": "/flowforge/<component>"},
    "ce-id": _TEXT
    | {"description": "with ce-source it identifies the event for ever; consumers dedupe on both"},
    "ce-time": {"type": "string", "format": "date-time"},
    "ce-subject": _TEXT | {"description": "what the event is about"},
    "ce-partitionkey": _TEXT | {"description": "the subject: events of one key stay in order"},
    "ce-traceparent": _TEXT | {"description": "W3C Trace Context"},
}
_TENANT = {"type": "string", "pattern": "^[a-z0-9-]{1,63}$"}


class _Plain(yaml.SafeDumper):
    """Repeats what occurs twice rather than to refer to it: easier to read, and to diff."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def render_schema(kind: str, notice: str) -> str:
    """The JSON Schema of one type's data."""
    schema = {"$comment": notice, "$schema": DIALECT, "$id": f"urn:flowforge:events:{kind}", **_payload(kind)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def render_asyncapi(notice: str) -> str:
    """The AsyncAPI document, in YAML."""
    text = yaml.dump(_document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=WIDTH)
    return f"# {notice}\n{text}"


def schema_path(kind: str) -> str:
    """Where a type's schema lies, below ``events/``."""
    return f"schemas/{kind}.json"


def _payload(kind: str) -> dict[str, Any]:
    schema = EVENTS[kind].model_json_schema()
    return {"title": schema.pop("title"), **schema}


def _document() -> dict[str, Any]:
    messages = {_name(cls): {"$ref": f"#/components/messages/{_name(cls)}"} for cls in EVENTS.values()}
    in_channel = [{"$ref": f"#/channels/default/messages/{_name(cls)}"} for cls in EVENTS.values()]
    channel = {"$ref": "#/channels/default"}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "FlowForge events",
            "version": VERSION,
            "description": "CloudEvents 1.0 over HTTP, delivered at least once by the Broker and its Triggers.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {
                "host": "127.0.0.1:8081",
                "pathname": "/flowforge/default",
                "protocol": "http",
                "description": "the local mesh, one port above the application; handed to programs as K_SINK",
            },
            "cluster": {
                "host": "kafka-broker-ingress.knative-eventing.svc.cluster.local",
                "pathname": "/flowforge/default",
                "protocol": "http",
                "description": "a Broker of class Kafka; handed to programs as K_SINK by a SinkBinding",
            },
        },
        "channels": {
            "default": {
                "address": "/",
                "description": "The one Broker: whoever may reach it sends, Triggers choose by attributes.",
                "messages": messages,
            }
        },
        "operations": {
            "send": {
                "action": "send",
                "channel": channel,
                "summary": "Tell the Broker; 202 means stored.",
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
                "messages": in_channel,
            },
            "receive": {
                "action": "receive",
                "channel": channel,
                "summary": "Be told by a Trigger; 204 means handled, 422 sends the event to the dead letters.",
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
                "messages": in_channel,
            },
        },
        "components": {
            "messages": {_name(cls): _message(kind, cls) for kind, cls in EVENTS.items()},
        },
    }


def _message(kind: str, cls: type[EventData]) -> dict[str, Any]:
    attributes = {"ce-type": {"const": kind}, **_ATTRIBUTES}
    required = [name for name in attributes if name not in ("ce-subject", "ce-partitionkey")]
    if cls.tenant_scoped:
        attributes["ce-tenant"] = _TENANT
        required.append("ce-tenant")
    return {
        "name": kind,
        "title": _name(cls),
        "summary": " ".join((cls.__doc__ or "").split()),
        "contentType": "application/json",
        "headers": {"type": "object", "required": required, "properties": attributes},
        "payload": {"$ref": schema_path(kind)},
    }


def _name(cls: type[EventData]) -> str:
    return cls.__name__
