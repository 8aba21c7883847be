"""The trace a piece of work belongs to (W3C Trace Context), carried in a context variable.

https://www.w3.org/TR/trace-context/ — ``traceparent: 00-<32 hex trace id>-<16 hex span id>-<flags>``.
Logs, problem documents, events and the engines' query ids all name the trace.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from flowforge.records import dataclass

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_ZERO_TRACE, _ZERO_SPAN = "0" * 32, "0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """One hop of a trace: ``trace_id`` is shared by all hops, ``span_id`` is this process's own, ``parent_id``
    that of the hop before.
    """

    trace_id: str
    span_id: str
    flags: str = "00"
    parent_id: str | None = None

    @property
    def sampled(self) -> bool:
        """Whether the caller keeps this trace."""
        return bool(int(self.flags, 16) & 1)

    @property
    def traceparent(self) -> str:
        """The header to hand to whatever is called next."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


current_trace: ContextVar[Trace | None] = ContextVar("flowforge_trace", default=None)
current_tenant: ContextVar[str | None] = ContextVar("flowforge_tenant", default=None)


def continue_trace(traceparent: str | None) -> Trace:
    """A new span of the caller's trace; of a new trace if there is none or it is malformed."""
    match = _TRACEPARENT.match(traceparent or "")
    if match is None or match[1] == _ZERO_TRACE or match[2] == _ZERO_SPAN:
        return Trace(secrets.token_hex(16), secrets.token_hex(8), "01" if spans.sink else "00")
    return Trace(match[1], secrets.token_hex(8), match[3], match[2])


def trace_id() -> str:
    """The current trace id; a fresh one outside any request."""
    trace = current_trace.get()
    return trace.trace_id if trace else secrets.token_hex(16)


def collector() -> str | None:
    """Where spans are sent, by OpenTelemetry's own variables; None where nobody asked for it."""
    base = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    return os.environ.get(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", None if base is None else f"{base.rstrip('/')}/v1/traces"
    )


Attributes = Mapping[str, str | int | float]
SpanKind = Literal["server", "consumer", "client", "internal"]


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took time within a trace; times are nanoseconds of the Unix epoch."""

    name: str
    kind: SpanKind
    trace: Trace
    started: int
    ended: int
    attributes: Attributes
    error: str | None = None


class Spans:
    """Where finished spans go; nowhere, and at no cost, until an exporter is configured."""

    sink: Callable[[Span], None] | None = None

    def finished(
        self,
        name: str,
        kind: SpanKind,
        trace: Trace,
        started: int,
        attributes: Attributes,
        error: str | None = None,
    ) -> None:
        """Hand on a span that ends now, if its trace is kept."""
        if self.sink is not None and trace.sampled:
            self.sink(Span(name, kind, trace, started, time.time_ns(), attributes, error))

    @contextmanager
    def below(self, name: str, kind: SpanKind, **attributes: str | int | float) -> Iterator[None]:
        """A span of the current one's: whatever is called inside belongs to it."""
        above = current_trace.get()
        if self.sink is None or above is None:
            yield
            return
        trace = Trace(above.trace_id, secrets.token_hex(8), above.flags, above.span_id)
        token, started, error = current_trace.set(trace), time.time_ns(), None
        try:
            yield
        except BaseException as failure:
            error = type(failure).__name__
            raise
        finally:
            current_trace.reset(token)
            self.finished(name, kind, trace, started, attributes, error)


spans = Spans()
