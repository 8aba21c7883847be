"""Several registered issuers: each vouches for its own tenant, by the keys that it publishes now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowforge.auth.issuers import Issuer, issuers
from flowforge.errors import AccessError, StoreError
from flowforge.settings import settings

from .identity import AUDIENCE, KID, Identity

pytestmark = pytest.mark.engines


@pytest.fixture
def beta(stores, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> Iterator[Identity]:
    """A second issuer, registered for firm-beta beside that of firm-alpha."""
    with Identity.serving("firm-beta") as second:
        both = identity.registration | second.registration
        monkeypatch.setenv("FLOWFORGE_OIDC_ISSUERS", json.dumps(both))
        settings.cache_clear()
        issuers.cache_clear()
        yield second
    monkeypatch.undo()
    settings.cache_clear()
    issuers.cache_clear()


async def me(call, token: str) -> Any:
    answer = await call("workspace", tenant=None, Authorization=f"Bearer {token}").get("/api/v1/me")
    return answer.json() if answer.status_code == 200 else answer.status_code


async def test_each_issuer_vouches_for_its_tenant_alone(call, identity: Identity, beta: Identity) -> None:
    assert (await me(call, identity.token()))["tenant_id"] == "firm-alpha"
    assert (await me(call, beta.token()))["tenant_id"] == "firm-beta"
    assert await me(call, identity.token(iss=beta.url)) == 401
    assert await me(call, identity.token(iss=beta.url, tenant_id="firm-beta")) == 401
    assert await me(call, identity.token(tenant_id="firm-beta")) == 401
    assert await me(call, beta.token(tenant_id="firm-alpha")) == 401
    assert await me(call, beta.token(aud=["other", "another"])) == 401


def issuer_of(identity: Identity) -> Issuer:
    return Issuer(identity.url, identity.tenant, AUDIENCE, f"{identity.url}/certs")


def grow_old(issuer: Issuer) -> None:
    issuer._fetched = issuer._attempted = float("-inf")


async def test_a_key_that_the_issuer_withdrew_is_not_trusted_for_ever(stores) -> None:
    with Identity.serving("firm-alpha") as identity:
        issuer = issuer_of(identity)
        assert (await issuer.key(KID))["kid"] == KID
        rotated = identity.public_jwk() | {"kid": "key-2"}
        identity.public_jwk = lambda: rotated  # type: ignore[method-assign]
        assert (await issuer.key(KID))["kid"] == KID  # not asked again at once
        assert identity.fetches == 1
        grow_old(issuer)
        with pytest.raises(AccessError):
            await issuer.key(KID)
        assert (await issuer.key("key-2"))["kid"] == "key-2"
        assert identity.fetches == 2


async def test_an_issuer_that_is_away_keeps_the_keys_that_are_known(stores) -> None:
    with Identity.serving("firm-alpha") as identity:
        issuer = issuer_of(identity)
        await issuer.key(KID)
    grow_old(issuer)
    assert (await issuer.key(KID))["kid"] == KID
    with pytest.raises(AccessError):  # not asked again so soon
        await issuer.key("key-2")
    grow_old(issuer)
    with pytest.raises(StoreError):
        await issuer.key("key-2")


async def test_requests_that_come_together_wait_for_one_fetch(stores) -> None:
    with Identity.serving("firm-alpha") as identity:
        issuer = issuer_of(identity)
        keys = await asyncio.gather(*(issuer.key(KID) for _ in range(8)))
        assert [key["kid"] for key in keys] == [KID] * 8
        assert identity.fetches == 1
    grow_old(issuer)
    asked_by_nobody = issuer_of(identity)
    outcomes = await asyncio.gather(
        *(each.key(KID) for each in (issuer, issuer, asked_by_nobody, asked_by_nobody)),
        return_exceptions=True,
    )
    # Known keys outlive an outage; where there are none, the token is not what is wrong.
    assert [type(each) for each in outcomes] == [dict, dict, StoreError, StoreError]


@pytest.mark.parametrize(
    ("url", "jwks_url"),
    [
        ("http://issuer.example", None),
        ("https://issuer.example", "http://issuer.example/keys"),
        ("ftp://issuer.example", None),
    ],
)
def test_outside_development_an_issuer_needs_https(
    monkeypatch: pytest.MonkeyPatch, url: str, jwks_url: str | None
) -> None:
    registered = {url: {"tenant": "demo", "audience": AUDIENCE, "jwks_url": jwks_url}}
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("FLOWFORGE_OIDC_ISSUERS", json.dumps(registered))
    settings.cache_clear()
    issuers.cache_clear()
    try:
        with pytest.raises(ValueError, match="https"):
            issuers()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        issuers.cache_clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "localhost"])
async def test_outside_development_keys_never_come_from_a_private_address(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    issuer = Issuer(f"https://{host}", "demo", AUDIENCE, f"https://{host}/keys")
    monkeypatch.setenv("APP_ENV", "production")
    settings.cache_clear()
    try:
        with pytest.raises(StoreError, match="not public"):
            await issuer.key(KID)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
