"""``GET /api/v1/health``: whether every store answers, asked with the credentials that functions use."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from aiohttp import web
from yarl import URL

from flowforge.settings import Settings

log = logging.getLogger(__name__)

WITHIN = 2.0
Probe = Callable[[], Awaitable[None]]


def probes(settings: Settings, client: aiohttp.ClientSession) -> Mapping[str, Probe]:
    """One authenticated round trip per store; each raises when its store does not answer."""

    async def clickhouse() -> None:
        url = URL(settings.clickhouse_url.get_secret_value())
        login = {"Authorization": aiohttp.encode_basic_auth(url.user or "", url.password or "")}
        async with client.post(url.with_user(None), data=b"SELECT 1", headers=login) as answer:
            if answer.status != 200 or (await answer.read()).strip() != b"1":
                raise ConnectionError(f"clickhouse answered {answer.status}")

    async def postgresql(dsn: str) -> None:
        import asyncpg

        connection = await asyncpg.connect(dsn, timeout=WITHIN)
        try:
            await connection.fetchval("SELECT 1")
        finally:
            await connection.close(timeout=WITHIN)

    async def redis() -> None:
        from redis.asyncio import Redis

        async with Redis.from_url(
            settings.redis_url.get_secret_value(), socket_connect_timeout=WITHIN
        ) as store:
            await store.ping()

    return {
        "postgres": lambda: postgresql(settings.meta_dsn.get_secret_value()),
        "clickhouse": clickhouse,
        "materialize": lambda: postgresql(settings.live_dsn.get_secret_value()),
        "redis": redis,
    }


class Health:
    """Runs the probes side by side; callers that come meanwhile share one round."""

    def __init__(self, checks: Mapping[str, Probe]) -> None:
        self._checks = checks
        self._round: asyncio.Task[dict[str, bool]] | None = None

    async def services(self) -> dict[str, bool]:
        """Store → whether it answers."""
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._probe_all())
        return await asyncio.shield(self._round)

    async def answer(self) -> web.Response:
        """200 ``ok``, or 503 ``degraded`` when any store is away."""
        services = await self.services()
        healthy = all(services.values())
        body = {"status": "ok" if healthy else "degraded", "services": services}
        return web.Response(
            body=json.dumps(body).encode(),
            status=200 if healthy else 503,
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def _probe_all(self) -> dict[str, bool]:
        answers = await asyncio.gather(*(self._probe(name) for name in self._checks))
        return dict(zip(self._checks, answers, strict=True))

    async def _probe(self, name: str) -> bool:
        try:
            async with asyncio.timeout(WITHIN):
                await self._checks[name]()
        except Exception as error:  # whatever a driver raises, the store did not answer
            log.warning("%s does not answer: %s", name, type(error).__name__)
            return False
        return True
