"""The limits of a tenant: the installation's defaults, changed by what its operator set for the tenant."""

from __future__ import annotations

import logging

from pydantic import BaseModel, ConfigDict, Field

from flowforge.errors import StoreError
from flowforge.metadata.limits import read_limits
from flowforge.remembered import remembered
from flowforge.settings import settings

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 5.0


class TenantLimits(BaseModel):
    """Numbers of one tenant, over all processes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    requests_per_second: float = Field(gt=0, le=1_000_000, description="calls, on average")
    burst: int = Field(ge=1, le=1_000_000, description="calls that may come at once")
    queries: int = Field(ge=1, le=1_000, description="queries of the engines at the same time")
    streams: int = Field(ge=1, le=100_000, description="open streams")
    executions: int = Field(ge=1, le=100, description="executions that run at the same time")
    unfinished_executions: int = Field(ge=1, le=10_000, description="executions that wait or run")

    @staticmethod
    def default() -> TenantLimits:
        """Of a tenant that the operator set nothing for."""
        return TenantLimits.model_validate_json(settings().tenant_limits)


async def limits_of(tenant_id: str) -> TenantLimits:
    """The tenant's limits; a change takes effect within ``REMEMBER_SECONDS``."""
    try:
        return await _remembered(tenant_id)
    except StoreError as away:
        log.warning("The limits of %s cannot be read: %s", tenant_id, away)
        return _remembered.last(tenant_id, None) or TenantLimits.default()


@remembered(REMEMBER_SECONDS)
async def _remembered(tenant_id: str) -> TenantLimits:
    return TenantLimits.default().model_copy(update=await read_limits(tenant_id))
