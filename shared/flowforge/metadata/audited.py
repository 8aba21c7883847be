"""The data of an audit event about one change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flowforge.tenancy import Caller

AUDIT = "flowforge.audit.recorded.v1"
OPERATOR = "operator"
"""Who acts by the command line of the installation."""


def audit_of(caller: Caller, action: str, subject: object) -> dict[str, Any]:
    """Who did what to which object, now."""
    return {
        "actor": caller.subject,
        "action": action,
        "object": str(subject),
        "at": datetime.now(UTC).isoformat(),
    }
