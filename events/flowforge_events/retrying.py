"""Which answers are worth another try, and how long to wait before it.

Knative's rule (eventing ``pkg/kncloudevents/retries.go``, docs "Event delivery"): 404, 408, 409, 429, any 5xx
and no answer at all; every other answer stands.
"""

from __future__ import annotations

import random

RETRIED = frozenset({404, 408, 409, 429})
FIRST_SECONDS = 0.1
MOST_SECONDS = 5.0
MOST_ASKED_SECONDS = 30.0
"""How much of a ``Retry-After`` is honoured."""


def is_retried(status: int) -> bool:
    """Whether an event answered with this status is sent again."""
    return status in RETRIED or status >= 500


def pause(attempt: int, retry_after: str | None = None) -> float:
    """Seconds before try ``attempt + 1``: doubled each time, with jitter, at least what ``Retry-After`` asks.

    The jitter is "equal jitter" (half fixed, half random), so that many senders do not come back at once.
    """
    step: float = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt - 1, 16))
    jittered = step / 2 + random.uniform(0, step / 2)  # noqa: S311 — spreads load, hides nothing
    asked = float(retry_after) if retry_after is not None and retry_after.isdigit() else 0.0
    return max(jittered, min(asked, MOST_ASKED_SECONDS))
