"""Nobody outside the mesh can hand an event to a function, whatever path, mode or credential they try."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from yarl import URL

from flowforge_events import WIRE
from flowforge_local.mesh.gateway import Gateway
from flowforge_local.mesh.health import Health
from flowforge_local.mesh.manifests import load
from flowforge_local.mesh.proxy import Proxy
from flowforge_local.mesh.routing import RouteTable
from flowforge_local.mesh.static import StaticFiles
from flowforge_local.paths import ROOT

SERVICES = load(ROOT / "knative" / "base").services
HEADERS, BODY = WIRE.encode(
    "flowforge.data.changed.v1", {"table": "flowforge.raw_trades"}, component="forged", subject="raw_trades"
)
STRUCTURED = json.dumps(
    {name.removeprefix("ce-"): value for name, value in HEADERS.items() if name.startswith("ce-")}
    | {"data": json.loads(BODY)}
)
PATHS = [
    "/",
    "/_events",
    "/_events/",
    "//_events",
    "/%5fevents",
    "/_EVENTS",
    "/api/v1/_events",
    "/api/v1/../../_events",
    "/api/%2e%2e/_events",
    "/_events;x=1",
    "/_events?x=1",
    "/.well-known/_events",
    "/flowforge/default",
    "/default",
    "/events",
    "/healthz",
    "/canvas",
    "/embed/x",
    "/assets/_events",
    *(f"/{service.name}/_events" for service in SERVICES),
]


class Unreached(dict[str, Any]):
    """Functions that no request may reach."""

    def __getitem__(self, service: str) -> NoReturn:
        raise AssertionError(f"{service} was reached")


@pytest.fixture
async def gateway(tmp_path) -> AsyncIterator[TestServer]:
    (tmp_path / "index.html").write_text("<html>app</html>")
    async with aiohttp.ClientSession() as upstream:
        made = Gateway(
            routes=RouteTable(route for service in SERVICES for route in service.routes),
            revisions=Unreached(),
            proxy=Proxy(upstream, max_body=1_000_000, development=True),
            static=StaticFiles(tmp_path, {}),
            health=Health({}),
            config={},
            allowed_hosts=frozenset({"127.0.0.1"}),
        )
        async with TestServer(made.app) as server:
            yield server


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("mode", ["binary", "structured"])
async def test_an_event_from_outside_reaches_nobody(
    gateway: TestServer, path: str, method: str, mode: str
) -> None:
    headers = HEADERS if mode == "binary" else {"content-type": "application/cloudevents+json"}
    url = URL(str(gateway.make_url("/")).rstrip("/") + path, encoded=True)
    for credential in ({}, {"Authorization": "Bearer guessed"}, {"X-Dev-Tenant": "demo"}):
        async with (
            aiohttp.ClientSession() as client,
            client.request(
                method, url, headers={**headers, **credential}, data=BODY if mode == "binary" else STRUCTURED
            ) as answer,
        ):
            assert answer.status in (404, 405), await answer.text()
            assert answer.content_type == "application/problem+json"


def test_no_manifest_routes_the_intake() -> None:
    assert not [
        route.template for service in SERVICES for route in service.routes if "events" in route.template
    ]
