"""Health: every store is asked, side by side, and none can hold up the answer."""

from __future__ import annotations

import asyncio
import json

import pytest

from flowforge.settings import Settings
from flowforge.workspace.provision import DEVELOPMENT_TENANTS
from flowforge_local.engines import Endpoints
from flowforge_local.mesh import health as module
from flowforge_local.mesh.app_config import app_config, identity_origin
from flowforge_local.mesh.headers import content_security_policy
from flowforge_local.mesh.health import Health, probes
from flowforge_local.mesh.proxy import client_session

ISSUER = '{"https://id.example/realms/firm": {"tenant": "firm-alpha", "audience": "flowforge"}}'


async def fine() -> None:
    return


async def away() -> None:
    raise ConnectionRefusedError


async def hanging() -> None:
    await asyncio.sleep(60)


async def test_any_store_that_is_away_degrades_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WITHIN", 0.1)
    answer = await Health({"postgres": fine, "clickhouse": away, "redis": hanging}).answer()
    assert answer.status == 503
    assert json.loads(bytes(answer.body)) == {  # type: ignore[arg-type]
        "status": "degraded",
        "services": {"postgres": True, "clickhouse": False, "redis": False},
    }


async def test_callers_share_a_round() -> None:
    rounds = 0

    async def counted() -> None:
        nonlocal rounds
        rounds += 1
        await asyncio.sleep(0.02)

    health = Health({"one": counted})
    await asyncio.gather(*(health.services() for _ in range(20)))
    assert rounds == 1
    await health.services()
    assert rounds == 2


@pytest.mark.engines
async def test_the_probes_ask_the_real_stores_with_their_credentials(engines: Endpoints) -> None:
    right = {
        "clickhouse_url": engines.clickhouse_app_url,
        "meta_dsn": engines.meta_dsn,
        "live_dsn": engines.live_dsn,
        "redis_url": engines.redis_url,
    }
    wrong = {name: url.replace("@", "wrong@", 1) for name, url in right.items()}
    async with client_session() as client:
        every = await Health(probes(Settings(**right), client)).services()
        none = await Health(probes(Settings(**wrong), client)).services()
    assert every == dict.fromkeys(("postgres", "clickhouse", "materialize", "redis"), True)
    assert none == dict.fromkeys(every, False)


def test_the_app_is_told_how_to_sign_in() -> None:
    assert app_config(Settings(app_env="development"))["auth"] == {
        "mode": "development",
        "tenants": list(DEVELOPMENT_TENANTS),
    }
    production = Settings(app_env="production", oidc_issuers=ISSUER)
    assert app_config(production) == {
        "environment": "production",
        "auth": {"mode": "oidc", "authority": "https://id.example/realms/firm", "client_id": "flowforge"},
    }
    assert "connect-src 'self' https://id.example;" in content_security_policy(identity_origin(production))
    assert "frame-ancestors 'none'" in content_security_policy()
