"""The trace a piece of work belongs to (W3C Trace Context), carried in a context variable.

https://www.w3.org/TR/trace-context/ — ``traceparent: 00-<32 hex trace id>-<16 hex span id>-<flags>``.
Logs, problem documents, events and the engines' query ids all name the trace.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_ZERO_TRACE, _ZERO_SPAN = "0" * 32, "0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """One hop of a trace: ``trace_id`` is shared by all hops, ``span_id`` is this process's own."""

    trace_id: str
    span_id: str
    flags: str = "00"

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
        return Trace(secrets.token_hex(16), secrets.token_hex(8))
    return Trace(match[1], secrets.token_hex(8), match[3])


def trace_id() -> str:
    """The current trace id; a fresh one outside any request."""
    trace = current_trace.get()
    return trace.trace_id if trace else secrets.token_hex(16)
