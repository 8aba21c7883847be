"""The mesh's own interface, on the port after the public one: loopback, for the owner of the home.

The credential is a file that only the owner can read; a page in the owner's browser cannot, and
requests with an ``Origin`` are refused anyway. The broker's ingress is a neighbour of it and needs no credential:
whoever can reach it is a program on this machine (:mod:`flowforge_local.mesh.broker.ingress`).
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from flowforge_local.mesh.broker.ingress import NAMESPACE, Ingress
from flowforge_local.mesh.revision import Revision

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def admin_app(revisions: Iterable[Revision], token: str, ingress: Ingress) -> web.Application:
    """``GET /ps``: one row per revision; ``POST /flowforge/<broker>``: the ingress."""
    rows = list(revisions)

    @web.middleware
    async def only_the_owner(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(f"/{NAMESPACE}/"):
            return await handler(request)
        given = request.headers.get("Authorization", "")
        if "Origin" in request.headers or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        return await handler(request)

    async def ps(_: web.Request) -> web.Response:
        return web.json_response([row.status() for row in rows])

    app = web.Application(middlewares=[only_the_owner])
    app.router.add_get("/ps", ps)
    ingress.add_to(app)
    return app
