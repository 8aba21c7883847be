"""Putting the mesh together: manifests → revisions → gateway and admin interface → until SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp
from aiohttp import web

from flowforge.resources import close_all
from flowforge.settings import Settings
from flowforge_local.engines.home import prepare_home, write_private
from flowforge_local.listening import LOOPBACK, listen
from flowforge_local.mesh.admin import admin
from flowforge_local.mesh.app_config import app_config, identity_origin
from flowforge_local.mesh.broker import Brokers, Mesh
from flowforge_local.mesh.broker.ingress import MOST_BYTES, NAMESPACE
from flowforge_local.mesh.environment import environment_of
from flowforge_local.mesh.gateway import Gateway
from flowforge_local.mesh.headers import content_security_policy
from flowforge_local.mesh.health import Health, probes
from flowforge_local.mesh.http_server import HttpServer
from flowforge_local.mesh.instance import Launch
from flowforge_local.mesh.manifests import KnativeService, load
from flowforge_local.mesh.proxy import Proxy, client_session
from flowforge_local.mesh.revision import Revision
from flowforge_local.mesh.routing import RouteTable
from flowforge_local.mesh.static import StaticFiles
from flowforge_local.paths import ROOT

log = logging.getLogger(__name__)

TOKEN_FILE = "admin-token"  # noqa: S105 — the file's name
DRAIN_AT_END = 3.0
"""Seconds that running requests get when the whole mesh ends."""
SHUTDOWN_SECONDS = 1.0
SCALE_EVERY = 1.0


async def serve(
    *,
    home: Path,
    port: int,
    descriptors: Sequence[int] | None,
    manifests: Path,
    static: Path,
    root: Path = ROOT,
) -> None:
    """Run the mesh until SIGTERM or SIGINT; raises ManifestError, or OSError for a taken port."""
    admitted = load(manifests)
    services = admitted.services
    settings = Settings()
    home = prepare_home(home)
    logs = home / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    public, private = _sockets(port, descriptors)
    stop = _stop_event()
    secret = secrets.token_urlsafe(32)
    eventing = {
        "K_SINK": f"http://{LOOPBACK}:{private.getsockname()[1]}/{NAMESPACE}/default",
        "FLOWFORGE_EVENTS_SECRET": secret,
    }
    async with client_session() as client, aiohttp.ClientSession() as prober:
        revisions = {
            service.name: _revision(service, eventing, root=root, logs=logs, client=client)
            for service in services
        }
        brokers = Brokers(admitted, settings.redis_url.get_secret_value(), Mesh(revisions, secret))
        gateway = Gateway(
            routes=RouteTable(route for service in services for route in service.routes),
            revisions=revisions,
            proxy=Proxy(
                client,
                # What a call takes less of, its function refuses by itself.
                max_body=max(settings.max_body_bytes, settings.max_upload_bytes),
                development=settings.development,
            ),
            static=StaticFiles(
                static, {"Content-Security-Policy": content_security_policy(identity_origin(settings))}
            ),
            health=Health({**probes(settings, prober), "broker": brokers.check}),
            config=app_config(settings),
            allowed_hosts=frozenset(host.strip().lower() for host in settings.allowed_hosts.split(",")),
            ready=lambda: brokers.ingress.ready,
        )
        token = secrets.token_urlsafe(32)
        write_private(home / TOKEN_FILE, token)
        runner = await _listen(gateway.runner(SHUTDOWN_SECONDS), public)
        own = HttpServer(admin(revisions.values(), token, brokers.ingress), MOST_BYTES, SHUTDOWN_SECONDS)
        await own.listen(private)
        log.info("serving %d functions on %s", len(services), public.getsockname())
        scaler = asyncio.create_task(_scale(list(revisions.values())))
        brokers.start()
        gc.freeze()  # what was loaded stays until the end: the collector need not look at it again
        await stop.wait()
        scaler.cancel()
        await own.stop()
        for site in list(runner.sites):
            await site.stop()
        await brokers.aclose()
        await asyncio.gather(*(revision.close(DRAIN_AT_END) for revision in revisions.values()))
        await own.aclose()
        await runner.cleanup()
        await close_all()
        (home / TOKEN_FILE).unlink(missing_ok=True)


def _revision(
    service: KnativeService,
    eventing: Mapping[str, str],
    *,
    root: Path,
    logs: Path,
    client: aiohttp.ClientSession,
) -> Revision:
    spec = service.spec.template.spec
    launch = Launch(
        service=service.name,
        revision=f"{service.name}-00001",
        source=service.environment["FUNCTION_SOURCE"],
        environment=environment_of(service, eventing),
        readiness_path=service.container.readiness_probe.http_get.path,
        root=root,
        logs=logs,
        client=client,
    )
    return Revision(
        launch,
        service.scaling,
        container_concurrency=spec.container_concurrency,
        timeout=spec.timeout_seconds,
        clock=time.monotonic,
    )


async def _scale(revisions: list[Revision]) -> None:
    while True:
        for revision in revisions:
            revision.scale()
        await asyncio.sleep(SCALE_EVERY)


def _sockets(port: int, descriptors: Sequence[int] | None) -> tuple[socket.socket, socket.socket]:
    if descriptors is not None:
        public, admin = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        for listener in (public, admin):
            listener.set_inheritable(False)
        return public, admin
    return listen(port), listen(port + 1)


async def _listen(runner: web.AppRunner, listener: socket.socket) -> web.AppRunner:
    listener.setblocking(False)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    return runner


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
