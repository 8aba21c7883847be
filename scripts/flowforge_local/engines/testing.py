"""Run the engines for the length of a test session, on a home of its own.

Several sessions may run side by side: each has its own ports, passwords and data.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flowforge_local.engines import ENGINES, Endpoints, EngineSpec, choose_ports, endpoints
from flowforge_local.engines.home import prepare_home
from flowforge_local.engines.ports import is_free

POLL_SECONDS = 0.02
ATTEMPTS = 3
"""A port can be taken by somebody else between being chosen and being listened on."""


class RunningEngine:
    """One engine's process, its log beside the data it writes."""

    def __init__(self, spec: EngineSpec, home: Path, ports: Mapping[str, int]) -> None:
        self.spec = spec
        self.home = home
        self.log = home / "logs" / f"{spec.name}.log"
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        argv, environment = spec.command(home, ports)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def wait_ready(self) -> None:
        """Return once it answers.

        Raises:
            RuntimeError: it left, or was not ready in time; the message ends with its log.

        """
        deadline = time.monotonic() + self.spec.start_timeout
        while not await self.spec.ready(self.home):
            if self.process.poll() is not None:
                raise RuntimeError(
                    f"{self.spec.name} left with status {self.process.returncode}:\n{self.tail()}"
                )
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"{self.spec.name} is not ready after {self.spec.start_timeout} s:\n{self.tail()}"
                )
            await asyncio.sleep(POLL_SECONDS)

    def stop(self) -> int:
        """Ask it to leave and return its exit status; kill it where it does not."""
        if self.process.poll() is None:
            self.process.send_signal(self.spec.stop_signal)
        try:
            return self.process.wait(self.spec.stop_timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def tail(self, size: int = 4000) -> str:
        """End of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-size:]


def start(home: Path, specs: tuple[EngineSpec, ...] = ENGINES) -> dict[str, RunningEngine]:
    """Start engines of ``home`` in parallel and return them when all are ready."""
    home = prepare_home(home)
    for attempt in range(1, ATTEMPTS + 1):
        ports = choose_ports(home, [spec.name for spec in specs])
        running = {spec.name: RunningEngine(spec, home, ports) for spec in specs}
        try:
            _run(running)
        except BaseException:
            for engine in running.values():
                engine.stop()
            if attempt == ATTEMPTS or all(is_free(ports[name]) for name in running):
                raise
        else:
            return running
    raise AssertionError("unreachable")


@contextlib.contextmanager
def running_engines(home: Path, specs: tuple[EngineSpec, ...] = ENGINES) -> Iterator[Endpoints]:
    """Start the engines on free ports, give their addresses, stop them at the end.

    Synchronous, so that it serves both kinds of fixtures and tests.
    """
    running = start(home, specs)
    try:
        yield endpoints(home)
    finally:
        for engine in running.values():
            engine.process.send_signal(engine.spec.stop_signal)
        for engine in running.values():
            engine.stop()


def _run(running: Mapping[str, RunningEngine]) -> None:
    async def all_ready() -> None:
        async with asyncio.TaskGroup() as group:
            for engine in running.values():
                group.create_task(engine.wait_ready())

    # In a thread, because the caller may be inside an event loop. The processes were started
    # by the caller's own thread: they leave when that one ends.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(asyncio.run, all_ready()).result()
