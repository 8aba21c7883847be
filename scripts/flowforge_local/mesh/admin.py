"""The mesh's own interface, on the port after the public one: loopback, for the owner of the home.

The credential is a file that only the owner can read; a page in the owner's browser cannot, and
requests with an ``Origin`` are refused anyway. The broker's ingress is a neighbour of it and needs no credential:
whoever can reach it is a program on this machine (:mod:`flowforge_local.mesh.broker.ingress`).
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from flowforge_local.mesh.broker.ingress import PREFIX, Ingress
from flowforge_local.mesh.revision import Revision

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def admin(revisions: Iterable[Revision], token: str, ingress: Ingress) -> Handler:
    """``GET /ps``: one row per revision; ``POST /flowforge/<broker>``: the ingress."""
    rows = list(revisions)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith(PREFIX):
            return await ingress.handle(request)
        given = request.headers.get("Authorization", "")
        if "Origin" in request.headers or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        if request.path != "/ps":
            raise web.HTTPNotFound
        if request.method not in ("GET", "HEAD"):
            raise web.HTTPMethodNotAllowed(request.method, ("GET", "HEAD"))
        return web.json_response([row.status() for row in rows])

    return answer
