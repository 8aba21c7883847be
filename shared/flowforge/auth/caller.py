"""Reading the caller from a request's headers: a bearer token, or in development a header."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.auth.tokens import caller_of_token
from flowforge.errors import AccessError, ErrorCode
from flowforge.settings import settings
from flowforge.tenancy import ROLES, TENANT_ID, Caller

DEVELOPMENT_SUBJECT = "dev-user"


async def authenticate(headers: Mapping[str, str], *, loopback: bool) -> Caller:
    """The caller; ``AccessError`` (401) when there is none or the proof is not good.

    ``headers`` is case-insensitive. ``loopback`` says whether the listener is reachable from this
    machine only: development headers are worth nothing elsewhere, whatever ``APP_ENV`` says.
    """
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise unauthenticated("Authorization must be 'Bearer <token>'.")
        return await caller_of_token(token.strip())
    if settings().development and loopback and "x-dev-tenant" in headers:
        return _developer(headers)
    raise unauthenticated("This call needs a bearer token.")


def _developer(headers: Mapping[str, str]) -> Caller:
    tenant = headers["x-dev-tenant"]
    if not TENANT_ID.fullmatch(tenant):
        raise unauthenticated(f"{tenant!r} is not a tenant id (a-z, 0-9 and '-', at most 63).")
    named = {each.strip() for each in headers.get("x-dev-roles", "admin").split(",")}
    unknown = named.difference(ROLES)
    if unknown:
        raise unauthenticated(f"{min(unknown)!r} is not a role; roles are {', '.join(ROLES)}.")
    return Caller(tenant, DEVELOPMENT_SUBJECT, frozenset(role for role in ROLES if role in named))


def unauthenticated(detail: str) -> AccessError:
    """401 with a reason that tells an attacker nothing about other callers."""
    return AccessError(
        ErrorCode.UNAUTHENTICATED, detail, hint="Sign in and send 'Authorization: Bearer <token>'."
    )
