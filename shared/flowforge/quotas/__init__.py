"""What one tenant may use at a time, over all processes: requests, queries, streams, executions.

    await admit(tenant_id)                    one request; 429 beyond the rate
    async with query_slot(tenant_id): …       one query of an engine; 429 beyond the tenant's number
    async with planning_turn(tenant_id): …    one graph being compiled; the tenant's others wait
    async with stream_slot(tenant_id): …      one open stream; 429 beyond the tenant's number
    await limits_of(tenant_id)                the numbers: defaults, or what the operator set for the tenant

Counted in Redis; each process alone while that is away. A refusal says after how many seconds to ask again.
"""

from flowforge.quotas.limits import TenantLimits, limits_of
from flowforge.quotas.rate import admit
from flowforge.quotas.slots import planning_turn, query_slot, stream_slot

__all__ = ["TenantLimits", "admit", "limits_of", "planning_turn", "query_slot", "stream_slot"]
