"""What can be watched, and whether it is the tenant's; another tenant's id names nothing (404)."""

from __future__ import annotations

from uuid import UUID

from flowforge.metadata import executions
from flowforge.metadata.executions import Execution
from flowforge.metadata.graphs import not_found
from flowforge.metadata.shown import owns_dashboard


async def require_dashboard(tenant: str, dashboard_id: UUID) -> None:
    """404 unless the tenant has this dashboard."""
    if not await owns_dashboard(tenant, dashboard_id):
        raise not_found("dashboard", dashboard_id)


async def require_execution(tenant: str, execution_id: UUID) -> Execution:
    """The tenant's execution; 404 if it has none of that id."""
    found = await executions.read(tenant, execution_id)
    if found is None:
        raise not_found("execution", execution_id)
    return found
