"""``flowforge replay`` and ``flowforge pipeline …``: asking the live pipeline of a running home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from flowforge_local.cli.common import HOME, Home, Json, fail, owner_of
from flowforge_local.cli.on_engines import python

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def replay(context: typer.Context, home: Home = HOME) -> None:
    """Send trades and quotes of files through the running pipeline; `flowforge replay --help` lists the options."""
    if {"-h", "--help"} & set(context.args):
        raise typer.Exit(python(["-m", "flowforge_pipeline", "replay", "--help"]))
    raise typer.Exit(_live(home, ["replay", *context.args]))


def counts(home: Home = HOME, json: Json = False) -> None:
    """Messages per raw topic: produced = normalised + quarantined (by reason) + duplicates + waiting."""
    raise typer.Exit(_live(home, ["counts", *(["--json"] if json else [])]))


def quarantine(
    home: Home = HOME,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many of each topic.")] = 20,
    json: Json = False,
) -> None:
    """The newest refused messages, why, and what they said."""
    raise typer.Exit(_live(home, ["quarantine", "--last", str(last), *(["--json"] if json else [])]))


def send(
    kind: Annotated[Literal["trades", "quotes", "orders"], typer.Argument(help="Which raw topic.")],
    file: Annotated[Path, typer.Argument(help="One JSON object per line: an envelope or a payload.")],
    home: Home = HOME,
) -> None:
    """Send messages of a file to raw.<kind>; sending the same file again changes nothing."""
    raise typer.Exit(_live(home, ["send", kind, str(file)]))


def lag(home: Home = HOME, json: Json = False) -> None:
    """How many messages each process is behind."""
    raise typer.Exit(_live(home, ["lag", *(["--json"] if json else [])]))


def _live(home: Home, arguments: list[str]) -> int:
    from flowforge_local.engines import endpoints
    from flowforge_local.supervisor.environments import live_environment

    if owner_of(home) is None:
        fail(f"nothing runs on {home}: start it with `flowforge up`")
    addresses = endpoints(home)
    if addresses.brokers is None:
        fail(f"the live pipeline of {home} never ran: start it with `flowforge up` without --no-pipeline")
    place = home.expanduser().absolute() / "pipeline"
    return python(["-m", "flowforge_pipeline", *arguments], live_environment(addresses, place, ""))


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(context_settings=PASS_ON)(replay)
    group = typer.Typer(help="What the live pipeline did with its messages.", no_args_is_help=True)
    group.command()(counts)
    group.command()(quarantine)
    group.command()(send)
    group.command()(lag)
    app.add_typer(group, name="pipeline")
