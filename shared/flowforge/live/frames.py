"""A message as it goes to one kind of viewer, encoded once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from flowforge.live.positions import event_id, tag_of
from flowforge.stores.live import Position


@dataclass(frozen=True)
class Frame:
    """A message at its place in the feed; ``text`` is JSON, ``event`` the same as a server-sent event."""

    position: Position
    id: str
    message: Mapping[str, Any]

    @cached_property
    def text(self) -> str:
        """The message with its id."""
        return orjson.dumps({"type": self.message["type"], "id": self.id, **self.message}).decode()

    @cached_property
    def event(self) -> bytes:
        """WHATWG HTML § 9.2: ``id:`` and ``data:``, which JSON keeps on one line."""
        return f"id: {self.id}\ndata: {self.text}\n\n".encode()


@dataclass(frozen=True, eq=False)
class Lens:
    """What a stream watches: it says which messages its viewers see, and under which ids.

    ``kind`` is ``dashboard`` or ``execution``; ``widget`` narrows a dashboard to one of its widgets, and
    ``terms`` is the digest of those under which it is shown.
    """

    tenant: str
    kind: str
    id: str
    widget: str | None = None
    terms: str = ""
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "tag", tag_of(self.tenant, self.kind, self.id, self.widget or "", self.terms)
        )

    def frame(self, position: Position, message: Mapping[str, Any]) -> Frame | None:
        """The message as these viewers see it; None where it is not for them."""
        if self.widget is not None:
            if message["type"] not in ("hello", "ping", "invalidate"):
                return None
            if message["type"] == "invalidate":
                if self.widget not in message["widget_ids"]:
                    return None
                message = {**message, "widget_ids": [self.widget]}
        return Frame(position, event_id(position, self.tag), message)
