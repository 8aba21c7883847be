"""Spans to an OpenTelemetry collector, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` names one (OTLP over HTTP).

Trace and span ids are those of :mod:`flowforge.trace`, which logs, problem documents, events and the engines'
query ids carry as well. The SDK's own variables (``OTEL_SERVICE_NAME``, ``OTEL_BSP_…``, headers, certificates)
mean what they mean everywhere: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
"""

from __future__ import annotations

import asyncio
import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from flowforge.resources import resource
from flowforge.trace import Span, spans

_KINDS = {
    "server": SpanKind.SERVER,
    "consumer": SpanKind.CONSUMER,
    "client": SpanKind.CLIENT,
    "internal": SpanKind.INTERNAL,
}


class Exporter:
    """Takes every finished span of a sampled trace and sends them in batches, the last one on closing."""

    def __init__(self) -> None:
        service = (
            {}
            if "OTEL_SERVICE_NAME" in os.environ
            else {SERVICE_NAME: os.environ.get("K_SERVICE", "flowforge")}
        )
        self._resource = Resource.create(service)
        self._processor = BatchSpanProcessor(OTLPSpanExporter())
        spans.sink = self._take

    def _take(self, span: Span) -> None:
        self._processor.on_end(_readable(span, self._resource))

    async def aclose(self) -> None:
        """Send what is left; a collector that is away holds nothing up for longer than its timeout."""
        spans.sink = None
        await asyncio.to_thread(self._processor.shutdown)


@resource
async def exporter() -> Exporter:
    """The process's exporter."""
    return Exporter()


def _readable(span: Span, about: Resource) -> ReadableSpan:
    trace = span.trace
    flags = TraceFlags(int(trace.flags, 16))

    def context(span_id: str, *, remote: bool) -> SpanContext:
        return SpanContext(int(trace.trace_id, 16), int(span_id, 16), is_remote=remote, trace_flags=flags)

    return ReadableSpan(
        span.name,
        context=context(trace.span_id, remote=False),
        parent=None if trace.parent_id is None else context(trace.parent_id, remote=span.kind == "server"),
        resource=about,
        attributes=span.attributes,
        kind=_KINDS[span.kind],
        status=Status(StatusCode.UNSET) if span.error is None else Status(StatusCode.ERROR, span.error),
        start_time=span.started,
        end_time=span.ended,
    )
