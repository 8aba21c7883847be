"""The registered OIDC issuers and their signing keys.

An issuer is trusted because it is registered (``FLOWFORGE_OIDC_ISSUERS``), never because a token
names it. Keys come from its JWKS over HTTPS (plain HTTP only on loopback in development), without
redirects and, outside development, never from a private address.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter

from flowforge.errors import AccessError, ErrorCode, StoreError
from flowforge.settings import settings
from flowforge.tenancy import TENANT_ID

log = logging.getLogger(__name__)

REFETCH_SECONDS = 60.0
"""An unknown key id may cause one fetch a minute, so that forged tokens cannot hammer the issuer."""
RETRY_SECONDS = 5.0
"""After a failed fetch: an outage of the issuer must not become a minute of refusals."""
KEYS_LIVE_SECONDS = 300.0
"""After this the keys are asked for again, so that one which the issuer withdrew is not trusted for ever."""
MAX_JWKS_BYTES = 256_000


class Registration(BaseModel):
    """What is known of an issuer: whose users it vouches for, and for which audience."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    tenant: str
    audience: str
    jwks_url: str | None = None


@dataclass
class Issuer:
    """A registered issuer with its keys by key id."""

    url: str
    tenant: str
    audience: str
    jwks_url: str
    _keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _fetched: float = float("-inf")
    _attempted: float = float("-inf")
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def key(self, kid: str) -> Mapping[str, Any]:
        """The RSA signing key of that id; ``AccessError`` if the issuer does not publish it (any more).

        ``StoreError`` where the issuer's keys were never to be had: that says nothing about the token.
        """
        if self._wants(kid) and not (kid in self._keys and self._fetching.locked()):
            async with self._fetching:  # of requests that come together one asks, the others wait
                if self._wants(kid):
                    await self._fetch(kid)
        if kid not in self._keys:
            if not self._keys:
                raise _out_of_reach()
            raise AccessError(ErrorCode.UNAUTHENTICATED, "The token's key is not one of its issuer's keys.")
        return self._keys[kid]

    def _wants(self, kid: str) -> bool:
        """Whether to ask for the keys, or to wait for whoever does."""
        now = time.monotonic()
        old = kid not in self._keys or now - self._fetched >= KEYS_LIVE_SECONDS
        return old and now - self._attempted >= REFETCH_SECONDS

    async def _fetch(self, kid: str) -> None:
        ask_again = REFETCH_SECONDS
        try:
            document = await asyncio.to_thread(_download, self.jwks_url)
        except StoreError:
            ask_again = RETRY_SECONDS
            if kid not in self._keys:
                raise
            return  # logged; an issuer that is away for a while has not withdrawn its keys
        finally:  # of a caller that went away as well
            self._attempted = time.monotonic() + ask_again - REFETCH_SECONDS
        self._keys = signing_keys(document)
        self._fetched = time.monotonic()


@lru_cache(maxsize=1)
def issuers() -> Mapping[str, Issuer]:
    """Registered issuers by URL; ``ValueError`` names what is wrong with the configuration."""
    registered = TypeAdapter(dict[str, Registration]).validate_json(settings().oidc_issuers)
    return {url: _issuer(url, each) for url, each in registered.items()}


def _issuer(url: str, registration: Registration) -> Issuer:
    if not TENANT_ID.fullmatch(registration.tenant):
        raise ValueError(f"{registration.tenant!r} is not a tenant id")
    jwks_url = registration.jwks_url or f"{url.rstrip('/')}/protocol/openid-connect/certs"
    for each in (url, jwks_url):
        parts = urlsplit(each)
        if parts.scheme != "https" and not (settings().development and parts.scheme == "http"):
            raise ValueError(f"{each!r}: an issuer must use https")
    return Issuer(url, registration.tenant, registration.audience, jwks_url)


def signing_keys(document: Any) -> Mapping[str, Mapping[str, Any]]:
    """The usable keys of a JWKS document (RFC 7517) by key id."""
    keys = document.get("keys", []) if isinstance(document, dict) else []
    return {
        key["kid"]: key
        for key in keys
        if isinstance(key, dict)
        and key.get("kty") == "RSA"
        and isinstance(key.get("kid"), str)
        and key.get("use", "sig") == "sig"
        and key.get("alg", "RS256") == "RS256"
    }


def _download(url: str) -> Any:
    """Fetch a JWKS document in a worker thread: it happens at most once a minute."""
    import urllib.error
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    try:
        if not settings().development:
            _require_public_address(url)
        opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=5) as answer:
            return orjson.loads(answer.read(MAX_JWKS_BYTES))
    except (OSError, urllib.error.URLError, orjson.JSONDecodeError) as failure:
        log.warning("No keys from %s", url, exc_info=failure)
        raise _out_of_reach() from failure


def _out_of_reach() -> StoreError:
    return StoreError(ErrorCode.STORE_UNAVAILABLE, "The identity provider's keys are out of reach.")


def _require_public_address(url: str) -> None:
    parts = urlsplit(url)
    for *_, address in socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP):
        if not ipaddress.ip_address(address[0]).is_global:
            raise StoreError(ErrorCode.STORE_UNAVAILABLE, "The identity provider's address is not public.")
