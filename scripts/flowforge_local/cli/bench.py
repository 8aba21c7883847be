"""``flowforge bench compile | run | push | api | coldstart``: ours, peers and floors side by side, in one run of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated, Literal

import typer

from flowforge_local.cli.common import HOME, Home, Json, fail
from flowforge_local.paths import ROOT

Part = Annotated[
    Literal["compile", "run", "push", "api", "coldstart", "pipeline"],
    typer.Argument(help="Compilation, the statements it makes, the live path, answers, or cold starts."),
]
Rounds = Annotated[int | None, typer.Option(min=1, help="How often each contender has its turn.")]


def bench(part: Part, as_json: Json = False, rounds: Rounds = None, home: Home = HOME) -> None:
    """Measure against peers and floors; exits with 1 when a target is missed.

    Peers are installed from PyPI into the home on first use; `run` generates ten million rows there.
    """
    tests = ROOT / "tests"
    if not (tests / "bench").is_dir():
        fail("the bench runs from a checkout: its code is in tests/bench")
    command = [sys.executable, "-m", "bench", part, "--home", str(home.expanduser().absolute() / "bench")]
    command += ["--json"] if as_json else []
    command += ["--rounds", str(rounds)] if rounds is not None else []
    environment = {**os.environ, "PYTHONPATH": str(tests)}
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(bench)
