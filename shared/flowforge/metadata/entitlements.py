"""Changing what tenants may see. Every change raises the ACL version, which every cache key carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.errors import AccessError, ErrorCode
from flowforge.metadata.access import narrowed
from flowforge.metadata.audited import OPERATOR
from flowforge.metadata.outbox import announce, record
from flowforge.metadata.session import transaction
from flowforge.metadata.tables import Tenant
from flowforge.tenancy import EVERYTHING, TENANT_ID, Allowed, Caller, allowed

Wire = Literal["*"] | list[str]
"""``"*"`` or a list of names, as it is stored and sent."""


async def grant(tenant_id: str, symbols: str | Iterable[str], tables: str | Iterable[str] = "*") -> int:
    """The operator's grant: register the tenant or replace its grant. Gives the new ACL version.

    What the tenant's admin narrowed stays in force. A change is announced as
    ``tenant.access_changed``. ``ValueError`` for a malformed tenant id.
    """
    if not TENANT_ID.fullmatch(tenant_id):
        raise ValueError(f"{tenant_id!r} is not a tenant id (a-z, 0-9 and '-', at most 63)")
    granted = {"granted_symbols": _wire(allowed(symbols)), "granted_tables": _wire(allowed(tables))}
    statement = (
        insert(Tenant)
        .values(tenant_id=tenant_id, **granted)
        .on_conflict_do_update(
            index_elements=[Tenant.tenant_id],
            set_={**granted, "acl_version": Tenant.acl_version + 1, "updated_at": func.now()},
            # A plain "*" would be compared as text, which PostgreSQL refuses.
            where=(Tenant.granted_symbols != literal(granted["granted_symbols"], JSONB))
            | (Tenant.granted_tables != literal(granted["granted_tables"], JSONB)),
        )
    )
    async with transaction() as session:
        changed: int | None = await session.scalar(statement.returning(Tenant.acl_version))
        if changed is not None:
            _announce(session, Caller(tenant_id, OPERATOR, frozenset()), "tenant.grant", changed)
            return changed
        version = await session.scalar(select(Tenant.acl_version).where(Tenant.tenant_id == tenant_id))
        assert version is not None
        return version


async def read_tenant(tenant_id: str) -> dict[str, Any]:
    """Effective, granted and narrowed entitlements as the API shows them; 404 for an unknown tenant."""
    async with transaction() as session:
        tenant = await session.get(Tenant, tenant_id)
        if tenant is None:
            raise _unknown()
        return _shown(tenant)


async def narrow(
    caller: Caller, symbols: Wire | None, tables: Wire | None, if_version: int | None = None
) -> dict[str, Any]:
    """The tenant's own restriction within the grant; ``None`` leaves a side as it is, ``"*"`` lifts it.

    Names outside the grant are refused (403); a stale ``if_version`` too (412). A change is announced
    as ``tenant.access_changed``.
    """
    async with transaction() as session:
        tenant = await session.get(Tenant, caller.tenant_id, with_for_update=True)
        if tenant is None:
            raise _unknown()
        if if_version is not None and if_version != tenant.acl_version:
            raise AccessError(
                ErrorCode.PRECONDITION_FAILED,
                f"The entitlements are at version {tenant.acl_version}, not {if_version}.",
                hint="Read them again, then repeat the change.",
            )
        before = (tenant.narrowed_symbols, tenant.narrowed_tables)
        if symbols is not None:
            tenant.narrowed_symbols = _within("symbols", symbols, tenant.granted_symbols)
        if tables is not None:
            tenant.narrowed_tables = _within("tables", tables, tenant.granted_tables)
        if (tenant.narrowed_symbols, tenant.narrowed_tables) != before:
            tenant.acl_version += 1
            _announce(session, caller, "tenant.narrow", tenant.acl_version)
        return _shown(tenant)


def _announce(session: AsyncSession, caller: Caller, action: str, version: int) -> None:
    tenant_id = caller.tenant_id
    announce(
        session,
        "flowforge.tenant.access_changed.v1",
        subject=tenant_id,
        tenant=tenant_id,
        data={"acl_version": version},
    )
    record(session, caller, action, tenant_id)


def _within(field: str, wish: Wire, grant_: Wire) -> Wire | None:
    wanted = allowed(wish)
    if wanted is EVERYTHING:
        return None
    assert isinstance(wanted, frozenset)
    granted = allowed(grant_)
    beyond = sorted(name for name in wanted if name not in granted)
    if beyond:
        raise AccessError(
            ErrorCode.FORBIDDEN,
            f"{', '.join(map(repr, beyond[:5]))}: not within what your operator granted.",
            field=field,
            hint="A tenant's admin can narrow the grant, not widen it.",
        )
    return sorted(wanted)


def _shown(tenant: Tenant) -> dict[str, Any]:
    shown: dict[str, Any] = {"tenant_id": tenant.tenant_id, "version": tenant.acl_version}
    for side in ("symbols", "tables"):
        granted, wish = getattr(tenant, f"granted_{side}"), getattr(tenant, f"narrowed_{side}")
        shown[side] = _wire(narrowed(allowed(granted), None if wish is None else allowed(wish)))
        shown[f"granted_{side}"] = granted
    return shown


def _wire(value: Allowed) -> Wire:
    return sorted(value) if isinstance(value, frozenset) else "*"


def _unknown() -> AccessError:
    return AccessError(
        ErrorCode.NOT_FOUND,
        "This tenant is not registered.",
        hint="An operator registers it: flowforge tenant grant.",
    )
