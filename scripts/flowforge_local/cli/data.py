"""``flowforge import``, ``migrate`` and ``tenant``: what operators do to a home's stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flowforge_local.cli.common import HOME, Home
from flowforge_local.cli.limits import limits
from flowforge_local.cli.on_engines import as_function, on_engines, pipeline, python

if TYPE_CHECKING:
    from flowforge_local.engines import Endpoints

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
ListOrAll = "comma-separated names, or * for all"

Symbols = Annotated[str, typer.Option(help=f"Symbols the tenant may see: {ListOrAll}.")]
Tables = Annotated[str, typer.Option(help=f"Tables (database.table) the tenant may see: {ListOrAll}.")]
Tenant = Annotated[str, typer.Argument(help="Tenant id.")]


def import_files(context: typer.Context, home: Home = HOME) -> None:
    """Import market data from files; `flowforge import --help` lists the options.

    Attaches to the engines that run on the home, or starts them for as long as it takes.
    """
    if {"-h", "--help"} & set(context.args):
        raise typer.Exit(python(["-m", "flowforge_pipeline", "import", "--help"]))
    raise typer.Exit(pipeline(home, ["import", *context.args]))


def migrate(home: Home = HOME) -> None:
    """Bring the serving layer's tables and the application's metadata up to date."""

    def both(addresses: Endpoints) -> int:
        from flowforge_local.supervisor.environments import function_environment, pipeline_environment

        code = python(["-m", "flowforge_pipeline", "migrate"], pipeline_environment(addresses))
        return code or python(["-m", "flowforge.workspace.provision"], function_environment(addresses))

    raise typer.Exit(on_engines(home, "migrate", both))


def grant(tenant: Tenant, symbols: Symbols, tables: Tables = "*", home: Home = HOME) -> None:
    """Say what a tenant may see; registers the tenant. Its admin can narrow this, never widen it."""

    async def work() -> int:
        from flowforge.metadata.entitlements import grant

        try:
            version = await grant(tenant, _names(symbols), _names(tables))
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        typer.echo(f"{tenant}: symbols {symbols}, tables {tables} (version {version})")
        return 0

    raise typer.Exit(as_function(home, "tenant grant", work))


def _names(text: str) -> str | list[str]:
    return "*" if text == "*" else [name.strip() for name in text.split(",") if name.strip()]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("import", context_settings=PASS_ON)(import_files)
    app.command()(migrate)
    tenant = typer.Typer(help="What each tenant may see and use.", no_args_is_help=True)
    tenant.command("grant")(grant)
    tenant.command("limits")(limits)
    app.add_typer(tenant, name="tenant")
