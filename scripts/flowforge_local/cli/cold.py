"""``flowforge dbt`` and ``flowforge backfill``: the cold lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from flowforge_local.cli.common import HOME, Home, fail
from flowforge_local.cli.data import PASS_ON
from flowforge_local.cli.on_engines import on_engines, pipeline, python, sink_of
from flowforge_local.paths import ROOT

if TYPE_CHECKING:
    from flowforge_local.engines import Endpoints

DBT_HELP = """\
Usage: flowforge dbt [--home DIRECTORY] build|run|test|seed|source freshness|docs generate … [dbt's own options]

Runs the project in pipeline/dbt on the home's ClickHouse: staging and intermediate models, then the marts that
readers see. What it wrote is announced to the broker. dbt is installed into an environment of its own the first
time. `flowforge dbt build` runs everything; add --full-refresh to make incremental models anew.
"""


def dbt(context: typer.Context, home: Home = HOME) -> None:
    """Build and test the marts with dbt; `flowforge dbt --help` lists examples.

    Attaches to the engines that run on the home, or starts them for as long as it takes.
    """
    if not context.args or {"-h", "--help"} & set(context.args):
        typer.echo(DBT_HELP, nl=False)
        raise typer.Exit(0 if context.args else 2)

    def work(addresses: Endpoints) -> int:
        from flowforge_local.supervisor.environments import pipeline_environment
        from flowforge_local.tools.environment import ToolError, tool_environment

        try:
            tool = tool_environment("dbt", ROOT / "pipeline" / "dbt" / "requirements.lock")
        except ToolError as error:
            fail(str(error))
        environment = {
            **pipeline_environment(addresses),
            **sink_of(home),
            "FLOWFORGE_DBT": str(tool / "bin" / "dbt"),
            "FLOWFORGE_DBT_STATE": str(home.expanduser().absolute() / "dbt"),
        }
        return python(["-m", "flowforge_pipeline", "dbt", *context.args], environment)

    raise typer.Exit(on_engines(home, "dbt", work))


def backfill(context: typer.Context, home: Home = HOME) -> None:
    """Recompute a window of a derived table from raw; `flowforge backfill --help` lists the options."""
    if {"-h", "--help"} & set(context.args):
        raise typer.Exit(python(["-m", "flowforge_pipeline", "backfill", "--help"]))
    raise typer.Exit(pipeline(home, ["backfill", *context.args]))


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(context_settings=PASS_ON)(dbt)
    app.command(context_settings=PASS_ON)(backfill)
