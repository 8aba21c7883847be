"""Every function as a client sees it, on real engines, in one process; a few tests start real processes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from flowforge.auth.issuers import issuers
from flowforge.resources import close_all
from flowforge.serve.app import create_app
from flowforge.settings import settings
from flowforge.workspace.provision import provision
from flowforge_local.engines import Endpoints

from .identity import Identity
from .market import insert_market

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ("schema", "compile", "preview", "execute", "widget", "workspace", "embed-auth", "audit", "relay")

MESH_SECRET = "the mesh's own"
Client = httpx.AsyncClient


def source_of(function: str) -> Path:
    """The file of a function; its Service is a DNS label, its folder a Python name."""
    return ROOT / "functions" / function.replace("-", "_") / "main.py"


@pytest.fixture(scope="session")
def identity() -> Iterator[Identity]:
    """An OIDC issuer for tenant firm-alpha, with its JWKS on a real HTTP server."""
    with Identity.serving("firm-alpha") as running:
        yield running


@pytest.fixture(scope="session")
def function_environment(
    engines: Endpoints, identity: Identity, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What the mesh hands to a function's process."""
    return {
        "APP_ENV": "development",
        "FLOWFORGE_CLICKHOUSE_URL": engines.clickhouse_app_url,
        "FLOWFORGE_META_DSN": engines.meta_dsn,
        "FLOWFORGE_LIVE_DSN": engines.live_dsn,
        "FLOWFORGE_LIVE_ENGINE": "postgresql",
        "FLOWFORGE_REDIS_URL": engines.redis_url,
        "FLOWFORGE_OIDC_ISSUERS": json.dumps(identity.registration),
        "FLOWFORGE_AUDIT_DSN": engines.audit_dsn,
        "FLOWFORGE_AUDIT_SECRET": "another secret of these tests, 32 characters and more",
        "FLOWFORGE_EMBED_SECRET": "a secret of these tests, 32 characters and more",
        "FLOWFORGE_UPLOADS_DIR": str(tmp_path_factory.mktemp("uploads")),
        "FLOWFORGE_RESULTS_DIR": str(tmp_path_factory.mktemp("results")),
        "FLOWFORGE_EVENTS_SECRET": MESH_SECRET,
    }


@pytest.fixture(scope="session")
def stores(engines: Endpoints, function_environment: dict[str, str]) -> Iterator[Endpoints]:
    """Engines with the pipeline's schema, a small market, and the development tenants."""
    environment = os.environ | {
        "FLOWFORGE_CLICKHOUSE_ADMIN_URL": engines.clickhouse_admin_url,
        "FLOWFORGE_LIVE_ADMIN_DSN": engines.live_admin_dsn,
        "FLOWFORGE_REDIS_URL": engines.redis_url,
    }
    subprocess.run(
        [sys.executable, "-m", "flowforge_pipeline", "migrate"],
        env=environment,
        check=True,
        capture_output=True,
    )
    insert_market(engines)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in function_environment.items():
            patch.setenv(name, value)
        settings.cache_clear()
        issuers.cache_clear()
        asyncio.run(_provision())
        yield engines
    settings.cache_clear()
    issuers.cache_clear()


async def _provision() -> None:
    await provision()
    await close_all()


@pytest.fixture(scope="session")
async def apps(stores: Endpoints) -> AsyncIterator[dict[str, Callable[..., object]]]:
    """The ASGI app of every function."""
    yield {name: create_app(source_of(name)) for name in FUNCTIONS}
    await close_all()


@pytest.fixture
async def call(apps: dict[str, Callable[..., object]]) -> AsyncIterator[Callable[..., Client]]:
    """``call("preview", tenant="demo")`` → a client of that function in that tenant's name."""
    opened: list[Client] = []

    def client(
        function: str, tenant: str | None = "demo", roles: str | None = None, **headers: str
    ) -> Client:
        if tenant is not None:
            headers["X-Dev-Tenant"] = tenant
        if roles is not None:
            headers["X-Dev-Roles"] = roles
        transport = httpx.ASGITransport(apps[function], raise_app_exceptions=False)  # type: ignore[arg-type]
        opened.append(Client(transport=transport, base_url="http://127.0.0.1", headers=headers, timeout=30))
        return opened[-1]

    yield client
    for each in opened:
        await each.aclose()
