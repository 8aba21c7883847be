"""The mesh's own interface, on the port after the public one: loopback, for the owner of the home.

The credential is a file that only the owner can read; a page in the owner's browser cannot, and
requests with an ``Origin`` are refused anyway. The broker's ingress is a neighbour of it and needs no credential:
whoever can reach it is a program on this machine (:mod:`flowforge_local.mesh.broker.ingress`).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Iterable

from flowforge_local.mesh.broker.ingress import PREFIX, Ingress
from flowforge_local.mesh.http_server import Handler, Reply, Request
from flowforge_local.mesh.revision import Revision


def admin(revisions: Iterable[Revision], token: str, ingress: Ingress) -> Handler:
    """``GET /ps``: one row per revision; ``POST /flowforge/<broker>``: the ingress."""
    rows = list(revisions)

    def answer(request: Request) -> Reply | Awaitable[Reply]:
        if request.path.startswith(PREFIX):
            return ingress.handle(request)
        given = request.headers.get("authorization", "")
        if "origin" in request.headers or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return Reply(401, headers={"WWW-Authenticate": "Bearer"})
        if request.path != "/ps":
            return Reply(404)
        if request.method not in ("GET", "HEAD"):
            return Reply(405, headers={"Allow": "GET, HEAD"})
        listed = json.dumps([row.status() for row in rows]).encode()
        return Reply(200, listed, {"Content-Type": "application/json"})

    return answer
