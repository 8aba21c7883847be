"""What embed_auth takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from flowforge.embed.origins import Origin
from flowforge.results.filters import Filter
from flowforge.results.shapes import Parameters, Strict

MAX_WIDGETS = 100
MAX_ORIGINS = 20
MAX_LOCKS = 50
MAX_COLUMNS = 200


def _printable(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise ValueError("must be visible characters")
    return name


def _unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_printable)]
Locks = Annotated[
    list[Filter],
    Field(max_length=MAX_LOCKS, description="Conditions that every row meets, whatever a viewer sends."),
]
Columns = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=255)]],
    Field(
        max_length=MAX_COLUMNS, description="Columns a viewer may filter; null: those that the widget shows."
    ),
    AfterValidator(_unique),
]
Origins = Annotated[
    list[Origin],
    Field(max_length=MAX_ORIGINS, description="Pages that may frame the widgets; none: no page may."),
    AfterValidator(_unique),
]


class KeyCreate(Strict):
    """A new key. Without ``expires_at`` it is valid until it is revoked."""

    name: Name
    widget_ids: list[UUID] = Field(min_length=1, max_length=MAX_WIDGETS)
    expires_at: AwareDatetime | None = None
    allowed_origins: Origins = Field(default=[])
    locked_filters: Locks = Field(default=[])
    filterable_columns: Columns | None = None


class KeyShape(BaseModel):
    """A key without its secret. Its ``id`` is public: the page is ``/embed/{widget_id}?k={id}``."""

    id: UUID
    name: str
    widget_ids: list[UUID]
    expires_at: datetime | None
    allowed_origins: list[str]
    locked_filters: list[Filter]
    filterable_columns: list[str] | None
    created_by: str
    created_at: datetime


class CreatedKey(KeyShape):
    """A new key with its secret, which is shown this once and kept nowhere."""

    key: str


class KeyPage(BaseModel):
    """A page of a list; ``next_cursor`` is null on the last one."""

    items: list[KeyShape]
    next_cursor: str | None


class TokenRequest(Strict):
    """Which widget, and what holds for this viewer beyond the key's own locks."""

    widget_id: UUID
    locked_filters: Locks = Field(default=[])
    params: Parameters = Field(default={})
    filterable_columns: Columns | None = None


class TokenAnswer(BaseModel):
    """A token for the page's frame; ``expires_in`` seconds, at most 600."""

    token: str
    expires_in: int
