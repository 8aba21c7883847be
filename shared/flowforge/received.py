"""What a delivered event looks like to whoever handles it, without its catalogue or its transport."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class ReceivedEvent(Protocol):
    """An event as plain data. ``source`` + ``id`` identify it for ever; ``kind`` is its type."""

    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def tenant(self) -> str | None: ...
    @property
    def time(self) -> datetime: ...
    @property
    def traceparent(self) -> str | None: ...
    @property
    def data(self) -> dict[str, Any]: ...
