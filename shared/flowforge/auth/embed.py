"""What an embedded page, or its host's server, may see: one widget, under the locks of key and token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flowforge.auth.embed_keys import current_key, key_of_headers
from flowforge.auth.embed_tokens import EmbedClaims, refused, verified
from flowforge.errors import AccessError, ErrorCode
from flowforge.metadata.embed_keys import StoredKey
from flowforge.metadata.graphs import not_found
from flowforge.records import dataclass
from flowforge.tenancy import Caller


@dataclass(frozen=True, slots=True)
class EmbedGrant:
    """Proof that ``widget_id`` may be shown.

    ``locked_filters`` are those of the key and of the token: all of them hold. ``params`` None: the
    holder chooses them (a host's server); otherwise they are fixed. ``filterable_columns`` None: what the
    widget shows. ``expires`` is Unix seconds, None for a key without an end.
    """

    tenant_id: str
    key_id: UUID
    widget_id: UUID
    origins: tuple[str, ...]
    locked_filters: tuple[dict[str, Any], ...]
    params: Mapping[str, Any] | None
    filterable_columns: frozenset[str] | None
    expires: float | None

    @property
    def caller(self) -> Caller:
        """The key as a caller: it reads, and nothing else."""
        return Caller(self.tenant_id, f"embed-key:{self.key_id}", frozenset({"viewer"}), self.expires)


async def grant_of(headers: Mapping[str, str], widget_id: UUID) -> EmbedGrant:
    """The grant for a widget by embed token (``Authorization: Bearer``) or raw key (``X-API-Key``).

    401 for a proof that is not good (any more), 404 for a widget that it does not open, 403 for a page of
    an origin that the key does not list.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        claims = verified(token.strip())
        grant = _of_token(claims, await current_key(claims.key_id))
    elif "authorization" in headers:
        raise refused()
    else:
        grant = _of_key(await key_of_headers(headers), widget_id)
    if grant.widget_id != widget_id:
        raise not_found("widget", widget_id)
    _check_origin(headers, grant.origins)
    return grant


async def still_holds(grant: EmbedGrant) -> bool:
    """Whether the key behind a grant is still there, unexpired, and still opens the widget (≤ 1 s old)."""
    key = await current_key(grant.key_id)
    return key is not None and not key.expired and grant.widget_id in key.widget_ids


def _of_token(claims: EmbedClaims, key: StoredKey | None) -> EmbedGrant:
    if key is None or key.expired or key.tenant_id != claims.tenant_id:
        raise refused()
    if claims.widget_id not in key.widget_ids:
        raise not_found("widget", claims.widget_id)
    return EmbedGrant(
        key.tenant_id,
        key.id,
        claims.widget_id,
        key.allowed_origins,
        (*key.locked_filters, *claims.locked_filters),
        claims.params,
        claims.filterable_columns,
        claims.expires,
    )


def _of_key(key: StoredKey, widget_id: UUID) -> EmbedGrant:
    if widget_id not in key.widget_ids:
        raise not_found("widget", widget_id)
    columns = key.filterable_columns
    return EmbedGrant(
        key.tenant_id,
        key.id,
        widget_id,
        key.allowed_origins,
        key.locked_filters,
        None,
        None if columns is None else frozenset(columns),
        None if key.expires_at is None else key.expires_at.timestamp(),
    )


def _check_origin(headers: Mapping[str, str], origins: tuple[str, ...]) -> None:
    """A browser says which page asks: ours (the frame) or one that the key lists, and no other."""
    origin = headers.get("origin")
    if origin is None or origin in origins:
        return
    own = headers.get("x-forwarded-host") or headers.get("host", "")
    if urlsplit(origin).netloc.lower() != own.lower() or not own:
        raise AccessError(
            ErrorCode.FORBIDDEN,
            f"Pages of {origin[:100]!r} may not use this key.",
            field="Origin",
            hint="List the origin in the key's allowed_origins.",
        )
