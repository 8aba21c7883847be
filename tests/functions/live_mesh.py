"""A real mesh – gateway, broker, relay – on the session's engines, and viewers of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

WITHIN = 60.0
CHANGED = "flowforge.data.changed.v1"
Message = dict[str, Any]


async def until(condition: Callable[[], object], within: float = WITHIN) -> None:
    """Wait for something that arrives over the network."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@dataclass
class LiveMesh:
    """``url`` is the public address, ``broker`` the ingress of events."""

    port: int
    home: Path
    client: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def broker(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}/flowforge/default"

    async def relay_pids(self) -> list[int]:
        """Processes of the relay that are ready."""
        token = (self.home / "admin-token").read_text()
        address = f"http://127.0.0.1:{self.port + 1}/ps"
        async with self.client.get(address, headers={"Authorization": f"Bearer {token}"}) as answer:
            rows = await answer.json()
        return next(row["pids"] for row in rows if row["service"] == "relay")

    async def kill_relay(self) -> None:
        """kill -9, and no word to anybody."""
        for pid in await self.relay_pids():
            os.kill(pid, signal.SIGKILL)

    async def post(
        self, data: Message, kind: str = CHANGED, *, structured: bool = False, tenant: str | None = None
    ) -> None:
        """Post an event to the broker, in either mode."""
        attributes = {
            "specversion": "1.0",
            "type": kind,
            "source": "/tests",
            "id": str(uuid4()),
            "subject": "x",
        } | ({"tenant": tenant} if tenant else {})
        if structured:
            body = json.dumps(attributes | {"datacontenttype": "application/json", "data": data})
            headers = {"Content-Type": "application/cloudevents+json"}
        else:
            body = json.dumps(data)
            headers = {f"ce-{name}": value for name, value in attributes.items()}
            headers["Content-Type"] = "application/json"
        async with self.client.post(self.broker, data=body, headers=headers) as answer:
            assert answer.status == 202, await answer.text()

    async def ticket(self, tenant: str, **watched: str) -> str:
        """A ticket for a dashboard or an execution."""
        address = f"{self.url}/api/v1/stream/ticket"
        async with self.client.post(address, json=watched, headers={"X-Dev-Tenant": tenant}) as answer:
            assert answer.status == 200, await answer.text()
            return str((await answer.json())["ticket"])


@dataclass
class Viewer:
    """Watches one dashboard, over WebSocket or SSE, and comes again after each end, from where it was."""

    mesh: LiveMesh
    tenant: str
    dashboard: str
    sse: bool = False
    again: bool = True
    messages: list[Message] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    last: str | None = None

    def told(self) -> Counter[str]:
        """How often each widget was said to be stale."""
        return Counter(
            name for each in self.messages if each["type"] == "invalidate" for name in each["widget_ids"]
        )

    def of(self, kind: str) -> list[Message]:
        return [each for each in self.messages if each["type"] == kind]

    async def watch(self) -> None:
        while True:
            # The relay may be away, or have been killed in the middle of this.
            with contextlib.suppress(aiohttp.ClientError, AssertionError):
                await (self._events() if self.sse else self._socket())
            if not self.again:
                return
            await asyncio.sleep(0.1)

    async def _socket(self) -> None:
        ticket = await self.mesh.ticket(self.tenant, dashboard_id=self.dashboard)
        query = {"last_event_id": self.last} if self.last else {}
        protocols = ("flowforge.v1", f"flowforge.ticket.{ticket}")
        address = f"{self.mesh.url}/ws/dashboard/{self.dashboard}"
        async with self.mesh.client.ws_connect(
            address, params=query, protocols=protocols, origin=self.mesh.url
        ) as socket_:
            assert socket_.protocol == "flowforge.v1"
            async for frame in socket_:
                self._hear(json.loads(frame.data))
            self.ends.append(socket_.close_code or 0)

    async def _events(self) -> None:
        headers = {"X-Dev-Tenant": self.tenant} | ({"Last-Event-ID": self.last} if self.last else {})
        address = f"{self.mesh.url}/api/v1/stream"
        async with self.mesh.client.get(
            address, params={"dashboard": self.dashboard}, headers=headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            async for line in answer.content:
                if line.startswith(b"data: "):
                    self._hear(json.loads(line[6:]))

    def _hear(self, message: Message) -> None:
        if message["type"] == "end":
            self.ends.append(message["code"])
            return
        self.last = message["id"]
        self.messages.append(message)


@dataclass
class Frame:
    """Watches an embedded widget with a proof, and goes on where it was."""

    mesh: LiveMesh
    widget: str
    proof: dict[str, str]
    messages: list[Message] = field(default_factory=list)

    @property
    def told(self) -> int:
        """How often its widget was said to be stale; of nothing else it may ever hear."""
        said = [each for each in self.messages if each["type"] not in ("hello", "ping")]
        assert all(set(each) == {"type", "id", "widget_ids"} for each in said), said
        assert all(each["widget_ids"] == [self.widget] for each in said)
        return len(said)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[Message]:
        """Hear the stream for the length of the block, which begins with its hello."""
        last = {"Last-Event-ID": self.messages[-1]["id"]} if self.messages else {}
        before = len(self.messages)
        address = f"{self.mesh.url}/api/v1/embed/{self.widget}/stream"
        async with self.mesh.client.get(address, headers=self.proof | last) as answer:
            assert answer.status == 200, await answer.text()
            hearing = asyncio.create_task(self._hear(answer))
            try:
                await until(lambda: len(self.messages) > before)
                yield self.messages[before]
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)

    async def _hear(self, answer: aiohttp.ClientResponse) -> None:
        async for line in answer.content:
            if line.startswith(b"data: "):
                self.messages.append(json.loads(line[6:]))


@contextlib.asynccontextmanager
async def running_mesh(home: Path, environment: dict[str, str]) -> AsyncIterator[LiveMesh]:
    """The mesh as ``flowforge up`` starts it, until the block ends; ``home`` is an empty folder."""
    port = _two_ports()
    with (home / "mesh.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-m", "flowforge_local.mesh", "--home", str(home), "--port", str(port)],
            env={"PATH": os.environ["PATH"], **environment},
            stdout=output,
            stderr=output,
        )
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, timeout=aiohttp.ClientTimeout(total=None, connect=5)
    ) as client:
        mesh = LiveMesh(port, home, client)
        try:
            async with asyncio.timeout(60):
                while not await _relay_is_ready(mesh):
                    assert process.poll() is None, (home / "mesh.log").read_text()
                    await asyncio.sleep(0.05)
            yield mesh
        finally:
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, 15)
            finally:
                process.kill()


async def _relay_is_ready(mesh: LiveMesh) -> bool:
    with contextlib.suppress(aiohttp.ClientError, FileNotFoundError):
        return bool(await mesh.relay_pids())
    return False


def _two_ports() -> int:
    """A free port whose neighbour is free as well."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port
