"""What the ingress takes and what it answers."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from flowforge.stores.resp import FAILURES
from flowforge_local.mesh.broker import log

from .conftest import BrokerFactory, Sink, Valkey

pytestmark = pytest.mark.engines

GOOD = {"ce-specversion": "1.0", "ce-type": "t", "ce-source": "/s", "ce-id": "1"}
STRUCTURED = {"content-type": "application/cloudevents+json; charset=utf-8"}
EVENT = {"specversion": "1.0", "type": "t", "source": "/s", "id": "1"}


async def test_an_event_is_delivered_as_it_came(broker: BrokerFactory, sink: Sink) -> None:
    running = await broker({"all": {"subscriber": {"uri": f"{sink.url}/all"}}})
    await running.post(
        {"x": 1}, id="i1", subject="a b/é%", traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    )
    await sink.until(lambda: bool(sink.ids("/all")))
    headers, body = sink.received["/all"][0]
    assert json.loads(body) == {"x": 1}
    assert headers["ce-subject"] == "a%20b/%C3%A9%25"
    assert headers["ce-traceparent"] == headers["traceparent"] == "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


@pytest.mark.parametrize(
    ("members", "content_type", "body"),
    [
        ({"data": {"a": [1, None]}}, "application/json", b'{"a":[1,null]}'),
        ({"data": "text"}, "application/json", b'"text"'),
        ({"data": "text", "datacontenttype": "text/plain"}, "text/plain", b"text"),
        ({"data_base64": base64.b64encode(b"\0\xff").decode(), "datacontenttype": "a/b"}, "a/b", b"\0\xff"),
        ({"flag": True, "count": 7, "nothing": None}, None, b""),
    ],
)
async def test_structured_mode_becomes_binary_mode(
    broker: BrokerFactory, sink: Sink, members: dict[str, Any], content_type: str | None, body: bytes
) -> None:
    running = await broker({"all": {"subscriber": {"uri": f"{sink.url}/all"}}})
    async with running.client.post(
        running.url, data=json.dumps(EVENT | members), headers=STRUCTURED
    ) as answer:
        assert answer.status == 202
    await sink.until(lambda: bool(sink.ids("/all")))
    headers, received = sink.received["/all"][0]
    assert (received, headers.get("content-type")) == (body, content_type)
    assert headers.get("ce-count", "7") == "7"
    assert headers.get("ce-flag", "true") == "true"


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({}, b"{}", "specversion"),
        ({name: value for name, value in GOOD.items() if name != "ce-id"}, b"", "id is missing"),
        (GOOD | {"ce-source": ""}, b"", "source is missing or empty"),
        (GOOD | {"ce-specversion": "0.3"}, b"", "0.3"),
        (GOOD | {"ce-my_name": "x"}, b"", "my_name"),
        (GOOD | {"ce-time": "yesterday"}, b"", "time"),
        (GOOD | {"ce-time": "2026-01-01T00:00:00"}, b"", "offset"),
        (GOOD | {"ce-x": "%00"}, b"", "control"),
        (GOOD | {"ce-x": "y" * 3000}, b"", "longer"),
        (GOOD | {"ce-datacontenttype": "a/b"}, b"", "Content-Type"),
        (GOOD | {f"ce-x{n}": "y" for n in range(70)}, b"", "more than"),
        (STRUCTURED, b"{", "not JSON"),
        (STRUCTURED, b"[]", "object"),
        (STRUCTURED, b"[" * 200_000, "not JSON"),
        (STRUCTURED, json.dumps(EVENT | {"type": None}).encode(), "type is missing"),
        (STRUCTURED, json.dumps(EVENT | {"x": {}}).encode(), "attribute x"),
        (STRUCTURED, json.dumps(EVENT | {"data": 1, "data_base64": "AA=="}).encode(), "exclude"),
        (STRUCTURED, json.dumps(EVENT | {"data_base64": "?"}).encode(), "base64"),
        ({"content-type": "application/cloudevents-batch+json"}, b"[]", "batches"),
    ],
)
async def test_what_is_no_event_is_refused(
    broker: BrokerFactory, headers: dict[str, str], body: bytes, reason: str
) -> None:
    running = await broker({})
    async with running.client.post(running.url, data=body, headers=headers) as answer:
        problem = await answer.json(content_type="application/problem+json")
        assert (answer.status, reason in problem["detail"]) == (400, True), problem


async def test_other_refusals(broker: BrokerFactory) -> None:
    running = await broker({})
    base = running.url.rpartition("/")[0]
    cases: list[tuple[str, str, dict[str, str], bytes, int]] = [
        ("POST", f"{base}/other", GOOD, b"", 404),
        ("GET", running.url, GOOD, b"", 405),
        ("PUT", running.url, GOOD, b"", 405),
        ("POST", running.url, GOOD, b"x" * 1_000_001, 413),
        ("POST", running.url, GOOD | {"Origin": "http://localhost:8080"}, b"", 403),
        ("POST", running.url, GOOD | {"Host": "evil.example"}, b"", 403),
        ("POST", running.url, GOOD, b"x" * 1_000_000, 202),
    ]
    for method, url, headers, body, status in cases:
        async with running.client.request(method, url, data=body, headers=headers) as answer:
            assert answer.status == status, (method, url)
            assert status != 405 or answer.headers["Allow"] == "POST"


async def test_without_valkey_nothing_is_accepted(broker: BrokerFactory, sink: Sink, valkey: Valkey) -> None:
    running = await broker({"all": {"subscriber": {"uri": f"{sink.url}/all"}}})
    valkey.kill()
    async with running.client.post(running.url, headers=GOOD) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    with pytest.raises(FAILURES):
        await running.brokers.check()
    await valkey.start()
    await running.post(id="after")
    await sink.until(lambda: sink.ids("/all") == ["after"])
    await running.brokers.check()


async def test_a_full_broker_asks_to_come_again(
    broker: BrokerFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_ENTRIES", 3)
    running = await broker({})
    for _ in range(3):
        await running.post()
    async with running.client.post(running.url, headers=GOOD) as answer:
        assert answer.status == 503
