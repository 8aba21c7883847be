"""The page of an embedded widget: framed by the origins of its key, and by nobody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from flowforge_local.mesh.gateway import Gateway
from flowforge_local.mesh.health import Health
from flowforge_local.mesh.proxy import Proxy, client_session
from flowforge_local.mesh.routing import RouteTable
from flowforge_local.mesh.static import StaticFiles

from .graphs import per_symbol
from .test_embed import KEYS, pin

pytestmark = pytest.mark.engines

ORIGINS = ["https://portal.example.com", "http://localhost:3000"]
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
async def gateway(stores, tmp_path: Path) -> AsyncIterator[TestServer]:
    (tmp_path / "index.html").write_text("<html>app</html>")
    async with client_session() as client:
        made = Gateway(
            routes=RouteTable([]),
            revisions={},
            proxy=Proxy(client, max_body=1000, development=True),
            static=StaticFiles(tmp_path, {"Content-Security-Policy": "frame-ancestors 'none'"}),
            health=Health({}),
            config={},
            allowed_hosts=frozenset({"127.0.0.1"}),
        )
        async with TestServer(made.app) as server:
            yield server


async def ancestors(gateway: TestServer, path: str) -> str:
    async with aiohttp.ClientSession() as client, client.get(gateway.make_url(path)) as answer:
        assert (answer.status, await answer.text()) == (200, "<html>app</html>")
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = re.findall(r"frame-ancestors ([^;]*)", policy)
    assert len(found) == 1
    return str(found[0])


async def test_only_the_key_s_origins_may_frame_the_page(call, gateway: TestServer) -> None:
    widget, other = await pin(call, per_symbol()), await pin(call, per_symbol())
    keys = call("embed-auth")
    made = (
        await keys.post(KEYS, json={"name": "k", "widget_ids": [widget], "allowed_origins": ORIGINS})
    ).json()
    bare = (await keys.post(KEYS, json={"name": "k", "widget_ids": [widget]})).json()
    assert await ancestors(gateway, f"/embed/{widget}?k={made['id']}") == " ".join(ORIGINS)
    for path in (
        f"/embed/{widget}",
        f"/embed/{widget}?k=",
        f"/embed/{widget}?k={NOBODY}",
        f"/embed/{widget}?k=x%0d%0aSet-Cookie:a=b",
        f"/embed/{widget}?k={made['key']}",
        f"/embed/{widget}?k={bare['id']}",
        f"/embed/{other}?k={made['id']}",
        f"/embed/x?k={made['id']}",
    ):
        assert await ancestors(gateway, path) == "'none'", path
    assert (await keys.delete(f"{KEYS}/{made['id']}")).status_code == 204
    assert await ancestors(gateway, f"/embed/{widget}?k={made['id']}") == "'none'"
