"""The ``flowforge`` command. Each command imports what it needs when it runs: ``flowforge ps`` is quick.

Exit codes: 0 done, 1 the thing asked for failed, 2 the command line is wrong.
"""

from __future__ import annotations

import typer

from flowforge_local.cli import (
    airflow,
    audit,
    bench,
    cold,
    data,
    develop,
    events,
    exchange,
    graph,
    inspect,
    pipeline,
    run,
    workflow_file,
)

app = typer.Typer(
    name="flowforge",
    help="Visual analytics for trading markets: run it, load data, look inside.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    run,
    inspect,
    events,
    data,
    workflow_file,
    graph,
    exchange,
    pipeline,
    cold,
    airflow,
    audit,
    bench,
    develop,
):
    module.register(app)


def main() -> None:
    """Run the command line."""
    app()
