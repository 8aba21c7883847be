"""Verifying a bearer token (RFC 7519, RFC 8725: fixed algorithm, required claims, known key).

python-jose by itself accepts tokens without ``aud`` or ``exp``, an unknown ``kid`` and an unknown
``crit``; each of these is refused here before or after its signature check.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flowforge.auth.issuers import issuers
from flowforge.errors import AccessError, ErrorCode
from flowforge.tenancy import ROLES, Caller

ALGORITHM = "RS256"
REQUIRED = ("aud", "exp", "iss", "sub", "iat")
LEEWAY_SECONDS = 30
"""By how much an issuer's clock may be ahead of ours."""
EXPIRY_LEEWAY_SECONDS = 2
"""How long a token is taken beyond its end: a token that has ended must open nothing for 5 s more."""
MAX_TOKEN_BYTES = 8_192
MAX_SUBJECT_LENGTH = 255
MAX_REMEMBERED = 4_096


class Trusted(Protocol):
    """An issuer that is known beforehand, with its public keys."""

    @property
    def url(self) -> str: ...
    @property
    def audience(self) -> str: ...

    async def key(self, kid: str) -> Mapping[str, Any]:
        """The RSA signing key of that id; ``AccessError`` if the issuer does not have it."""


REMEMBER_SECONDS = 60.0

_verified: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
"""Callers by token hash, for a minute and no longer than the token: verifying costs 50 µs, looking up 1 µs."""


async def caller_of_token(token: str) -> Caller:
    """The caller a token proves; ``AccessError`` (401) for any other token."""
    remembered = hashlib.sha256(token.encode()).digest()
    known = _verified.get(remembered)
    if known is not None and known[0] > time.time():
        return known[1]
    expires, caller = await _verify(token)
    _verified[remembered] = (min(expires, time.time() + REMEMBER_SECONDS), caller)
    if len(_verified) > MAX_REMEMBERED:
        _verified.popitem(last=False)
    return caller


async def _verify(token: str) -> tuple[float, Caller]:
    claims = await claims_of(token, issuers().get)
    issuer = issuers()[claims["iss"]]
    if claims.get("tenant_id") != issuer.tenant:
        raise _refused("its tenant is not the one its issuer is registered for")
    expires = float(claims["exp"])
    return expires, Caller(issuer.tenant, str(claims["sub"]), _roles(claims), expires)


async def claims_of(token: str, find: Callable[[str], Trusted | None]) -> Mapping[str, Any]:
    """What a token says, once all of it holds; ``find`` gives the trusted issuer of a URL. ``AccessError`` (401)."""
    if len(token) > MAX_TOKEN_BYTES:
        raise _refused("it is too long")
    from jose import jwt
    from jose.exceptions import JWTError

    try:
        header, unproven = jwt.get_unverified_header(token), jwt.get_unverified_claims(token)
    except (JWTError, RecursionError) as malformed:
        raise _refused("it is malformed") from malformed
    if header.get("alg") != ALGORITHM:
        raise _refused(f"it must be signed with {ALGORITHM}")
    if "crit" in header:
        raise _refused("it demands an extension that is not known")
    kid, url = header.get("kid"), unproven.get("iss")
    issuer = find(url) if isinstance(url, str) else None
    if issuer is None or not isinstance(kid, str):
        raise _refused("its issuer or key is not registered")
    key = await issuer.key(kid)
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            dict(key),
            algorithms=[ALGORITHM],
            audience=issuer.audience,
            issuer=issuer.url,
            options={f"require_{claim}": True for claim in REQUIRED} | {"leeway": LEEWAY_SECONDS},
        )
    except (JWTError, ValueError, TypeError, OverflowError) as invalid:  # a signed Infinity is no time either
        raise _refused("its signature, audience or times do not hold") from invalid
    if float(claims["exp"]) + EXPIRY_LEEWAY_SECONDS < time.time():
        raise _refused("it has expired")
    if float(claims["iat"]) > time.time() + LEEWAY_SECONDS:
        raise _refused("it was issued in the future")
    if len(str(claims["sub"])) > MAX_SUBJECT_LENGTH:
        raise _refused("its subject is too long")
    return claims


def _roles(claims: Mapping[str, Any]) -> frozenset[Any]:
    """``roles`` (or Keycloak's ``realm_access.roles``); names that are not ours are ignored."""
    realm = claims.get("realm_access")
    named = claims.get("roles") or (realm.get("roles") if isinstance(realm, Mapping) else None) or []
    return frozenset(role for role in ROLES if isinstance(named, list) and role in named)


def _refused(reason: str) -> AccessError:
    return AccessError(ErrorCode.UNAUTHENTICATED, f"The token is refused: {reason}.", hint="Sign in again.")
