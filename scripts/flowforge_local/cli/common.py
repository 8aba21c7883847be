"""What the commands share: their common option, and how a failure ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from flowforge_local.paths import DEFAULT_HOME

Home = Annotated[Path, typer.Option(help="State directory of the installation.", file_okay=False)]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
HOME = DEFAULT_HOME


def fail(message: str) -> NoReturn:
    """Say why, on standard error, and exit with 1."""
    sys.stderr.write(f"flowforge: {message}\n")
    raise typer.Exit(1)


def owner_of(home: Path) -> int | None:
    """Process that runs on ``home``, if any."""
    from flowforge_local.supervisor.lock import owner

    return owner(home.expanduser().absolute())
