"""``flowforge tenant limits``: what a tenant may use at a time."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flowforge_local.cli.common import HOME, Home, Json
from flowforge_local.cli.on_engines import as_function

Tenant = Annotated[str, typer.Argument(help="Tenant id.")]
Rate = Annotated[float | None, typer.Option(help="Calls a second, on average.")]
Burst = Annotated[int | None, typer.Option(help="Calls that may come at once.")]
Queries = Annotated[int | None, typer.Option(help="Queries of the engines at the same time.")]
Streams = Annotated[int | None, typer.Option(help="Open streams.")]
Executions = Annotated[int | None, typer.Option(help="Executions that run at the same time.")]
Unfinished = Annotated[int | None, typer.Option(help="Executions that wait or run.")]
Reset = Annotated[bool, typer.Option("--reset", help="Go back to the installation's defaults first.")]


def limits(
    tenant: Tenant,
    requests_per_second: Rate = None,
    burst: Burst = None,
    queries: Queries = None,
    streams: Streams = None,
    executions: Executions = None,
    unfinished_executions: Unfinished = None,
    reset: Reset = False,
    home: Home = HOME,
    as_json: Json = False,
) -> None:
    """Show a tenant's limits; change those that are given. In force within five seconds."""
    given = {
        "requests_per_second": requests_per_second,
        "burst": burst,
        "queries": queries,
        "streams": streams,
        "executions": executions,
        "unfinished_executions": unfinished_executions,
    }
    changes = {name: value for name, value in given.items() if value is not None}

    async def work() -> int:
        from pydantic import ValidationError

        from flowforge.metadata.limits import read_limits, write_limits
        from flowforge.quotas import TenantLimits

        own = ({} if reset else await read_limits(tenant)) | changes
        try:
            found = TenantLimits.model_validate(TenantLimits.default().model_dump() | own)
        except ValidationError as invalid:
            first = invalid.errors(include_url=False)[0]
            raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']}") from None
        if changes or reset:
            await write_limits(tenant, own)
        if as_json:
            typer.echo(json.dumps(found.model_dump()))
        else:
            for name, value in found.model_dump().items():
                typer.echo(f"{name:<22} {value:g}{'' if name in own else '   (default)'}")
        return 0

    raise typer.Exit(as_function(home, "tenant limits", work))
