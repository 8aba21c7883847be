"""The catalogue of FlowForge's CloudEvents, their envelope on the wire, and the way to the broker.

``catalog`` declares every event type with its data; ``envelope`` is the only module that knows the
CloudEvents SDK; ``sending`` posts events to ``K_SINK``; ``WIRE`` is what a function is given.
"""

from __future__ import annotations

from flowforge_events.wire import WIRE, ReceivedEvent, Wire

__all__ = ["WIRE", "ReceivedEvent", "Wire"]
