"""What the operator allows each tenant to use, where it differs from the defaults."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from flowforge.errors import AccessError, ErrorCode
from flowforge.metadata.audited import OPERATOR
from flowforge.metadata.pool import metadata_pool
from flowforge.metadata.telling import telling
from flowforge.tenancy import Caller

_READ = "SELECT limits FROM tenants WHERE tenant_id = $1"
_WRITE = "UPDATE tenants SET limits = $2 WHERE tenant_id = $1 RETURNING 1"


async def read_limits(tenant_id: str) -> dict[str, float]:
    """The tenant's own limits by name; empty where it has none, or is not registered."""
    row = await (await metadata_pool()).fetch_one(_READ, tenant_id)
    found: dict[str, float] = {} if row is None or row["limits"] is None else orjson.loads(row["limits"])
    return found


async def write_limits(tenant_id: str, limits: Mapping[str, float]) -> None:
    """Replace the tenant's own limits; 404 for a tenant that is not registered."""
    document = orjson.dumps(dict(limits)).decode() if limits else None
    async with telling() as open_:
        if await open_.connection.fetchval(_WRITE, tenant_id, document) is None:
            raise AccessError(
                ErrorCode.NOT_FOUND,
                f"There is no tenant {tenant_id!r}.",
                hint="Register it: flowforge tenant grant.",
            )
        await open_.record(Caller(tenant_id, OPERATOR, frozenset()), "tenant.limits", tenant_id)
