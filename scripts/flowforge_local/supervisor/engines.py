"""The engines of one home as supervised children, with the rest of the stack or on their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from flowforge_local.engines import ENGINES, Endpoints, EngineSpec, choose_ports, endpoints
from flowforge_local.engines.home import prepare_home
from flowforge_local.supervisor.child import Child, ChildSpec
from flowforge_local.supervisor.lock import own
from flowforge_local.supervisor.preparation import MIGRATE, PROVISION, Preparation
from flowforge_local.supervisor.report import Report


class Engines:
    """Starts every engine at once; the home's owner makes one of these."""

    def __init__(
        self,
        home: Path,
        report: Report,
        changed: Callable[[], None] = lambda: None,
        specs: tuple[EngineSpec, ...] = ENGINES,
    ) -> None:
        self._report = report
        ports = choose_ports(home, [spec.name for spec in specs])
        self.addresses: Endpoints = endpoints(home)
        logs = home / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        self.children: list[Child] = []
        for spec in specs:
            argv, environment = spec.command(home, ports)
            child = ChildSpec(
                name=spec.name,
                kind="engine",
                argv=argv,
                environment=environment,
                cwd=home,
                log=logs / f"{spec.name}.log",
                ready=partial(spec.ready, home),
                stop_signal=spec.stop_signal,
                stop_timeout=spec.stop_timeout,
                start_timeout=spec.start_timeout,
                memory_limit=spec.memory_limit,
            )
            self.children.append(Child(child, report=report.line, changed=changed))

    async def wait_ready(self) -> None:
        """Return when all have been ready; raises ChildFailedError."""
        with self._report.step("engines: " + ", ".join(child.spec.name for child in self.children)):
            await asyncio.gather(*(child.wait_ready() for child in self.children))

    async def stop(self) -> None:
        """End them, side by side."""
        await asyncio.gather(*(child.stop() for child in self.children))


@asynccontextmanager
async def engines_of(home: Path, purpose: str, report: Report) -> AsyncIterator[Endpoints]:
    """Own the home and run just the engines, with their schema, for the length of the block.

    Raises HomeInUseError, ChildFailedError or PreparationError.
    """
    home = prepare_home(home)
    with own(home, purpose):
        engines = Engines(home, report)
        try:
            await engines.wait_ready()
            preparation = Preparation(home, report)
            for step in preparation.pending((MIGRATE, PROVISION)):
                await preparation.run(step, engines.addresses)
            yield engines.addresses
        finally:
            await engines.stop()
