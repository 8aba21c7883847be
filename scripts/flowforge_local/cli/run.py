"""``flowforge up`` and ``flowforge down``."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Annotated

import typer

from flowforge_local.cli.common import HOME, Home, fail, owner_of
from flowforge_local.paths import DEFAULT_PORT

DOWN_WITHIN = 60.0

Port = Annotated[
    int, typer.Option(min=1, max=65534, help="Port of the application; the next one is the mesh's own.")
]
Pipeline = Annotated[
    bool, typer.Option("--pipeline/--no-pipeline", help="Run the live pipeline: broker, flows, generator.")
]
Samples = Annotated[
    bool, typer.Option("--samples/--no-samples", help="Load the sample data on the first start.")
]
Rate = Annotated[float, typer.Option(min=0, max=100_000, help="Synthetic messages a second; 0 for none.")]


def up(
    port: Port = DEFAULT_PORT,
    home: Home = HOME,
    pipeline: Pipeline = True,
    samples: Samples = True,
    rate: Rate = 20,
) -> None:
    """Start everything, print the address, stay until Ctrl-C."""
    from flowforge_local.supervisor.child import ChildFailedError
    from flowforge_local.supervisor.lock import HomeInUseError
    from flowforge_local.supervisor.preparation import PreparationError
    from flowforge_local.supervisor.report import Report
    from flowforge_local.supervisor.stack import Options, Stack

    stack = Stack(Options(home, port, pipeline, samples, rate), Report())
    try:
        asyncio.run(stack.run())
        return
    except* (HomeInUseError, ChildFailedError, PreparationError) as group:
        reason = str(_first(group))
    except* OSError as group:
        error = _first(group)
        reason = getattr(error, "strerror", None) or str(error)
    fail(reason)  # not within except*, which would wrap the exit in a group


def down(home: Home = HOME) -> None:
    """Stop what `flowforge up` started on this home."""
    pid = owner_of(home)
    if pid is None:
        fail(f"nothing runs on {home}")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_WITHIN
    while owner_of(home) == pid:
        if time.monotonic() > deadline:
            fail(f"process {pid} has not ended within {DOWN_WITHIN:g} s")
        time.sleep(0.05)
    typer.echo("stopped")


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(up)
    app.command()(down)
