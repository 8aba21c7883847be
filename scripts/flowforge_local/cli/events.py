"""``flowforge events``: what passes through the broker, and what nobody took."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowforge_local.cli.common import HOME, Home, Json, fail, owner_of

if TYPE_CHECKING:
    from flowforge_local.mesh.broker.entries import DeadLetter, Entry

app = typer.Typer(no_args_is_help=True, help="Look at events and dead letters.")

BROKER = "default"
ANSWER_SECONDS = 5.0
Types = Annotated[
    list[str] | None,
    typer.Option("--type", help="Only this type; a * at the end stands for anything. Repeatable."),
]
Tenant = Annotated[str | None, typer.Option(help="Only events of this tenant.")]
Last = Annotated[int, typer.Option(min=0, max=10_000, help="Begin with so many that have passed.")]
Count = Annotated[int | None, typer.Option(min=1, help="End after so many.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The newest so many.")]
Retry = Annotated[bool, typer.Option("--retry", help="Deliver them again, each to the Trigger it failed at.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of dead letters; all of them if none is given.")]


@app.command()
def tail(
    types: Types = None,
    tenant: Tenant = None,
    last: Last = 0,
    count: Count = None,
    home: Home = HOME,
    as_json: Json = False,
) -> None:
    """Print events as the broker takes them, until Ctrl-C."""
    _run(_tail(_redis(home), types or [], tenant, last, count, as_json))


@app.command("dead-letters")
def dead_letters(
    ids: Ids = None, retry: Retry = False, limit: Limit = 50, home: Home = HOME, as_json: Json = False
) -> None:
    """List events that no try delivered, newest first, with the reason; or deliver them again."""
    _run(_dead_letters(_redis(home), set(ids or ()), retry, limit, as_json))


async def _tail(
    redis_url: str, types: list[str], tenant: str | None, last: int, count: int | None, as_json: bool
) -> None:
    from flowforge_local.mesh.broker.looking import follow, structured

    shown = 0
    async for entry in follow(redis_url, BROKER, last):
        attributes = entry.message.attributes
        if types and not any(_is(attributes["type"], wanted) for wanted in types):
            continue
        if tenant is not None and attributes.get("tenant") != tenant:
            continue
        event = structured(entry.message)
        typer.echo(json.dumps(event, ensure_ascii=False) if as_json else _line(entry, event))
        sys.stdout.flush()
        shown += 1
        if count is not None and shown >= count:
            return


def _is(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted


def _line(entry: Entry, event: dict[str, Any]) -> str:
    milliseconds = int(entry.id.partition(b"-")[0])
    data = json.dumps(event.get("data", event.get("data_base64")), ensure_ascii=False)
    about = [event["type"], event.get("tenant", "-"), event.get("subject", "-"), event["id"], data]
    return "  ".join([_moment(milliseconds / 1000), *about])


def _moment(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S.%f")[:-3]


async def _dead_letters(redis_url: str, ids: set[str], retry: bool, limit: int, as_json: bool) -> None:
    from flowforge.stores.resp import connect
    from flowforge_local.mesh.broker.log import EventLog
    from flowforge_local.mesh.broker.looking import described

    client = connect(ANSWER_SECONDS, redis_url)
    try:
        events = EventLog(client, BROKER)
        found = [
            each for each in await events.dead_letters(10_000 if ids else limit) if not ids or each.id in ids
        ]
        if missing := ids - {each.id for each in found}:
            fail(f"there is no dead letter {', '.join(sorted(missing))}")
        if retry:
            found = [each for each in reversed(found) if await events.revive(each)]
    finally:
        await client.aclose()
    if as_json:
        typer.echo(json.dumps([described(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        typer.echo(_dead_line(each))
    if retry or not found:
        typer.echo(f"{len(found)} delivered again" if retry else "There are no dead letters.")


def _dead_line(letter: DeadLetter) -> str:
    from flowforge_local.mesh.broker.looking import described

    told = described(letter)
    event = told["event"]
    return f"{told['id']}  {told['at']}  {told['trigger']}  {event['type']} {event['id']}  {told['code']} {told['reason']}"


def _redis(home: Path) -> str:
    from flowforge_local.engines import endpoints

    if owner_of(home) is None:
        fail(f"nothing runs on {home}; start it with `flowforge up`")
    return endpoints(home).redis_url


def _run(work: Coroutine[Any, Any, None]) -> None:
    from flowforge.stores.resp import FAILURES

    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit from None
    except FAILURES as error:
        fail(f"the broker's store does not answer: {error}")


def register(parent: typer.Typer) -> None:
    """Add these commands."""
    parent.add_typer(app, name="events")
