"""Lists by cursor: stable while rows are added or deleted, and cheap on any page."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, tuple_

from flowforge.errors import ErrorCode, FlowForgeError

T = TypeVar("T")


class ListQuery(BaseModel):
    """``limit`` items after ``cursor``."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=200)


def newest_first(statement: Select[Any], table: Any, query: ListQuery) -> Select[Any]:
    """One row more than the page, newest first, after the cursor."""
    if query.cursor is not None:
        statement = statement.where(tuple_(table.created_at, table.id) < _position(query.cursor))
    return statement.order_by(table.created_at.desc(), table.id.desc()).limit(query.limit + 1)


def page(rows: Sequence[Any], query: ListQuery) -> tuple[Sequence[Any], str | None]:
    """The items of the page and the cursor of the next one."""
    items = rows[: query.limit]
    if len(rows) <= query.limit:
        return items, None
    last = items[-1]
    return items, urlsafe_b64encode(f"{last.created_at.isoformat()}|{last.id}".encode()).decode().rstrip("=")


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, object_id = text.partition("|")
        parsed = datetime.fromisoformat(moment)
        if parsed.tzinfo is None:
            raise ValueError("no zone")
        return parsed, UUID(object_id)
    except ValueError:
        raise FlowForgeError(
            ErrorCode.INVALID_REQUEST,
            "The cursor is not one of ours.",
            field="cursor",
            hint="Use next_cursor as it was given.",
        ) from None
