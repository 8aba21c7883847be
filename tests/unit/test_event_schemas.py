"""The generated JSON Schemas and the AsyncAPI document say what the catalogue says."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from flowforge_events.catalog import EVENTS
from flowforge_local.paths import ROOT

FOLDER = ROOT / "events"
WINDOW = {"window_start": "2026-01-02T14:30:00Z", "window_end": "2026-01-02T14:35:00Z"}
SAMPLES: dict[str, dict[str, Any]] = {
    "flowforge.data.changed.v1": {
        "table": "flowforge.raw_trades",
        "symbols": ["SPY"],
        "columns": None,
        "rows": 3,
    },
    "flowforge.schema.changed.v1": {"database": "marts", "added": ["marts.fct_trades"]},
    "flowforge.workflow.saved.v1": {"workflow_id": "w", "version": 2, "content_hash": "h"},
    "flowforge.workflow.deleted.v1": {"workflow_id": "w"},
    "flowforge.dashboard.changed.v1": {"dashboard_id": "d", "widget_ids": ["a"]},
    "flowforge.execution.requested.v1": {"execution_id": "e"},
    "flowforge.execution.started.v1": {"execution_id": "e"},
    "flowforge.execution.completed.v1": {"execution_id": "e", "rows": 0, "elapsed_ms": 1.5},
    "flowforge.execution.failed.v1": {"execution_id": "e", "code": "query_timeout", "elapsed_ms": 30000},
    "flowforge.embedkey.revoked.v1": {"key_id": "k", "widget_ids": []},
    "flowforge.tenant.access_changed.v1": {"acl_version": 1},
    "flowforge.alert.raised.v1": {
        "kind": "spread",
        "symbol": "SPY",
        "value": "1.5",
        "threshold": "1",
        **WINDOW,
    },
    "flowforge.record.quarantined.v1": {
        "topic": "raw.trades",
        "reason": "range",
        "count": 2,
        "sample_id": None,
    },
    "flowforge.pipeline.failed.v1": {"job": "nightly", "run": "r", "task": "build", "reason": "exit code 1"},
    "flowforge.audit.recorded.v1": {
        "actor": "a",
        "action": "read",
        "object": "o",
        "at": WINDOW["window_end"],
    },
}


def schema(kind: str) -> Any:
    return json.loads((FOLDER / "schemas" / f"{kind}.json").read_text())


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.safe_load((FOLDER / "asyncapi.yaml").read_text())


def test_every_type_has_a_schema_and_no_schema_is_left_over() -> None:
    assert {path.stem for path in (FOLDER / "schemas").glob("*.json")} == EVENTS.keys() == SAMPLES.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_schema_and_model_take_and_refuse_the_same(kind: str) -> None:
    written, model = schema(kind), EVENTS[kind]
    jsonschema.Draft202012Validator.check_schema(written)
    good = SAMPLES[kind]
    jsonschema.validate(good, written)
    jsonschema.validate(model.model_validate(good).model_dump(mode="json"), written)
    required = next(iter(model.model_json_schema()["required"]))
    for broken in (
        {**good, "unknown": 1},
        {**good, required: []},
        {name: good[name] for name in good if name != required},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, written)
        with pytest.raises(ValidationError):
            model.model_validate(broken)


def test_asyncapi_describes_every_type_with_its_schema(document: Any) -> None:
    assert document["asyncapi"].startswith("3.")
    messages = document["components"]["messages"]
    assert {each["name"] for each in messages.values()} == EVENTS.keys()
    for message in messages.values():
        assert (FOLDER / message["payload"]["$ref"]).is_file()
        assert ("ce-tenant" in message["headers"]["required"]) == EVENTS[message["name"]].tenant_scoped
        assert message["summary"]


def test_every_reference_of_asyncapi_leads_somewhere(document: Any) -> None:
    def references(value: Any) -> Any:
        if isinstance(value, dict):
            yield from (value["$ref"],) if "$ref" in value else ()
            for each in value.values():
                yield from references(each)
        elif isinstance(value, list):
            for each in value:
                yield from references(each)

    found = [each for each in references(document) if each.startswith("#/")]
    assert found
    for reference in found:
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert len(operation["messages"]) == len(EVENTS)
