"""What a tenant may see, read from the metadata and remembered for a moment."""

from __future__ import annotations

from flowforge.metadata.access import read_access
from flowforge.remembered import remembered
from flowforge.tenancy import Access

REMEMBER_SECONDS = 1.0
"""Well under the 5 s in which a withdrawn entitlement must have its effect everywhere."""


@remembered(REMEMBER_SECONDS)
async def access_of(tenant_id: str) -> Access:
    """The tenant's effective entitlements; an unknown tenant is entitled to nothing."""
    return await read_access(tenant_id)


def forget_access(tenant_id: str) -> None:
    """Read the tenant's entitlements again at the next request of this process."""
    access_of.forget(tenant_id)
