"""A gateway in this process in front of real function processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from flowforge_local.listening import listen
from flowforge_local.mesh.environment import inherited_environment
from flowforge_local.mesh.gateway import Gateway
from flowforge_local.mesh.health import Health
from flowforge_local.mesh.instance import Launch
from flowforge_local.mesh.manifests import Scaling
from flowforge_local.mesh.proxy import Proxy, client_session
from flowforge_local.mesh.revision import Revision
from flowforge_local.mesh.routing import RouteTable, parse_route
from flowforge_local.mesh.static import StaticFiles
from flowforge_local.paths import ROOT

SOURCE = Path(__file__).with_name("probe_function.py")
SOCKETS = Path(__file__).with_name("socket_function.py")
PATHS = (
    "",
    "/echo",
    "/sleep",
    "/stream",
    "/crash",
    "/crash-midway",
    "/refuse",
    "/empty",
    "/hop",
    "/{id}/item",
)
ROUTES = [
    parse_route(f"{method} /probe{path}", "probe") for path in PATHS for method in ("GET", "POST", "DELETE")
]


@dataclass
class RunningMesh:
    """A gateway on ``url`` with one function, and a client that keeps no connection open."""

    url: str
    revision: Revision
    client: aiohttp.ClientSession
    folder: Path

    async def scale_until(self, condition: Callable[[], bool], within: float = 60.0) -> None:
        """Step the autoscaler until something is so."""
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, self.revision.status()
            self.revision.scale()
            await asyncio.sleep(0.02)


MeshFactory = Callable[..., Awaitable[RunningMesh]]


@asynccontextmanager
async def running_mesh(
    folder: Path,
    scaling: Scaling = Scaling(),  # noqa: B008 — immutable
    concurrency: int = 10,
    timeout: float = 20,  # noqa: ASYNC109 — the revision's, not ours
    development: bool = True,
    max_body: int = 100_000,
    environment: dict[str, str] | None = None,
    source: Path = SOURCE,
) -> AsyncIterator[RunningMesh]:
    static = folder / "dist"
    static.mkdir(exist_ok=True)
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(client_session())
        launch = Launch(
            service="probe",
            revision="probe-00001",
            source=str(source),
            environment=inherited_environment()
            | {"APP_ENV": "development", "FUNCTION_TARGET": "probe", **(environment or {})},
            readiness_path="/readyz",
            root=ROOT,
            logs=folder,
            client=upstream,
        )
        revision = Revision(launch, scaling, concurrency, timeout, time.monotonic)
        gateway = Gateway(
            routes=RouteTable(ROUTES),
            revisions={"probe": revision},
            proxy=Proxy(upstream, max_body=max_body, development=development),
            static=StaticFiles(static, {"Content-Security-Policy": "default-src 'self'"}),
            health=Health({"yes": _healthy}),
            config={"environment": "development"},
            allowed_hosts=frozenset({"127.0.0.1", "localhost", "[::1]"}),
        )
        listener = listen(0)
        runner = gateway.runner(1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener).start()
        stack.push_async_callback(revision.close, 1.0)
        client = await stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True), timeout=aiohttp.ClientTimeout(total=30)
            )
        )
        yield RunningMesh(f"http://127.0.0.1:{listener.getsockname()[1]}", revision, client, folder)


async def _healthy() -> None:
    return


@pytest.fixture
async def mesh(tmp_path: Path) -> AsyncIterator[MeshFactory]:
    """Start a mesh with the given scaling, concurrency …; it ends with the test."""
    async with AsyncExitStack() as stack:

        async def start(**options: object) -> RunningMesh:
            return await stack.enter_async_context(running_mesh(tmp_path, **options))  # type: ignore[arg-type]

        yield start


@pytest.fixture(scope="module")
async def shared_mesh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningMesh]:
    """One mesh for the tests of a module that leave it as it was."""
    async with running_mesh(tmp_path_factory.mktemp("mesh")) as running:
        yield running


@pytest.fixture(scope="module")
async def talking(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningMesh]:
    """One mesh whose function takes WebSockets."""
    async with running_mesh(tmp_path_factory.mktemp("sockets"), source=SOCKETS) as running:
        yield running
