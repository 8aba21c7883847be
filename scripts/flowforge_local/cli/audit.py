"""``flowforge audit verify``: whether the audit log still says what was written into it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flowforge_local.cli.common import HOME, Home, Json
from flowforge_local.cli.on_engines import as_function

Tenant = Annotated[str | None, typer.Option(help="Only this tenant's entries.")]


def verify(tenant: Tenant = None, home: Home = HOME, as_json: Json = False) -> None:
    """Check every entry of the audit log and where it ends; exits with 1 when anything was tampered with."""

    async def work() -> int:
        from flowforge.audit.verify import verify

        verdicts = await verify(tenant)
        if as_json:
            typer.echo(
                json.dumps(
                    [
                        {"tenant": each.tenant_id, "entries": each.entries, "problem": each.problem}
                        for each in verdicts
                    ]
                )
            )
        for each in () if as_json else verdicts:
            outcome = "intact" if each.intact else f"NOT INTACT: {each.problem}"
            typer.echo(f"{each.tenant_id}: {each.entries} entries, {outcome}")
        return 0 if all(each.intact for each in verdicts) else 1

    raise typer.Exit(as_function(home, "audit verify", work))


def register(app: typer.Typer) -> None:
    """Add these commands."""
    audit = typer.Typer(help="Who changed what, and who was given which data.", no_args_is_help=True)
    audit.command("verify")(verify)
    # A Typer with one command would become that command.
    audit.callback()(lambda: None)
    app.add_typer(audit, name="audit")
