"""What a tenant may see, read from the metadata and remembered for a moment."""

from __future__ import annotations

import time

from flowforge.metadata.access import read_access
from flowforge.tenancy import Access

REMEMBER_SECONDS = 2.0
"""Well under the 5 s in which a withdrawn entitlement must have its effect everywhere."""
MAX_REMEMBERED = 10_000

_remembered: dict[str, tuple[float, Access]] = {}


async def access_of(tenant_id: str) -> Access:
    """The tenant's effective entitlements; an unknown tenant is entitled to nothing."""
    known = _remembered.get(tenant_id)
    now = time.monotonic()
    if known is not None and known[0] > now:
        return known[1]
    access = await read_access(tenant_id)
    if len(_remembered) >= MAX_REMEMBERED:
        _remembered.clear()
    _remembered[tenant_id] = (now + REMEMBER_SECONDS, access)
    return access


def forget_access(tenant_id: str) -> None:
    """Read the tenant's entitlements again at the next request of this process."""
    _remembered.pop(tenant_id, None)
