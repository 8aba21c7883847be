"""kill -9 of the function, the mesh and Valkey while events pass: each event is handled, poison is kept with its reason."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from redis.asyncio import Redis

from flowforge_events import WIRE
from flowforge_events.envelope import uuid7
from flowforge_events.sending import Sender
from flowforge_local.listening import LOOPBACK, listen
from flowforge_local.mesh.broker.subscriber import AT_ONCE
from flowforge_local.paths import ROOT

from .conftest import Valkey

pytestmark = pytest.mark.engines

SAVED = "flowforge.workflow.saved.v1"
DATA = {"workflow_id": "w", "version": 1, "content_hash": "h"}
EVENTS, SENDERS = 240, 4


class Mesh:
    """``python -m flowforge_local.mesh`` with one function, killed and started again on the same ports."""

    def __init__(self, folder: Path, valkey: Valkey) -> None:
        self.home = folder / "home"
        self.notes = folder / "notes"
        self.notes.touch()
        self._base = _base(folder / "base")
        self._sockets = [listen(0), listen(0)]
        self._environment = os.environ | {
            "APP_ENV": "development",
            "FLOWFORGE_REDIS_URL": valkey.url,
            "FLOWFORGE_TEST_NOTES": str(self.notes),
        }
        self.port = self._sockets[1].getsockname()[1]
        self.sink = f"http://{LOOPBACK}:{self.port}/flowforge/default"
        self.start()

    def start(self) -> None:
        descriptors = [each.fileno() for each in self._sockets]
        argv = [sys.executable, "-m", "flowforge_local.mesh", "--home", str(self.home)]
        argv += ["--manifests", str(self._base), "--fds", *map(str, descriptors)]
        self.process = subprocess.Popen(
            argv, env=self._environment, cwd=ROOT, pass_fds=descriptors, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def function_pids(self) -> list[int]:
        token = (self.home / "admin-token").read_text()
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as client,
            client.get(f"http://{LOOPBACK}:{self.port}/ps") as answer,
        ):
            rows: list[dict[str, Any]] = await answer.json()
            return [pid for row in rows for pid in row["pids"]]

    def handled(self) -> list[str]:
        return self.notes.read_text().split()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        for each in self._sockets:
            each.close()


def _base(folder: Path) -> Path:
    """Our own Service, Trigger and Broker, with the listener in place of the relay."""
    folder.mkdir()
    ours = ROOT / "knative" / "base"
    (folder / "broker.yaml").write_text((ours / "broker.yaml").read_text())
    service, trigger, *_ = yaml.safe_load_all((ours / "relay.yaml").read_text())
    service["metadata"] |= {
        "name": "listener",
        "annotations": {"flowforge.dev/routes": "GET /api/v1/listener"},
    }
    service["spec"]["template"]["metadata"]["annotations"] = {"autoscaling.knative.dev/min-scale": "0"}
    pod = service["spec"]["template"]["spec"]
    del pod["volumes"], pod["containers"][0]["volumeMounts"]  # it has no tables to read
    pod["containers"][0]["env"] = [
        {"name": "FUNCTION_SOURCE", "value": "tests/mesh/broker/listener/main.py"},
        {"name": "FUNCTION_TARGET", "value": "listener"},
    ]
    trigger["spec"]["subscriber"]["ref"]["name"] = "listener"
    trigger["spec"]["filters"] = [{"exact": {"type": SAVED}}]
    (folder / "listener.yaml").write_text(yaml.safe_dump_all([service, trigger]))
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["broker.yaml", "listener.yaml"],
    }
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    return folder


@asynccontextmanager
async def running(folder: Path, valkey: Valkey) -> AsyncIterator[Mesh]:
    mesh = Mesh(folder, valkey)
    try:
        yield mesh
    finally:
        mesh.close()


async def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.02)


async def test_every_event_is_handled_whatever_is_killed(tmp_path: Path, valkey: Valkey) -> None:
    async with Redis.from_url(valkey.url) as redis:
        await redis.flushall()
    async with running(tmp_path, valkey) as mesh:
        accepted: list[str] = []

        async def send(number: int) -> None:
            sender = Sender(mesh.sink, patience=60)
            for _ in range(EVENTS // SENDERS):
                identifier = uuid7()
                options: Any = {
                    "component": f"test{number}",
                    "subject": "w",
                    "tenant": "demo",
                    "id": identifier,
                }
                assert await asyncio.to_thread(sender.post, *WIRE.encode(SAVED, DATA, **options))
                accepted.append(identifier)
                await asyncio.sleep(0.02)
            sender.close()

        sending = [asyncio.create_task(send(number)) for number in range(SENDERS)]
        await until(lambda: len(mesh.handled()) >= 10, "the function was not woken by its events")
        os.kill((await mesh.function_pids())[0], signal.SIGKILL)
        await until(lambda: len(mesh.handled()) >= 40, "nothing after the function was killed")
        mesh.kill()
        mesh.start()
        await until(lambda: len(mesh.handled()) >= 80, "nothing after the mesh was killed")
        valkey.kill()
        await valkey.start()
        await asyncio.gather(*sending)
        assert len(accepted) == EVENTS
        await until(lambda: set(mesh.handled()) >= set(accepted), "an accepted event was lost")

        repeated = {identifier for identifier, times in Counter(mesh.handled()).items() if times > 1}
        # Only what was being handled in the moment of a kill may be handled again.
        assert len(repeated) <= 3 * AT_ONCE
        assert set(mesh.handled()) == set(accepted)
        await _poison(mesh, valkey)


async def _poison(mesh: Mesh, valkey: Valkey) -> None:
    """An event that cannot be read is kept with the function's own words, and holds nothing up."""
    good, _ = WIRE.encode(SAVED, DATA, component="test", subject="w", tenant="demo", id="poison")
    sender = Sender(mesh.sink)
    after = WIRE.encode(SAVED, DATA, component="test", subject="w", tenant="demo", id="after")
    for message in ((good, b'{"workflow_id": 7}'), after):
        await asyncio.to_thread(sender.post, *message)
    await until(lambda: "after" in mesh.handled(), "poison holds the others up")
    async with valkey.log() as letters:
        async with asyncio.timeout(30):
            while not (found := await letters.dead_letters(10)):  # noqa: ASYNC110 — written by the mesh
                await asyncio.sleep(0.05)
    (letter,) = found
    assert letter.message.attributes["id"] == "poison"
    assert letter.message.attributes["knativeerrorcode"] == "422"
    reason = json.loads(base64.b64decode(letter.message.attributes["knativeerrordata"]))
    assert "workflow_id" in reason["detail"]
    assert "poison" not in mesh.handled()
