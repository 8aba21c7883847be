"""One supervised process: started, probed until ready, restarted with exponential back-off, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flowforge_local.processes import kill_group, open_log, resident, spawn, stop
from flowforge_local.supervisor.state import ChildState, ChildStatus, Kind

log = logging.getLogger(__name__)

BACKOFF_FIRST, BACKOFF_MOST = 0.5, 30.0
HEALTHY_AFTER = 60.0
"""A child that was ready for so long has recovered: its back-off begins anew."""
PROBE_EVERY = 0.02
WATCH_EVERY = 5.0
TRIES_BEFORE_READY = 3
LOG_TAIL = 3000


class ChildFailedError(Exception):
    """A child never became ready; the message ends with the end of its log."""


@dataclass(frozen=True)
class ChildSpec:
    """What to run, and how to tell that it is ready. Times are seconds."""

    name: str
    kind: Kind
    argv: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    log: Path
    ready: Callable[[], Awaitable[bool]]
    stop_signal: int = signal.SIGTERM
    stop_timeout: float = 20.0
    start_timeout: float = 60.0
    pass_fds: Sequence[int] = field(default=())
    memory_limit: int | None = None
    """Bytes of resident memory beyond which it is stopped and started again; Linux only."""
    needed: bool = True
    """Whether it is given up, and ``wait_ready`` fails, when it ends again and again before it is ready."""


class Child:
    """Supervises one process. ``report`` gets a sentence when it crashes, ``changed`` any new status."""

    def __init__(
        self, spec: ChildSpec, *, report: Callable[[str], None], changed: Callable[[], None] = lambda: None
    ) -> None:
        self.spec = spec
        self._report = report
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._state: ChildState = "stopped"
        self._restarts = 0
        self._stopping = False
        self._became_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._supervise())

    @property
    def status(self) -> ChildStatus:
        """The row of ``flowforge status``."""
        alive = self._process is not None and self._process.returncode is None
        pid = self._process.pid if self._process is not None and alive else None
        return ChildStatus(self.spec.name, self.spec.kind, self._state, pid, self._restarts)

    async def wait_ready(self) -> None:
        """Return once it has been ready; raises ChildFailedError when it will not be."""
        await asyncio.shield(self._became_ready)

    async def stop(self) -> None:
        """End the process and the supervision of it."""
        self._stopping = True
        self._set("stopping")
        if self._process is not None:
            await stop(self._process, grace=self.spec.stop_timeout, signal_number=self.spec.stop_signal)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._process is not None:  # started in the moment of the cancellation
            await stop(self._process, grace=0)
        if not self._became_ready.done():
            self._became_ready.cancel()
        self._set("stopped")

    def kill(self) -> None:
        """End the process at once; ``stop`` must still be awaited."""
        if self._process is not None:
            kill_group(self._process.pid)

    async def _supervise(self) -> None:
        pause, failures = BACKOFF_FIRST, 0
        while not self._stopping:
            try:
                since = await self._run_once()
            except OSError as error:
                since = None
                self._report(f"{self.spec.name} cannot be run: {error}")
            if self._stopping:
                return
            failures += 1
            if self.spec.needed and not self._became_ready.done() and failures >= TRIES_BEFORE_READY:
                self._became_ready.set_exception(ChildFailedError(self._failure()))
                self._set("stopped")
                return
            if since is not None and time.monotonic() - since >= HEALTHY_AFTER:
                pause = BACKOFF_FIRST
            code = self._process.returncode if self._process is not None else None
            self._report(f"{self.spec.name} ended ({_cause(code)}); starting it again in {pause:g} s")
            self._set("waiting")
            await asyncio.sleep(pause)
            pause = min(pause * 2, BACKOFF_MOST)
            self._restarts += 1

    async def _run_once(self) -> float | None:
        """Run the process to its end; returns when it became ready, None if never."""
        self._set("starting")
        with open_log(self.spec.log) as output:
            self._process = await spawn(
                self.spec.argv,
                env=self.spec.environment,
                cwd=self.spec.cwd,
                output=output,
                pass_fds=self.spec.pass_fds,
            )
        self._changed()
        process, since = self._process, None
        try:
            async with asyncio.timeout(self.spec.start_timeout):
                # Readiness is asked for: the child has no way to tell us.
                while process.returncode is None and not await self.spec.ready():  # noqa: ASYNC110
                    await asyncio.sleep(PROBE_EVERY)
        except TimeoutError:
            self._report(f"{self.spec.name} is not ready after {self.spec.start_timeout:g} s")
            await stop(process, grace=self.spec.stop_timeout, signal_number=self.spec.stop_signal)
        if process.returncode is None:
            since = time.monotonic()
            self._set("ready")
            if not self._became_ready.done():
                self._became_ready.set_result(None)
            elif self._restarts:
                self._report(f"{self.spec.name} is back (process {process.pid})")
            await self._watch(process)
        kill_group(process.pid)
        return since

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Wait for its end, which is brought about where it takes more memory than it may."""
        while process.returncode is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), WATCH_EVERY)
            held, limit = resident(process.pid), self.spec.memory_limit
            if process.returncode is None and limit is not None and held > limit:
                self._report(f"{self.spec.name} holds {held >> 20} MB, more than {limit >> 20} MB")
                await stop(process, grace=self.spec.stop_timeout, signal_number=self.spec.stop_signal)

    def _set(self, state: ChildState) -> None:
        self._state = state
        self._changed()

    def _failure(self) -> str:
        tail = ""
        with contextlib.suppress(OSError):
            tail = self.spec.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:].rstrip()
        code = self._process.returncode if self._process is not None else None
        return f"{self.spec.name} does not start ({_cause(code)}). The end of {self.spec.log}:\n{tail}"


def _cause(code: int | None) -> str:
    if code is None:
        return "it could not be run"
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
