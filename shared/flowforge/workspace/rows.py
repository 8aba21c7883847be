"""Workflows, dashboards and widgets as rows: found for their tenant, added, and revised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from flowforge.metadata.graphs import not_found
from flowforge.metadata.session import transaction
from flowforge.metadata.tables import Dashboard, Widget, Workflow
from flowforge.workspace.paging import ListQuery, newest_first, page

Row = TypeVar("Row", Workflow, Dashboard, Widget)


async def owned(
    session: AsyncSession, table: type[Row], tenant_id: str, row_id: UUID, *, lock: bool = False
) -> Row:
    """The tenant's row of that id; 404 otherwise."""
    statement = select(table).where(table.tenant_id == tenant_id, table.id == row_id)
    found = await session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise not_found(table.__name__.lower(), row_id)
    return found


async def listed(table: type[Row], tenant_id: str, query: ListQuery) -> tuple[Sequence[Row], str | None]:
    """A page of the tenant's rows, newest first, and the cursor of the next one."""
    async with transaction() as session:
        found = await session.scalars(
            newest_first(select(table).where(table.tenant_id == tenant_id), table, query)
        )
        return page(found.all(), query)


async def add(session: AsyncSession, row: Row) -> None:
    """Insert a row, and read what the database set in it."""
    session.add(row)
    await session.flush()
    await session.refresh(row)


async def revise(session: AsyncSession, row: Row) -> None:
    """Write a changed row as its next version."""
    row.version += 1
    row.updated_at = func.now()
    await session.flush()
    await session.refresh(row)
