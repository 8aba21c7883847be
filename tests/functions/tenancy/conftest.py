"""The two tenants, made once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from .world import A, B, World


@pytest.fixture(scope="session")
async def world(apps: dict[str, Callable[..., object]]) -> AsyncIterator[World]:
    """Tenants A and B with one of everything each."""
    opened: list[httpx.AsyncClient] = []

    def call(function: str, tenant: str | None) -> httpx.AsyncClient:
        headers = {} if tenant is None else {"X-Dev-Tenant": tenant}
        transport = httpx.ASGITransport(apps[function], raise_app_exceptions=False)  # type: ignore[arg-type]
        opened.append(
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers, timeout=60)
        )
        return opened[-1]

    made = World(call)
    for tenant in (A, B):
        await made.fill(tenant)
    yield made
    for each in opened:
        await each.aclose()
