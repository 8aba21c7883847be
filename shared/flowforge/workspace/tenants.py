"""The caller, and what their tenant may see."""

from __future__ import annotations

from typing import Literal

from flowforge.auth import forget_access
from flowforge.metadata.entitlements import narrow, read_tenant
from flowforge.tenancy import ROLES, Access, Allowed, Caller
from flowforge.workspace.shapes import MeShape, SymbolsShape, SymbolsUpdate


def me(caller: Caller, access: Access) -> MeShape:
    """Who the caller is and what they see."""
    return MeShape(
        tenant_id=caller.tenant_id,
        subject=caller.subject,
        roles=[role for role in ROLES if role in caller.roles],
        symbols=_wire(access.symbols),
        tables=_wire(access.tables),
    )


async def read_symbols(tenant_id: str) -> SymbolsShape:
    """The tenant's entitlements; 404 for a tenant that is not registered."""
    return SymbolsShape(**await read_tenant(tenant_id))


async def narrow_symbols(caller: Caller, wanted: SymbolsUpdate, demanded: int | None) -> SymbolsShape:
    """Narrow within the operator's grant; takes effect in this process at once, elsewhere within 2 s."""
    changed = await narrow(caller, wanted.symbols, wanted.tables, demanded)
    forget_access(caller.tenant_id)
    return SymbolsShape(**changed)


def _wire(value: Allowed) -> list[str] | Literal["*"]:
    return sorted(value) if isinstance(value, frozenset) else "*"
