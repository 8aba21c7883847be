"""Pages of SQLAlchemy selects by cursor (``results.paging``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, tuple_

from flowforge.results.paging import ListQuery, cursor_at, position_of

__all__ = ["ListQuery", "newest_first", "page"]


def newest_first(statement: Select[Any], table: Any, query: ListQuery) -> Select[Any]:
    """One row more than the page, newest first, after the cursor."""
    if query.cursor is not None:
        statement = statement.where(tuple_(table.created_at, table.id) < position_of(query.cursor))
    return statement.order_by(table.created_at.desc(), table.id.desc()).limit(query.limit + 1)


def page(rows: Sequence[Any], query: ListQuery) -> tuple[Sequence[Any], str | None]:
    """The items of the page and the cursor of the next one."""
    items = rows[: query.limit]
    if len(rows) <= query.limit:
        return items, None
    return items, cursor_at(items[-1].created_at, items[-1].id)
