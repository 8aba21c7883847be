"""Names of the feed's channels. All but ``ALERTS`` and ``CONTROL`` begin with their tenant."""

from __future__ import annotations

import hashlib

ALERTS = "alerts"
"""Alerts of every symbol; each relay shows a viewer those of symbols that the viewer may see."""
CONTROL = "control"
"""What relays tell each other; never shown."""


def dashboard(tenant: str, dashboard_id: str) -> str:
    """What happens to a dashboard and the data behind it."""
    return f"{tenant}/dashboard/{dashboard_id}"


def terms(tenant: str, name: str) -> str:
    """What happens to the data behind a widget under the terms of a grant (:mod:`flowforge.live.terms`)."""
    return f"{tenant}/terms/{name}"


def execution(tenant: str, execution_id: str) -> str:
    """How one execution fares."""
    return f"{tenant}/execution/{execution_id}"


def subject(tenant: str, name: str) -> str:
    """What only one user of a tenant is told."""
    return f"{tenant}/subject/{hashlib.blake2b(name.encode(), digest_size=12).hexdigest()}"
