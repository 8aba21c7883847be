"""Lists by cursor: stable while rows are added or deleted, and cheap on any page."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from flowforge.errors import ErrorCode, FlowForgeError


class ListQuery(BaseModel):
    """``limit`` items after ``cursor``."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=200)


def cursor_at(created_at: datetime, object_id: UUID) -> str:
    """The cursor that continues behind this object."""
    return urlsafe_b64encode(f"{created_at.isoformat()}|{object_id}".encode()).decode().rstrip("=")


def position_of(cursor: str) -> tuple[datetime, UUID]:
    """Where a cursor continues; 422 for one that is not ours."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, object_id = text.partition("|")
        parsed = datetime.fromisoformat(moment)
        if parsed.tzinfo is None:
            raise ValueError("no zone")
        return parsed.astimezone(UTC), UUID(object_id)
    except (ValueError, OverflowError):
        raise FlowForgeError(
            ErrorCode.INVALID_REQUEST,
            "The cursor is not one of ours.",
            field="cursor",
            hint="Use next_cursor as it was given.",
        ) from None
