"""The floor of cached reads: Starlette, a verified token by its hash, a key by its hash, one GET from Redis.

``uvicorn bench.peers.redis_floor:app`` with ``REDIS_URL`` and, as ``FLOOR_KEY``, where the answer lies.
"""

from __future__ import annotations

import hashlib
import os

import redis.asyncio as redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_client = redis.Redis.from_url(os.environ["REDIS_URL"])
_known: dict[bytes, str] = {}


async def _answer(request: Request) -> Response:
    token = hashlib.sha256(request.headers["x-dev-tenant"].encode()).digest()
    tenant = _known.setdefault(token, "demo")
    key = hashlib.sha256(f"{tenant}:{request.url.path}?{request.url.query}".encode()).hexdigest()
    value = await _client.get(os.environ["FLOOR_KEY"])
    return Response(value, media_type="application/json", headers={"etag": key})


app = Starlette(routes=[Route("/{path:path}", _answer)])
