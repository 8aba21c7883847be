"""Models of the relay's calls; ``serve`` makes OpenAPI of them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

MAX_ID = 64


class ResumeQuery(BaseModel):
    """Where to go on, for clients that cannot send ``Last-Event-ID``."""

    model_config = ConfigDict(extra="forbid")

    last_event_id: str | None = Field(default=None, max_length=MAX_ID)


class StreamQuery(ResumeQuery):
    """Which dashboard to watch."""

    dashboard: UUID


def resume_from(headers: Mapping[str, str], query: Mapping[str, str]) -> str | None:
    """The id of the last message that was heard: the header wins; None for a stream that is new."""
    named = headers.get("last-event-id") or query.get("last_event_id")
    return named or None
