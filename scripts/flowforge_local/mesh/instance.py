"""One process of a function: started, polled until ready, drained, ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from flowforge_local.processes import kill_group, open_log, spawn, stop

log = logging.getLogger(__name__)

READY_WITHIN = 30.0
PROBE_EVERY = 0.015
PROBE_TIMEOUT = 2.0
TERMINATION_GRACE = 10.0
SUSPECTED_FOR = 0.2
"""A process that crashed is seen to have ended within this time."""
SHORT_LIVED = 1.0
"""A process that ends within this time of being ready has failed as one that does not start."""
_numbers = itertools.count(1)


class StartError(Exception):
    """An instance ended, or did not become ready in time."""


class StartKilledError(StartError):
    """Somebody else ended it: that says nothing about the function."""


@dataclass(frozen=True)
class Launch:
    """What it takes to start an instance of one revision."""

    service: str
    revision: str
    source: str
    environment: Mapping[str, str]
    readiness_path: str
    root: Path
    logs: Path
    client: aiohttp.ClientSession


class Instance:
    """A running function. ``in_flight`` counts the requests it is answering."""

    def __init__(self, launch: Launch, process: asyncio.subprocess.Process, port: int) -> None:
        self.name = f"{launch.revision}-{next(_numbers)}"
        self.origin = f"http://127.0.0.1:{port}"
        self.process = process
        self.in_flight = 0
        self.ready = False
        self.draining = False
        self.cold_start_ms = 0.0
        self.ready_at = 0.0  # time.perf_counter
        self._idle = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None
        self._launch = launch

    @classmethod
    async def start(cls, launch: Launch, on_exit: Callable[[Instance], None]) -> Instance:
        """Start a process and wait until it is ready; ``on_exit`` is called when it ends by itself.

        Raises StartError; nothing is left behind then.
        """
        began = time.perf_counter()
        port = _free_port()
        with open_log(launch.logs / f"{launch.service}.log") as output:
            process = await spawn(
                [sys.executable, "-m", "flowforge.serve", launch.source],
                env={
                    **launch.environment,
                    "PORT": str(port),
                    "HOST": "127.0.0.1",  # in production mode a function would listen everywhere
                    "K_SERVICE": launch.service,
                    "K_REVISION": launch.revision,
                    "K_CONFIGURATION": launch.service,
                },
                cwd=launch.root,
                output=output,
            )
        instance = cls(launch, process, port)
        try:
            async with asyncio.timeout(READY_WITHIN):
                await instance._until_ready()
        except TimeoutError:
            await stop(process, grace=0)
            raise StartError(f"{launch.service} was not ready within {READY_WITHIN:g} s") from None
        except BaseException:
            await stop(process, grace=0)
            raise
        instance.ready = True
        instance.ready_at = time.perf_counter()
        instance.cold_start_ms = round((instance.ready_at - began) * 1000, 1)
        log.info("%s ready in %.0f ms (pid %d)", instance.name, instance.cold_start_ms, process.pid)
        instance._watcher = asyncio.create_task(instance._watch(on_exit))
        return instance

    async def _until_ready(self) -> None:
        url = self.origin + self._launch.readiness_path
        timeout = aiohttp.ClientTimeout(total=PROBE_TIMEOUT)
        while self.process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._launch.client.get(url, timeout=timeout) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(PROBE_EVERY)
        kill_group(self.process.pid)
        error = StartKilledError if self.process.returncode < 0 else StartError
        raise error(f"{self._launch.service} ended with code {self.process.returncode} before it was ready")

    async def _watch(self, on_exit: Callable[[Instance], None]) -> None:
        code = await self.process.wait()
        kill_group(self.process.pid)
        self.ready = False
        if not self.draining:
            log.error("%s ended by itself with code %d", self.name, code)
            on_exit(self)

    async def suspect(self) -> None:
        """A connection broke: hand out no more requests until it is known whether the process still lives."""
        self.ready = False
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), SUSPECTED_FOR)
        finally:  # whoever asks may be cancelled meanwhile: that says nothing about the process
            self.ready = self.process.returncode is None and not self.draining

    @property
    def failed(self) -> bool:
        """Whether it ended by itself right after it was ready, as the next one will.

        One that was killed, or that a request brought down, says nothing about the next.
        """
        code = self.process.returncode
        by_itself = code is not None and code >= 0 and not self.in_flight
        return by_itself and time.perf_counter() - self.ready_at < SHORT_LIVED

    def enter(self) -> None:
        """A request begins."""
        self.in_flight += 1

    def leave(self) -> None:
        """A request has ended."""
        self.in_flight -= 1
        if not self.in_flight:
            self._idle.set()

    async def drain(self, within: float, grace: float = TERMINATION_GRACE) -> None:
        """Take no more requests, let the running ones finish for ``within`` seconds, then end.

        After SIGTERM the process has ``grace`` seconds before it is killed.
        """
        self.draining, self.ready = True, False
        if self.in_flight and self.process.returncode is None:
            self._idle.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), within)
        code = await stop(self.process, grace=grace)
        log.info("%s ended with code %d", self.name, code)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
