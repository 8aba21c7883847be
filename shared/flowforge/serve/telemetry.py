"""Spans to an OpenTelemetry collector, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` names one: OTLP over HTTP, as JSON.

https://opentelemetry.io/docs/specs/otlp/#otlphttp and its variables,
https://opentelemetry.io/docs/specs/otel/protocol/exporter/. Trace and span ids are those of
:mod:`flowforge.trace`, which logs, problem documents, events and the engines' query ids carry as well. The SDK is
not used for it: importing it is a third of a cold start.
"""

from __future__ import annotations

import asyncio
import logging
import os
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from flowforge.resources import resource
from flowforge.trace import Span, collector, spans

log = logging.getLogger(__name__)

BATCH = 512
MAX_WAITING = 2_048
"""Spans kept for a collector that is slow; the oldest give way, and are counted."""
EVERY_SECONDS = 2.0
TIMEOUT_SECONDS = 5.0
_KINDS = {"internal": 1, "server": 2, "client": 3, "consumer": 5}
_ERROR = 2


class Exporter:
    """Takes every finished span of a sampled trace and sends them in batches, the last one on closing."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._headers = {"content-type": "application/json"} | _pairs("OTEL_EXPORTER_OTLP_HEADERS")
        self._waiting: deque[Span] = deque(maxlen=MAX_WAITING)
        self._lost = 0
        self._sending = asyncio.create_task(self._send_regularly())
        spans.sink = self._take

    def _take(self, span: Span) -> None:
        self._lost += len(self._waiting) == MAX_WAITING
        self._waiting.append(span)

    async def _send_regularly(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self._flush()

    async def _flush(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                await asyncio.to_thread(self._post, orjson.dumps(document(batch)))
            except OSError as failure:  # URLError and timeouts are; tracing never fails a request
                log.warning("%d spans could not be exported: %s", len(batch), failure)
                return
        if self._lost:
            log.warning("%d spans gave way to newer ones: the collector is too slow", self._lost)
            self._lost = 0

    def _post(self, body: bytes) -> None:
        asked = urllib.request.Request(self._url, body, self._headers)  # noqa: S310 — the operator's own setting
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            answer.read()

    async def aclose(self) -> None:
        """Send what is left; a collector that is away holds nothing up for longer than its timeout."""
        spans.sink = None
        self._sending.cancel()
        await self._flush()


@resource
async def exporter() -> Exporter:
    """The process's exporter; ``RuntimeError`` where no endpoint is set."""
    url = collector()
    if url is None or urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise RuntimeError(f"OTEL_EXPORTER_OTLP_ENDPOINT must be the http(s) URL of a collector, not {url!r}")
    return Exporter(url)


def document(batch: Sequence[Span]) -> dict[str, Any]:
    """An ``ExportTraceServiceRequest`` in OTLP's JSON encoding: ids in hexadecimal, 64-bit integers as text."""
    about = _pairs("OTEL_RESOURCE_ATTRIBUTES")
    about["service.name"] = os.environ.get("OTEL_SERVICE_NAME") or os.environ.get("K_SERVICE", "flowforge")
    scope = {"scope": {"name": "flowforge"}, "spans": [_span(each) for each in batch]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(about)}, "scopeSpans": [scope]}]}


def _span(span: Span) -> dict[str, Any]:
    trace = span.trace
    return {
        "traceId": trace.trace_id,
        "spanId": trace.span_id,
        "parentSpanId": trace.parent_id or "",
        "name": span.name,
        "kind": _KINDS[span.kind],
        "startTimeUnixNano": str(span.started),
        "endTimeUnixNano": str(span.ended),
        "attributes": _attributes(span.attributes),
        "status": {} if span.error is None else {"code": _ERROR, "message": span.error},
    }


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: str | float) -> dict[str, Any]:
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"stringValue": value} if isinstance(value, str) else {"doubleValue": value}


def _pairs(variable: str) -> dict[str, str]:
    """``a=1,b=2`` with percent-encoded values, as the OpenTelemetry variables are written."""
    pairs = [each.partition("=") for each in os.environ.get(variable, "").split(",")]
    return {name.strip(): urllib.parse.unquote(value.strip()) for name, sign, value in pairs if sign}
