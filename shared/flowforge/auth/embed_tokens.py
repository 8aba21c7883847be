"""Embed tokens: what a host's server exchanges its key for, and its page hands to the frame.

A JWT (RFC 7519) signed with HS256 and the installation's own secret, of an issuer and audience that no
user's token has: neither is accepted in the place of the other. It says which widget, for pages of which
origins, with which locked filters and parameters, and which columns the viewer may filter. The key behind
it is looked up at every use, so that revoking the key ends its tokens.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flowforge.errors import AccessError, ErrorCode, FlowForgeError
from flowforge.records import dataclass
from flowforge.settings import required_secret

ALGORITHM = "HS256"
TYPE = "flowforge-embed+jwt"
ISSUER = AUDIENCE = "flowforge:embed"
LONGEST_SECONDS = 600
MAX_TOKEN_BYTES = 6_144
"""A token travels in a header; servers commonly take 8 KiB of them."""

_CLAIMS = ("aud", "exp", "iss", "sub", "iat")


@dataclass(frozen=True, slots=True)
class EmbedClaims:
    """What a token says. ``expires`` is Unix seconds; ``filterable_columns`` are the viewer's to filter."""

    key_id: UUID
    tenant_id: str
    widget_id: UUID
    origins: tuple[str, ...]
    locked_filters: tuple[dict[str, Any], ...]
    params: Mapping[str, Any]
    filterable_columns: frozenset[str]
    expires: float


def sign(claims: EmbedClaims) -> str:
    """The token; 422 when what it says is too long for a header."""
    from jose import jwt

    body = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(claims.key_id),
        "iat": int(time.time()),
        "exp": int(claims.expires),
        "tenant_id": claims.tenant_id,
        "widget_id": str(claims.widget_id),
        "origins": claims.origins,
        "locked_filters": claims.locked_filters,
        "params": dict(claims.params),
        "filterable_columns": sorted(claims.filterable_columns),
    }
    token = str(jwt.encode(body, _secret(), ALGORITHM, headers={"typ": TYPE}))
    if len(token) > MAX_TOKEN_BYTES:
        raise FlowForgeError(
            ErrorCode.INVALID_REQUEST,
            f"The token would be {len(token)} bytes long; at most {MAX_TOKEN_BYTES} fit a header.",
            field="locked_filters",
            hint="Lock the filters that are the same for everybody on the key: those are not repeated in the token.",
        )
    return token


def verified(token: str) -> EmbedClaims:
    """What a token says, once its signature, type, audience and times hold; ``AccessError`` (401) otherwise."""
    if len(token) > MAX_TOKEN_BYTES:
        raise refused()
    from jose import jwt
    from jose.exceptions import JWTError

    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != ALGORITHM or header.get("typ") != TYPE or "crit" in header:
            raise refused()
        claims = jwt.decode(
            token,
            _secret(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={f"require_{claim}": True for claim in _CLAIMS},
        )
        if claims["exp"] - claims["iat"] > LONGEST_SECONDS:
            raise refused()
        return EmbedClaims(
            key_id=UUID(claims["sub"]),
            tenant_id=claims["tenant_id"],
            widget_id=UUID(claims["widget_id"]),
            origins=tuple(claims["origins"]),
            locked_filters=tuple(claims["locked_filters"]),
            params=claims["params"],
            filterable_columns=frozenset(claims["filterable_columns"]),
            expires=float(claims["exp"]),
        )
    except (JWTError, RecursionError, KeyError, TypeError, ValueError) as invalid:
        raise refused() from invalid


def refused() -> AccessError:
    """401 in the same words for every reason: the frame asks its host for another token."""
    return AccessError(
        ErrorCode.UNAUTHENTICATED,
        "The embed token is invalid, has expired, or its key was revoked.",
        hint="The host's server gets a new one: POST /api/v1/embed/token.",
    )


def _secret() -> str:
    return required_secret("embed_secret", "Embed tokens are not set up here.")
