"""How a function hears of events: what its wire must offer, and how a handler is declared.

The library does not know the catalogue of events; ``functions/<name>/main.py`` joins the two::

    function = Function("relay", wire=flowforge_events.WIRE)

    @function.event("flowforge.data.changed.v1")
    async def data_changed(event: ReceivedEvent) -> None:
        await invalidate(event.data["table"], …)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from flowforge.received import ReceivedEvent
from flowforge.records import dataclass


class Wire(Protocol):
    """Events as headers and bytes; both directions raise ``ValueError`` for what is no event of the catalogue."""

    def encode(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        component: str,
        subject: str,
        tenant: str | None = None,
        id: str | None = None,  # noqa: A002 — the attribute's name
        traceparent: str | None = None,
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body in binary mode."""

    def decode(self, headers: Mapping[str, str], body: bytes) -> ReceivedEvent:
        """Read binary or structured mode."""


EventAnswer = tuple[Mapping[str, str], bytes] | None
"""Nothing, or the headers and body of one event in reply, which the broker takes like any other."""
EventHandler = Callable[[ReceivedEvent], Awaitable[EventAnswer]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler. ``once``: an event that was handled is not handled again when it is delivered again."""

    handler: EventHandler
    once: bool = True
