"""Reading a tenant's entitlements: the operator's grant, narrowed by the tenant's own admin."""

from __future__ import annotations

from typing import Any

import orjson

from flowforge.metadata.pool import metadata_pool
from flowforge.tenancy import EVERYTHING, Access, Allowed, allowed

NOTHING: Allowed = frozenset()

_READ = """
    SELECT granted_symbols, granted_tables, narrowed_symbols, narrowed_tables, acl_version
    FROM tenants WHERE tenant_id = $1
"""


async def read_access(tenant_id: str) -> Access:
    """The effective entitlements now; a tenant that is not registered sees nothing (version 0)."""
    row = await (await metadata_pool()).fetch_one(_READ, tenant_id)
    if row is None:
        return Access(tenant_id, NOTHING, NOTHING, 0)
    return Access(
        tenant_id,
        narrowed(_stored(row["granted_symbols"]), _stored(row["narrowed_symbols"])),
        narrowed(_stored(row["granted_tables"]), _stored(row["narrowed_tables"])),
        row["acl_version"],
    )


def narrowed(grant: Allowed | None, wish: Allowed | None) -> Allowed:
    """What is in both; no wish leaves the grant as it is, no grant leaves nothing."""
    if grant is None:
        return NOTHING
    if wish is None or wish is EVERYTHING:
        return grant
    assert isinstance(wish, frozenset)
    return frozenset(name for name in wish if name in grant)


def _stored(document: Any) -> Allowed | None:
    value = orjson.loads(document) if isinstance(document, str) else document
    return None if value is None else allowed(value)
