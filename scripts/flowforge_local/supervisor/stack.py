"""The order of it all: lock and ports, engines, schema and seed, mesh, one address, pipeline; then keep watch.

When nothing has to be prepared the mesh starts beside the engines. The two public sockets are opened
here, first, so that a taken port is known at once and a restart of the mesh loses no connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowforge_local.engines import BROKER, ENGINES, Endpoints
from flowforge_local.engines.home import prepare_home
from flowforge_local.listening import LOOPBACK, listen
from flowforge_local.paths import ROOT
from flowforge_local.supervisor import state
from flowforge_local.supervisor.child import Child, ChildSpec
from flowforge_local.supervisor.engines import Engines
from flowforge_local.supervisor.environments import function_environment
from flowforge_local.supervisor.lock import own
from flowforge_local.supervisor.pipeline import start_pipeline
from flowforge_local.supervisor.preparation import MIGRATE, PROVISION, SEED, Preparation, Step
from flowforge_local.supervisor.report import Report

SINK = "/flowforge/default"
"""Where the mesh's Broker takes events, on its own port."""


@dataclass(frozen=True)
class Options:
    """What `flowforge up` was asked for."""

    home: Path
    port: int
    pipeline: bool = True
    """Whether the live pipeline runs."""
    samples: bool = True
    """Whether the sample data is loaded on the first start."""
    rate: float = 20.0
    """Messages a second that the generator sends."""


class Stack:
    """Everything `flowforge up` keeps running."""

    def __init__(self, options: Options, report: Report) -> None:
        self._options = options
        self._report = report
        self._home = prepare_home(options.home)
        self._phase: state.Phase = "starting"
        self._engines: Engines | None = None
        self._mesh: Child | None = None
        self._pipeline: list[Child] = []
        self.url = f"http://localhost:{options.port}"

    async def run(self) -> None:
        """Start everything and stay until SIGINT, SIGTERM or SIGHUP.

        Raises HomeInUseError, OSError for a taken port, ChildFailedError, PreparationError.
        """
        with own(self._home, "up"), contextlib.ExitStack() as sockets:
            public = sockets.enter_context(listen(self._options.port))
            admin = sockets.enter_context(listen(self._options.port + 1))
            stop = _on_signals(self._kill)
            try:
                await _unless(stop, self._start(public, admin))
                await stop.wait()
            finally:
                self._report.line("Stopping …")
                self._phase = "stopping"
                await self._stop()
                state.clear(self._home)

    async def _start(self, public: socket.socket, admin: socket.socket) -> None:
        engines = (*ENGINES, BROKER) if self._options.pipeline else ENGINES
        self._engines = Engines(self._home, self._report, self.publish, engines)
        preparation = Preparation(self._home, self._report)
        wanted = (MIGRATE, PROVISION, SEED) if self._options.samples else (MIGRATE, PROVISION)
        pending = preparation.pending(wanted)
        if not pending:
            self._mesh = self._start_mesh(public, admin)
        await self._engines.wait_ready()
        if pending:
            self._phase = "preparing"
            self.publish()
            await _prepare(preparation, pending, self._engines.addresses)
        mesh = self._mesh = self._mesh or self._start_mesh(public, admin)
        with self._report.step("function mesh"):
            await mesh.wait_ready()
        if self._options.pipeline:
            self._pipeline = start_pipeline(
                self._home,
                self._engines.addresses,
                f"http://{LOOPBACK}:{self._options.port + 1}{SINK}",
                self._options.rate,
                self._report,
                self.publish,
            )
        self._phase = "ready"
        self.publish()
        self._report.address(self.url)

    def _start_mesh(self, public: socket.socket, admin: socket.socket) -> Child:
        if self._engines is None:
            raise RuntimeError("the mesh needs the engines' addresses")
        home, port = self._home, self._options.port
        descriptors = (public.fileno(), admin.fileno())
        argv = [sys.executable, "-m", "flowforge_local.mesh", "--home", str(home), "--fds"]
        spec = ChildSpec(
            name="mesh",
            kind="mesh",
            argv=[*argv, *(str(descriptor) for descriptor in descriptors)],
            environment=function_environment(self._engines.addresses, home),
            cwd=ROOT,
            log=home / "logs" / "mesh.log",
            ready=lambda: _answers(port),
            pass_fds=descriptors,
        )
        return Child(spec, report=self._report.line, changed=self.publish)

    async def _stop(self) -> None:
        await asyncio.gather(*(child.stop() for child in self._pipeline))
        if self._mesh is not None:
            await self._mesh.stop()
        if self._engines is not None:
            await self._engines.stop()

    def _kill(self) -> None:
        for child in self._children():
            child.kill()

    def _children(self) -> list[Child]:
        engines = self._engines.children if self._engines is not None else []
        return [*engines, *([self._mesh] if self._mesh is not None else []), *self._pipeline]

    def publish(self) -> None:
        """Write the state file."""
        admin_url = f"http://{LOOPBACK}:{self._options.port + 1}"
        children = [child.status for child in self._children()]
        try:
            state.write(self._home, state.State(os.getpid(), self._phase, self.url, admin_url, children))
        except OSError as error:  # a full disk must not end the supervision
            self._report.line(f"{self._home / state.FILE} cannot be written: {error.strerror}")


async def _prepare(preparation: Preparation, pending: Sequence[Step], addresses: Endpoints) -> None:
    # The metadata and the serving layer live in different databases; the seed needs the latter.
    async with asyncio.TaskGroup() as group:
        for step in pending:
            if step is not SEED:
                group.create_task(preparation.run(step, addresses))
    if SEED in pending:
        await preparation.run(SEED, addresses)


async def _answers(port: int) -> bool:
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return (await reader.readline()).startswith(b"HTTP/1.1 200")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def _on_signals(second: Callable[[], None]) -> asyncio.Event:
    """Set at the first signal; the second one calls ``second``."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def received() -> None:
        if stop.is_set():
            second()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, received)
    return stop


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do the work, or give it up when told to stop."""
    task = asyncio.create_task(work)
    waiter = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
    finally:
        waiter.cancel()
        task.cancel()
        await asyncio.gather(task, waiter, return_exceptions=True)
