"""The mesh's own interface, on the port after the public one: loopback, for the owner of the home.

The credential is a file that only the owner can read; a page in the owner's browser cannot, and
requests with an ``Origin`` are refused anyway.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from flowforge_local.mesh.revision import Revision

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def admin_app(revisions: Iterable[Revision], token: str) -> web.Application:
    """``GET /ps``: one row per revision. The broker's ingress will be a neighbour of it."""
    rows = list(revisions)

    @web.middleware
    async def only_the_owner(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "")
        if "Origin" in request.headers or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        return await handler(request)

    async def ps(_: web.Request) -> web.Response:
        return web.json_response([row.status() for row in rows])

    app = web.Application(middlewares=[only_the_owner])
    app.router.add_get("/ps", ps)
    return app
