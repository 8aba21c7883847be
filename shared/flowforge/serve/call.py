"""One request as a function sees it, and the answers it may give."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel

from flowforge.errors import AccessError, ErrorCode
from flowforge.records import dataclass
from flowforge.serve.feed import EventStream
from flowforge.tenancy import Access, Caller

if TYPE_CHECKING:
    from flowforge.auth.embed import EmbedGrant
    from flowforge.metadata.embed_keys import StoredKey


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request. ``access`` is what the tenant may see at this moment.

    ``proof`` is what stands in a user's place where the endpoint asks for it: a key, or an embed grant.
    """

    caller: Caller
    access: Access
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    proof: StoredKey | EmbedGrant | None = None

    @property
    def key(self) -> StoredKey:
        """The API key of a call whose endpoint has ``proof="key"``."""
        from flowforge.metadata.embed_keys import StoredKey

        assert isinstance(self.proof, StoredKey)
        return self.proof

    @property
    def grant(self) -> EmbedGrant:
        """The grant of a call whose endpoint has ``proof="embed"``."""
        from flowforge.auth.embed import EmbedGrant

        assert isinstance(self.proof, EmbedGrant)
        return self.proof

    @property
    def accepts(self) -> str:
        """The first media type of ``Accept`` without parameters; empty when anything will do."""
        first = self.headers.get("accept", "").split(",", 1)[0].split(";", 1)[0].strip().lower()
        return "" if first == "*/*" else first


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with more than a body: ``body`` is JSON bytes, a model, plain data, or None."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that is sent while it is produced, such as a CSV export."""

    media_type: str
    chunks: AsyncIterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Reply | Stream | EventStream | bytes | BaseModel | Mapping[str, Any] | None
"""``bytes`` are finished JSON; None answers 204."""


def object_id(call: Call, kind: str, name: str = "id") -> UUID:
    """The id in the path; one that is no UUID names nothing (404)."""
    return uuid_of(call.path[name], kind)


def uuid_of(text: str, kind: str) -> UUID:
    """The id that a text of the path is; 404 for one that is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        raise AccessError(ErrorCode.NOT_FOUND, f"There is no {kind} {text!r}.") from None
