"""A real Valkey, a real broker in front of it, and subscribers that answer as they are told."""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from redis.asyncio import Redis

from flowforge.stores.resp import connect
from flowforge_events.envelope import uuid7
from flowforge_local.engines import ENGINES, choose_ports
from flowforge_local.engines.credentials import credentials
from flowforge_local.engines.testing import RunningEngine, start
from flowforge_local.listening import LOOPBACK, listen
from flowforge_local.mesh.broker import Brokers, Mesh
from flowforge_local.mesh.broker.ingress import MOST_BYTES
from flowforge_local.mesh.broker.log import EventLog
from flowforge_local.mesh.http_server import HttpServer
from flowforge_local.mesh.manifests import Manifests
from flowforge_local.mesh.manifests.load import admit_any
from flowforge_local.mesh.proxy import client_session

VALKEY = next(spec for spec in ENGINES if spec.name == "valkey")
DELIVERY = {
    "retry": 3,
    "backoffPolicy": "linear",
    "backoffDelay": "PT0.02S",
    "deadLetterSink": {
        "ref": {"apiVersion": "eventing.knative.dev/v1alpha1", "kind": "KafkaSink", "name": "dead-letters"}
    },
}


@dataclass
class Valkey:
    """A Valkey that can be killed and started again on its data."""

    home: Path
    engine: RunningEngine
    url: str

    def kill(self) -> None:
        """kill -9."""
        self.engine.process.send_signal(signal.SIGKILL)
        self.engine.process.wait()

    @asynccontextmanager
    async def log(self) -> AsyncIterator[EventLog]:
        """The streams of the broker ``default``, as another process sees them."""
        client = connect(5.0, self.url)
        yield EventLog(client, "default")
        await client.aclose()

    async def start(self) -> None:
        self.engine = RunningEngine(VALKEY, self.home, choose_ports(self.home, []))
        await self.engine.wait_ready()


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="flowforge-broker-") as directory:
        home = Path(directory)
        engine = start(home, (VALKEY,))["valkey"]
        port = choose_ports(home, [])["valkey"]
        running = Valkey(home, engine, f"redis://:{credentials(home).valkey}@{LOOPBACK}:{port}/0")
        yield running
        running.engine.stop()


@dataclass
class Sink:
    """A subscriber: each path notes what it gets and answers with the next of its script, then with 204."""

    url: str
    received: dict[str, list[tuple[dict[str, str], bytes]]] = field(default_factory=dict)
    scripts: dict[str, list[web.Response | Callable[[], Awaitable[web.Response]]]] = field(
        default_factory=dict
    )

    def ids(self, path: str) -> list[str]:
        """The ids that came to a path, in order, repeated ones too."""
        return [headers["ce-id"] for headers, _ in self.received.get(path, ())]

    async def until(self, condition: Callable[[], bool], within: float = 20.0) -> None:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 — what arrives, arrives by HTTP
                await asyncio.sleep(0.01)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    listener = listen(0)
    running = Sink(f"http://{LOOPBACK}:{listener.getsockname()[1]}")

    async def handle(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        running.received.setdefault(request.path, []).append((headers, await request.read()))
        script = running.scripts.get(request.path)
        if not script:
            return web.Response(status=204)
        answer = script.pop(0)
        return answer if isinstance(answer, web.Response) else await answer()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    yield running
    await runner.cleanup()


@dataclass
class RunningBroker:
    """A broker with its ingress at ``url``."""

    url: str
    brokers: Brokers
    client: aiohttp.ClientSession

    async def post(self, data: Any = None, *, id: str | None = None, **attributes: str) -> str:  # noqa: A002
        """Post an event of some type in binary mode; its id."""
        identifier = id or uuid7()
        headers = {"specversion": "1.0", "type": "t", "source": "/s", "id": identifier} | attributes
        async with self.client.post(
            self.url,
            data=json.dumps(data or {}),
            headers={f"ce-{name}": value for name, value in headers.items()},
        ) as answer:
            assert answer.status == 202, await answer.text()
        return identifier


BrokerFactory = Callable[..., Awaitable[RunningBroker]]


def manifests(triggers: dict[str, dict[str, Any]]) -> Manifests:
    """A Broker ``default`` with these Triggers; a Trigger's ``ordered`` becomes its annotation."""
    documents: list[dict[str, Any]] = [
        {
            "apiVersion": "eventing.knative.dev/v1",
            "kind": "Broker",
            "metadata": {"name": "default", "annotations": {"eventing.knative.dev/broker.class": "Kafka"}},
            "spec": {"config": {"apiVersion": "v1", "kind": "ConfigMap", "name": "c"}, "delivery": DELIVERY},
        }
    ]
    for name, spec in triggers.items():
        ordered = spec.pop("ordered", False)
        order = {"kafka.eventing.knative.dev/delivery.order": "ordered"} if ordered else {}
        documents.append(
            {
                "apiVersion": "eventing.knative.dev/v1",
                "kind": "Trigger",
                "metadata": {"name": name, "annotations": order},
                "spec": {"broker": "default"} | spec,
            }
        )
    return Manifests([admit_any(document, "test") for document in documents])


@pytest.fixture
async def broker(valkey: Valkey) -> AsyncIterator[BrokerFactory]:
    """``await broker({"name": {"subscriber": {"uri": …}}})`` on empty streams; ``fresh=False`` keeps them."""
    async with AsyncExitStack() as stack:

        async def start(triggers: dict[str, dict[str, Any]], fresh: bool = True) -> RunningBroker:
            if fresh:
                async with Redis.from_url(valkey.url) as redis:
                    await redis.delete("ff:broker:default:events", "ff:broker:default:dead")
            client = await stack.enter_async_context(client_session())
            brokers = Brokers(manifests(triggers), valkey.url, Mesh({}, "secret"))
            listener = listen(0)
            server = HttpServer(brokers.ingress.handle, MOST_BYTES, within=0.1)
            stack.push_async_callback(server.aclose)
            address = listener.getsockname()
            await server.listen(listener)
            brokers.start()
            stack.push_async_callback(brokers.aclose)
            async with asyncio.timeout(10):
                while not brokers.ingress.ready:  # noqa: ASYNC110 — as a health check would ask
                    await asyncio.sleep(0.01)
            url = f"http://{LOOPBACK}:{address[1]}/flowforge/default"
            return RunningBroker(url, brokers, client)

        yield start
