"""``flowforge airflow``: the scheduler of the cold lane, in an environment of its own. Opt-in: nothing else needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flowforge_local.cli.common import HOME, Home, fail
from flowforge_local.cli.data import PASS_ON
from flowforge_local.cli.on_engines import on_engines, sink_of
from flowforge_local.paths import ROOT

if TYPE_CHECKING:
    from flowforge_local.engines import Endpoints

DAGS = ROOT / "pipeline" / "airflow" / "dags"


def setup() -> None:
    """Install Airflow and dbt into environments of their own; minutes the first time."""
    typer.echo(f"airflow: {_tool('airflow')}\ndbt: {_tool('dbt')}")


def run(context: typer.Context, home: Home = HOME) -> None:
    """Run an `airflow` command on the home: `dags test cold_lane`, `dags list`, `standalone`.

    Attaches to the engines that run on the home, or starts them for as long as it takes. Airflow's own state
    lies in the home's folder airflow.
    """
    if not context.args:
        typer.echo("Usage: flowforge airflow run [--home DIRECTORY] dags test cold_lane")
        raise typer.Exit(2)

    def work(addresses: Endpoints) -> int:
        from flowforge_local.supervisor.environments import pipeline_environment

        place = home.expanduser().absolute()
        airflow = _tool("airflow")
        environment = {
            **pipeline_environment(addresses),
            **sink_of(home),
            **{name: value for name, value in os.environ.items() if name.startswith("AIRFLOW__")},
            "PATH": f"{airflow / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "AIRFLOW_HOME": str(place / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "FLOWFORGE_PYTHON": sys.executable,
            "FLOWFORGE_DBT": str(_tool("dbt") / "bin" / "dbt"),
            "FLOWFORGE_DBT_STATE": str(place / "dbt"),
        }
        command = str(airflow / "bin" / "airflow")
        migrated = subprocess.run(
            [command, "db", "migrate"], env=environment, capture_output=True, check=False
        )
        if migrated.returncode:
            sys.stderr.buffer.write(migrated.stderr[-2000:])
            return migrated.returncode
        return subprocess.run([command, *context.args], env=environment, check=False).returncode

    raise typer.Exit(on_engines(home, "airflow", work))


def _tool(name: str) -> Path:
    from flowforge_local.tools.environment import ToolError, tool_environment

    try:
        return tool_environment(name, ROOT / "pipeline" / name / "requirements.lock")
    except ToolError as error:
        fail(str(error))


def register(app: typer.Typer) -> None:
    """Add these commands."""
    airflow = typer.Typer(help="The cold lane on a schedule (opt-in).", no_args_is_help=True)
    airflow.command()(setup)
    airflow.command(context_settings=PASS_ON)(run)
    app.add_typer(airflow, name="airflow")
