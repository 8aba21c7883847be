"""The processes of the live pipeline as supervised children: ``python -m flowforge_pipeline <name>``.

They are started once everything else is ready and nobody waits for them: the application serves what
is stored meanwhile. Each waits for the broker and the stores by itself, so that their order does not
matter and any may be killed. One that cannot start is tried again with back-off, for ever.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowforge_local.engines import Endpoints
from flowforge_local.paths import ROOT
from flowforge_local.supervisor.child import Child, ChildSpec
from flowforge_local.supervisor.environments import live_environment
from flowforge_local.supervisor.report import Report


@dataclass(frozen=True)
class Process:
    """``arguments`` follow the name; ``{rate}`` in them is the rate of the generator."""

    name: str
    arguments: Sequence[str] = ()


PROCESSES = (
    Process("normalise"),
    Process("sink"),
    Process("hot"),
    Process("vwap"),
    Process("volatility"),
    Process("anomaly"),
    Process("generate", ("--rate", "{rate}")),
)
"""From the broker's topics to the stores, and what feeds them."""


def start_pipeline(
    home: Path, addresses: Endpoints, sink: str, rate: float, report: Report, changed: Callable[[], None]
) -> list[Child]:
    """Start them all. ``sink`` takes events; ``rate`` is in messages a second, 0 for no generator."""
    place = home / "pipeline"
    place.mkdir(mode=0o700, exist_ok=True)
    children = []
    for process in PROCESSES:
        if process.name == "generate" and rate == 0:
            continue
        alive = place / f"{process.name}.alive"
        alive.unlink(missing_ok=True)
        arguments = [argument.format(rate=f"{rate:g}") for argument in process.arguments]
        spec = ChildSpec(
            name=process.name,
            kind="pipeline",
            argv=[sys.executable, "-m", "flowforge_pipeline", process.name, *arguments],
            environment=live_environment(addresses, place, sink),
            cwd=ROOT,
            log=home / "logs" / f"{process.name}.log",
            ready=_exists(alive),
            stop_timeout=10.0,
            needed=False,
        )
        children.append(Child(spec, report=report.line, changed=changed))
    return children


def _exists(file: Path) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return await asyncio.to_thread(file.exists)

    return asked
