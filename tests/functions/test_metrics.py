"""What a function tells its operators: metrics for Prometheus and spans for an OpenTelemetry collector."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from flowforge.serve.telemetry import exporter

from .graphs import chain, source

Call = Callable[..., httpx.AsyncClient]
Span = dict[str, Any]
SERVER, CLIENT = 2, 3
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

TRADES = chain(source())


async def _metrics(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and labels."""
    response = await client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(response.text)
    return {
        (each.name, *sorted(each.labels.values())): each.value
        for family in families
        for each in family.samples
    }


async def test_requests_queries_and_cached_answers_are_counted_by_route(call: Call) -> None:
    client = call("preview")
    before = await _metrics(client)
    for _ in range(2):
        await client.post("/api/v1/preview", json={"graph": TRADES, "target_node_id": "data_source"})
    refused = await client.post("/api/v1/preview", json={"graph": TRADES, "target_node_id": "nowhere"})
    after = await _metrics(client)

    def more(*sample: str) -> float:
        return after.get(sample, 0) - before.get(sample, 0)

    assert more("flowforge_http_requests_total", "/api/v1/preview", "200", "POST") == 2
    assert more("flowforge_http_requests_total", "/api/v1/preview", str(refused.status_code), "POST") == 1
    assert more("flowforge_http_request_duration_seconds_count", "/api/v1/preview", "POST") == 3
    assert more("flowforge_cache_requests_total", "hit") >= 1
    assert after[("flowforge_http_requests_in_flight",)] == 0
    assert any(name[0] == "process_resident_memory_bytes" for name in after)


async def test_no_label_says_what_a_user_asked_for(call: Call) -> None:
    client = call("preview", tenant="firm-alpha")
    await client.get("/api/v1/secret-of-a-user")
    await client.request("PURGE", "/api/v1/preview")
    text = (await client.get("/metrics")).text
    assert "secret" not in text
    assert "firm-alpha" not in text
    assert "PURGE" not in text


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Span]]:
    """A collector on a real port; the spans that arrived."""
    arrived: list[Span] = []

    async def take(request: web.Request) -> web.Response:
        sent = await request.json()
        arrived.extend(
            span
            for resource in sent["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        )
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://{host}:{port}")
    await exporter()
    yield arrived
    await exporter.aclose()
    await runner.cleanup()


async def test_a_request_and_its_queries_are_spans_of_the_callers_trace(
    call: Call, collector: list[Span]
) -> None:
    body = {"graph": TRADES, "target_node_id": "data_source", "page": 0, "page_size": 3}
    sampled = f"00-{TRACE}-{PARENT}-01"
    answer = await call("execute").post("/api/v1/execute", json=body, headers={"traceparent": sampled})
    assert answer.status_code == 200, answer.text
    unsampled = f"00-{'1' * 32}-{PARENT}-00"
    await call("execute").post("/api/v1/execute", json=body, headers={"traceparent": unsampled})
    await exporter.aclose()

    assert {span["traceId"] for span in collector} == {TRACE}
    request = next(span for span in collector if span["kind"] == SERVER)
    assert request["name"] == "POST /api/v1/execute"
    assert request["parentSpanId"] == PARENT
    assert request["status"] == {}
    queries = [span for span in collector if span["kind"] == CLIENT]
    assert queries
    assert {span["parentSpanId"] for span in queries} == {request["spanId"]}
    assert all(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) for span in collector)
