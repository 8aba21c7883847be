"""``flowforge codegen``: developers' commands that live in packages of their own."""

from __future__ import annotations

from typing import Annotated

import typer

Check = Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 when a file is stale.")]


def codegen(check: Check = False) -> None:
    """Write the files that are generated from the Python models."""
    from flowforge_local.codegen.__main__ import main

    raise typer.Exit(main(["--check"] if check else []))


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(codegen)
