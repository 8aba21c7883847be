"""The CloudEvents catalogue and its envelope."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from flowforge_events import catalog, envelope

CHANGED = catalog.DataChanged(
    table="flowforge.raw_trades",
    symbols=("SPY",),
    watermark=datetime(2013, 10, 7, 20, tzinfo=UTC),
    rows=3,
)


def test_every_event_type_follows_the_naming_rule_and_says_what_it_is() -> None:
    assert len(catalog.EVENTS) >= 14
    for name, cls in catalog.EVENTS.items():
        assert re.fullmatch(r"flowforge\.[a-z]+\.[a-z_]+\.v\d+", name)
        assert cls.__doc__


def test_binary_mode_round_trip_keeps_every_attribute() -> None:
    event = envelope.make(
        CHANGED,
        component="sink",
        subject="flowforge.raw_trades",
        traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01",
    )
    headers, body = envelope.to_http(event)
    assert headers["ce-type"] == "flowforge.data.changed.v1"
    back = envelope.of_http(headers, body)
    assert back.data == event.data
    assert (back.id, back.source, back.subject, back.traceparent) == (
        event.id,
        event.source,
        event.subject,
        event.traceparent,
    )
    assert abs((back.time - event.time).total_seconds()) < 0.001


def test_structured_mode_is_read() -> None:
    body = json.dumps(
        {
            "specversion": "1.0",
            "type": "flowforge.workflow.saved.v1",
            "source": "/flowforge/workspace",
            "id": "1",
            "tenant": "demo",
            "data": {"workflow_id": "w", "version": 2, "content_hash": "h"},
        }
    ).encode()
    event = envelope.of_http({"Content-Type": "application/cloudevents+json"}, body)
    assert event.tenant == "demo"
    assert event.data == catalog.WorkflowSaved(workflow_id="w", version=2, content_hash="h")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ce-type": "flowforge.unknown.v1"}, "not in the catalogue"),
        ({"ce-id": None}, "not a CloudEvent"),
        ({"ce-specversion": "9"}, "not a CloudEvent"),
    ],
)
def test_a_message_outside_the_catalogue_is_refused(changes: dict[str, str | None], message: str) -> None:
    headers, body = envelope.to_http(envelope.make(CHANGED, component="sink", subject="s"))
    headers = {name: value for name, value in {**headers, **changes}.items() if value is not None}
    with pytest.raises(envelope.EnvelopeError, match=message):
        envelope.of_http(headers, body)


def test_wrong_data_names_the_member() -> None:
    headers, _ = envelope.to_http(envelope.make(CHANGED, component="sink", subject="s"))
    with pytest.raises(envelope.EnvelopeError, match="rows"):
        envelope.of_http(headers, json.dumps({"table": "t", "rows": -1}).encode())
    with pytest.raises(envelope.EnvelopeError, match="tabel"):
        envelope.of_http(headers, json.dumps({"table": "t", "tabel": 1}).encode())


def test_a_tenant_scoped_event_needs_its_tenant() -> None:
    data = catalog.WorkflowDeleted(workflow_id="w")
    with pytest.raises(envelope.EnvelopeError, match="belongs to a tenant"):
        envelope.make(data, component="workspace", subject="w")
    with pytest.raises(envelope.EnvelopeError, match="not a tenant id"):
        envelope.make(data, component="workspace", subject="w", tenant="Firm A")


def test_ids_are_time_ordered_version_7_uuids() -> None:
    ids = [envelope.uuid7() for _ in range(50)]
    assert all(UUID(value).version == 7 and UUID(value).variant == "specified in RFC 4122" for value in ids)
    assert [value[:13] for value in ids] == sorted(value[:13] for value in ids)
    assert len(set(ids)) == 50
