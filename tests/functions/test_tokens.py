"""Bearer tokens: the good one, and every known way to forge one."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from jose import jwt

from .identity import KID, Identity

pytestmark = pytest.mark.engines


def _unsigned(identity: Identity) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'kid': KID})}.{part(identity.claims())}."


def _public_key_as_secret(identity: Identity) -> str:
    """The classic confusion: HS256 with the public key as the shared secret."""
    public = identity.key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return str(jwt.encode(identity.claims(), public.hex(), "HS256", headers={"kid": KID}))


def _nested(_: Identity) -> str:
    bomb = base64.urlsafe_b64encode(b"[" * 5000).rstrip(b"=").decode()
    return f"{bomb}.{bomb}.x"


def _tampered(identity: Identity) -> str:
    head, _, signature = identity.token().split(".")
    body = (
        base64.urlsafe_b64encode(json.dumps(identity.claims(roles=["admin"])).encode()).rstrip(b"=").decode()
    )
    return f"{head}.{body}.{signature}"


ATTACKS: dict[str, Callable[[Identity], str]] = {
    "HS256 with the public key": _public_key_as_secret,
    "algorithm none": _unsigned,
    "signed by another key": lambda identity: Identity(identity.tenant, identity.url).token(),
    "payload changed after signing": _tampered,
    "issuer that is not registered": lambda identity: identity.token(iss="https://evil.example"),
    "tenant that is not the issuer's": lambda identity: identity.token(tenant_id="firm-beta"),
    "tenant missing": lambda identity: identity.token(tenant_id=None),
    "tenant missing, azp given": lambda identity: identity.token(tenant_id=None, azp="firm-alpha"),
    "audience of another application": lambda identity: identity.token(aud="other"),
    "audience missing": lambda identity: identity.token(aud=None),
    "expiry missing": lambda identity: identity.token(exp=None),
    "expired": lambda identity: identity.token(exp=int(time.time()) - 120),
    "expired just now": lambda identity: identity.token(exp=int(time.time()) - 4),
    "never expires": lambda identity: identity.token(exp=float("inf")),
    "expires at no number": lambda identity: identity.token(exp=float("nan")),
    "expires at a list": lambda identity: identity.token(exp=[int(time.time()) + 60]),
    "subject missing": lambda identity: identity.token(sub=None),
    "issue time missing": lambda identity: identity.token(iat=None),
    "issued in the future": lambda identity: identity.token(iat=int(time.time()) + 3600),
    "unknown key id": lambda identity: identity.token(headers={"kid": "key-2"}),
    "unknown critical extension": lambda identity: identity.token(headers={"crit": ["x"], "x": 1}),
    "nested without end": _nested,
    "not a token": lambda _: "abc",
    "too long": lambda _: "a" * 20_000,
}


async def test_a_good_token_is_taken(call, identity: Identity) -> None:
    client = call("workspace", tenant=None, Authorization=f"Bearer {identity.token()}")
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 200, answer.text
    assert answer.json()["tenant_id"] == "firm-alpha"
    assert answer.json()["roles"] == ["analyst"]
    assert answer.json()["symbols"] == ["AAPL", "GOOGL", "MSFT", "SPY"]


@pytest.mark.parametrize("attack", ATTACKS, ids=list(ATTACKS))
async def test_a_forged_token_is_refused(call, identity: Identity, attack: str) -> None:
    client = call("workspace", tenant=None, Authorization=f"Bearer {ATTACKS[attack](identity)}")
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 401, answer.text
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_bad_token_is_not_excused_by_a_development_header(call) -> None:
    answer = await call("workspace", tenant="demo", Authorization="Bearer nonsense").get("/api/v1/me")
    assert answer.status_code == 401


@pytest.mark.parametrize("first", ["good", "forged"])
async def test_of_two_tokens_none_is_taken(call, identity: Identity, first: str) -> None:
    good, forged = f"Bearer {identity.token()}", "Bearer forged"
    order = (good, forged) if first == "good" else (forged, good)
    client = call("workspace", tenant=None)
    answer = await client.get("/api/v1/me", headers=[("authorization", each) for each in order])
    assert answer.status_code == 401, answer.text
    twice = [("x-dev-tenant", "demo"), ("x-dev-tenant", "firm-beta")]
    assert (await client.get("/api/v1/me", headers=twice)).status_code == 401


async def test_unknown_keys_do_not_hammer_the_issuer(call, identity: Identity) -> None:
    before = identity.fetches
    for number in range(5):
        token = identity.token(headers={"kid": f"unknown-{number}"})
        await call("workspace", tenant=None, Authorization=f"Bearer {token}").get("/api/v1/me")
    assert identity.fetches - before <= 1


async def test_roles_of_keycloak_are_read(call, identity: Identity) -> None:
    token = identity.token(roles=None, realm_access={"roles": ["viewer", "offline_access"]})
    answer = await call("workspace", tenant=None, Authorization=f"Bearer {token}").get("/api/v1/me")
    assert answer.json()["roles"] == ["viewer"]
