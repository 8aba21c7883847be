"""How often and how long a delivery is tried, and where an event goes that nobody took.

``knative.dev/eventing/pkg/apis/duck/v1`` (delivery_types.go). Knative drops what has no dead-letter sink, so one is
required here; a Trigger's delivery replaces its Broker's as a whole, not field by field.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from flowforge_local.mesh.manifests.destination import Destination
from flowforge_local.mesh.manifests.duration import iso_duration
from flowforge_local.mesh.manifests.model import Object

MOST_DELAY_SECONDS = 3600.0
MOST_DOUBLINGS = 30


def _delay(text: str) -> str:
    iso_duration(text)
    return text


def _positive(text: str) -> str:
    if iso_duration(text) <= 0:
        raise ValueError(f"{text!r} must be more than no time")
    return text


class Delivery(Object):
    """``retry`` tries after the first, with pauses that grow by the policy."""

    dead_letter_sink: Destination
    retry: int = Field(ge=0, le=100)
    backoff_policy: Literal["linear", "exponential"]
    backoff_delay: Annotated[str, AfterValidator(_delay)]
    timeout: Annotated[str, AfterValidator(_positive)] | None = None

    def pause(self, number: int) -> float:
        """Seconds before retry ``number`` (1, 2, …): the delay times the number, or doubled with each.

        >>> sink = Destination(uri="http://x/")
        >>> of = lambda policy: Delivery(deadLetterSink=sink, retry=3, backoffPolicy=policy, backoffDelay="PT0.2S")
        >>> [of("linear").pause(n) for n in (1, 2, 3)], [of("exponential").pause(n) for n in (1, 2, 3)]
        ([0.2, 0.4, 0.6000000000000001], [0.2, 0.4, 0.8])
        """
        delay = iso_duration(self.backoff_delay)
        factor = number if self.backoff_policy == "linear" else 2 ** min(number - 1, MOST_DOUBLINGS)
        return min(delay * factor, MOST_DELAY_SECONDS)

    @property
    def timeout_seconds(self) -> float | None:
        """How long one try may take; None: as long as the subscriber's own limit."""
        return iso_duration(self.timeout) if self.timeout is not None else None
