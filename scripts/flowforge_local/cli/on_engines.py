"""Doing something with a home's engines: those that `flowforge up` runs, or our own for that long."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flowforge_local.cli.common import fail, owner_of

if TYPE_CHECKING:
    from flowforge_local.engines import Endpoints


SIDE_WORK_SECONDS = 5.0


def on_engines(home: Path, purpose: str, work: Callable[[Endpoints], int]) -> int:
    """Run ``work`` with the engines' addresses and return its exit code.

    Nothing of it runs when the engines cannot be had: the reason is printed and the exit code is 1.
    """
    from flowforge_local.engines import endpoints
    from flowforge_local.supervisor.child import ChildFailedError
    from flowforge_local.supervisor.engines import engines_of
    from flowforge_local.supervisor.lock import HomeInUseError
    from flowforge_local.supervisor.preparation import PreparationError
    from flowforge_local.supervisor.report import Report

    if owner_of(home) is not None:
        return work(endpoints(home))

    async def with_engines() -> int:
        async with engines_of(home, purpose, Report()) as addresses:
            return await asyncio.to_thread(work, addresses)

    try:
        return asyncio.run(with_engines())
    except (HomeInUseError, ChildFailedError, PreparationError) as error:
        fail(str(error))


def pipeline(home: Path, arguments: Sequence[str]) -> int:
    """Run a command of the pipeline's package, which may write to the stores."""

    def work(addresses: Endpoints) -> int:
        from flowforge_local.supervisor.environments import pipeline_environment

        environment = {**pipeline_environment(addresses), **sink_of(home)}
        return python(["-m", "flowforge_pipeline", *arguments], environment)

    return on_engines(home, arguments[0], work)


def sink_of(home: Path) -> dict[str, str]:
    """Where events about the home go: the broker of the mesh that runs on it, if any."""
    from flowforge_local.supervisor import state

    if owner_of(home) is None:
        return {}
    found = state.read(home.expanduser().absolute())
    return {} if found is None else {"K_SINK": f"{found.admin_url}/flowforge/default"}


def as_function(home: Path, purpose: str, work: Callable[[], Coroutine[None, None, int]]) -> int:
    """Run a coroutine of the library in this process, with a function's settings and rights."""

    def in_environment(addresses: Endpoints) -> int:
        from flowforge.errors import FlowForgeError
        from flowforge.resources import close_all
        from flowforge_local.supervisor.environments import function_environment

        os.environ.update(function_environment(addresses, home))

        async def closing() -> int:
            try:
                return await work()
            finally:
                await _side_work_done()
                await close_all()

        try:
            return asyncio.run(closing())
        except FlowForgeError as error:
            sys.stderr.write(f"flowforge: {sentence(error.problem())}\n")
            return 1

    return on_engines(home, purpose, in_environment)


async def _side_work_done() -> None:
    """Let what the library began on the side end before its connections are closed under it."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=SIDE_WORK_SECONDS)


def python(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run Python in the caller's own directory and terminal: paths mean what they mean there."""
    return subprocess.run([sys.executable, *arguments], env=environment, check=False).returncode


def sentence(problem: Mapping[str, object]) -> str:
    """A problem's place, what is wrong and what to do, on one line."""
    names = {"node_id": "node", "field": "field", "column": "column", "position": "position"}
    place = ", ".join(
        f"{shown} {problem[name]}" for name, shown in names.items() if problem.get(name) is not None
    )
    text = " ".join(str(problem[name]) for name in ("detail", "hint") if problem.get(name))
    return f"{place}: {text}" if place else text
