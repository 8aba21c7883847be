"""Topics. ``raw.*`` is what sources send, ``normalized.*`` what passed the checks, ``quarantine.*`` the
rest; ``analytics.*`` is derived. The key of a message is its ``entity_id``, so that order per entity holds.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["trades", "quotes", "orders"]

KINDS: tuple[Kind, ...] = ("trades", "quotes", "orders")
ANALYTICS = ("analytics.vwap", "analytics.volatility", "analytics.alerts", "analytics.positions")


def raw(kind: Kind) -> str:
    """The topic that sources send to."""
    return f"raw.{kind}"


def normalized(kind: Kind) -> str:
    """The topic of checked messages."""
    return f"normalized.{kind}"


def quarantine(kind: Kind) -> str:
    """The topic of refused messages."""
    return f"quarantine.{kind}"


ALL = (
    *(name(kind) for name in (raw, normalized, quarantine) for kind in KINDS),
    *ANALYTICS,
)
