"""``/config.json``: what the web app must know before its first call."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flowforge.settings import Settings

DEVELOPMENT_TENANTS = ("demo", "firm-alpha", "firm-beta")


def app_config(settings: Settings) -> dict[str, object]:
    """Environment and how to sign in: at the registered OIDC issuer, or, in development without one, as any tenant."""
    issuer = _issuer(settings)
    if settings.development and not issuer:
        auth: dict[str, object] = {"mode": "development", "tenants": list(DEVELOPMENT_TENANTS)}
    else:
        auth = {"mode": "oidc", **issuer}
    return {"environment": settings.app_env, "auth": auth}


def identity_origin(settings: Settings) -> str:
    """Origin of the identity provider that the app may call; empty where there is none."""
    authority = str(_issuer(settings).get("authority", ""))
    parts = urlsplit(authority)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _issuer(settings: Settings) -> dict[str, object]:
    issuers: dict[str, dict[str, object]] = json.loads(settings.oidc_issuers)
    for authority, registered in issuers.items():
        return {"authority": authority, "client_id": registered.get("audience", "")}
    return {}
