"""Who may deliver events to a function: the mesh and nobody else; without configuration, nobody.

On one machine the mesh makes a secret per start, hands it to its instances (``FLOWFORGE_EVENTS_SECRET``) and sends
it along. In a cluster Knative Eventing authenticates deliveries with OIDC (feature ``authentication-oidc``): the
dispatcher sends a service account token whose audience the Trigger's subscriber names. The cluster's issuer, that
audience and the issuer's public keys are configured, never taken from the token; keys come as a document, so that
no function needs a way to the API server.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from flowforge.auth.caller import unauthenticated
from flowforge.auth.issuers import signing_keys
from flowforge.auth.tokens import claims_of
from flowforge.settings import settings


async def require_mesh(headers: Mapping[str, str]) -> None:
    """``AccessError`` (401) unless the request carries the mesh's credential."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise unauthenticated("Events are delivered by the mesh.")
    secret = settings().events_secret
    if secret is not None and hmac.compare_digest(given.encode(), secret.get_secret_value().encode()):
        return
    await _require_dispatcher(given)


@dataclass(frozen=True)
class Cluster:
    """The cluster as an issuer of service account tokens."""

    url: str
    audience: str
    keys: Mapping[str, Mapping[str, Any]]

    async def key(self, kid: str) -> Mapping[str, Any]:
        """The key of that id; ``AccessError`` if the cluster's document has none."""
        if kid not in self.keys:
            raise unauthenticated("The token's key is not one of the cluster's.")
        return self.keys[kid]


@lru_cache(maxsize=1)
def cluster() -> Cluster | None:
    """The configured cluster; None: dispatchers cannot prove who they are, and are refused."""
    url = settings().events_issuer
    if url is None:
        return None
    return Cluster(url, settings().events_audience, signing_keys(orjson.loads(settings().events_jwks)))


async def _require_dispatcher(token: str) -> None:
    trusted = cluster()
    if trusted is None:
        raise unauthenticated("Events are delivered by the mesh.")
    claims = await claims_of(token, lambda url: trusted if url == trusted.url else None)
    if not str(claims["sub"]).startswith(settings().events_subject_prefix):
        raise unauthenticated("The token is not that of an event dispatcher.")
