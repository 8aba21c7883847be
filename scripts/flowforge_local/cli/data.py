"""``flowforge import`` and ``flowforge migrate``: the pipeline's commands, on this home's engines."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flowforge_local.cli.common import HOME, Home, fail, owner_of

if TYPE_CHECKING:
    from flowforge_local.engines import Endpoints

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def import_files(context: typer.Context, home: Home = HOME) -> None:
    """Import trades or quotes from files; `flowforge import --help` lists the options.

    Attaches to the engines that run on the home, or starts them for as long as it takes.
    """
    arguments = ["import", *context.args]
    if {"-h", "--help"} & set(context.args):
        raise typer.Exit(_pipeline(arguments, {}))
    _exit_with(home, arguments)


def migrate(home: Home = HOME) -> None:
    """Bring the serving layer's tables and the application's metadata up to date."""

    def both(addresses: Endpoints) -> int:
        from flowforge_local.supervisor.environments import function_environment, pipeline_environment

        code = _pipeline(["migrate"], pipeline_environment(addresses))
        provision = ["-m", "flowforge.workspace.provision"]
        return code or _python(provision, function_environment(addresses))

    raise typer.Exit(_on_engines(home, "migrate", both))


def _exit_with(home: Path, arguments: Sequence[str]) -> None:
    def run(addresses: Endpoints) -> int:
        from flowforge_local.supervisor.environments import pipeline_environment

        return _pipeline(arguments, pipeline_environment(addresses))

    raise typer.Exit(_on_engines(home, arguments[0], run))


def _on_engines(home: Path, purpose: str, work: object) -> int:
    """Run ``work`` with the addresses of running engines: those of `flowforge up`, or our own."""
    from flowforge_local.engines import endpoints
    from flowforge_local.supervisor.child import ChildFailedError
    from flowforge_local.supervisor.lock import HomeInUseError
    from flowforge_local.supervisor.preparation import PreparationError
    from flowforge_local.supervisor.report import Report
    from flowforge_local.supervisor.stack import engines_of

    assert callable(work)
    if owner_of(home) is not None:
        return int(work(endpoints(home)))

    async def with_engines() -> int:
        async with engines_of(home, purpose, Report()) as addresses:
            return int(await asyncio.to_thread(work, addresses))

    try:
        return asyncio.run(with_engines())
    except (HomeInUseError, ChildFailedError, PreparationError) as error:
        fail(str(error))


def _pipeline(arguments: Sequence[str], environment: dict[str, str]) -> int:
    return _python(["-m", "flowforge_pipeline", *arguments], environment)


def _python(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run Python in the caller's own directory and terminal: paths mean what they mean there."""
    return subprocess.run([sys.executable, *arguments], env=environment or None, check=False).returncode


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("import", context_settings=PASS_ON)(import_files)
    app.command()(migrate)
