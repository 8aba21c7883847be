"""Roles and the one place where they are enforced.

``viewer`` reads and runs what exists; ``analyst`` also edits workflows and dashboards; ``admin``
also administers the tenant.
"""

from __future__ import annotations

from flowforge.errors import AccessError, ErrorCode
from flowforge.tenancy import ROLES, Access, Caller, Role


def require_role(caller: Caller, least: Role) -> None:
    """Refuse (403) a caller whose best role is below ``least``."""
    sufficient = ROLES[: ROLES.index(least) + 1]
    if caller.roles.isdisjoint(sufficient):
        held = ", ".join(sorted(caller.roles)) or "none"
        raise AccessError(
            ErrorCode.FORBIDDEN,
            f"This needs the role {least!r}; yours: {held}.",
            hint="Ask an admin of your tenant.",
        )


def require_registered(access: Access) -> None:
    """Refuse (403) a tenant that no operator has registered: it sees nothing and keeps nothing."""
    if access.version == 0:
        raise AccessError(
            ErrorCode.FORBIDDEN,
            f"The tenant {access.tenant_id!r} is not registered.",
            hint="An operator registers it: flowforge tenant grant.",
        )
