"""``flowforge check``, ``compile`` and ``run``: a workflow file at the command line, as a tenant sees it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from flowforge_local.cli.common import HOME, Home, Json, fail
from flowforge_local.cli.on_engines import as_function, sentence

File = Annotated[Path, typer.Argument(help="A graph, or a workflow that holds one, as JSON.")]
Node = Annotated[str, typer.Option(help="Id of the node whose rows are asked for.")]
Tenant = Annotated[str, typer.Option(help="Whose symbols and tables are visible.")]
Parameter = Annotated[
    list[str] | None, typer.Option("--param", help="NAME=VALUE; the value is JSON or plain text.")
]


def check(
    file: File, tenant: Tenant = "demo", param: Parameter = None, home: Home = HOME, as_json: Json = False
) -> None:
    """Schemas and problems of every node; exits with 1 when there are problems."""
    body: dict[str, Any] = {"graph": _graph(file), "params": _parameters(param)}

    async def work() -> int:
        from flowforge.auth import access_of
        from flowforge.explain import ValidateRequest, validate

        answer = await validate(await access_of(tenant), ValidateRequest(**body))
        problems = [
            *answer["problems"],
            *(each for node in answer["nodes"].values() for each in node["problems"]),
        ]
        if as_json:
            typer.echo(json.dumps(answer, default=str))
        else:
            for line in dict.fromkeys(sentence(problem) for problem in problems):
                typer.echo(f"{file}: {line}")
            if answer["valid"]:
                typer.echo(f"{file}: {len(answer['nodes'])} nodes, no problems")
        return 0 if answer["valid"] else 1

    raise typer.Exit(as_function(home, "check", work))


def compile_file(
    file: File,
    node: Node,
    tenant: Tenant = "demo",
    param: Parameter = None,
    home: Home = HOME,
    as_json: Json = False,
) -> None:
    """The SQL of a node; with --json also schemas, barriers and lineage."""
    body: dict[str, Any] = {"graph": _graph(file), "target_node_id": node, "params": _parameters(param)}

    async def work() -> int:
        from flowforge.auth import access_of
        from flowforge.explain import CompileRequest, explain

        answer = await explain(await access_of(tenant), CompileRequest(**body))
        if as_json:
            typer.echo(json.dumps(answer, default=str))
        else:
            for statement in answer["statements"]:
                typer.echo(f"-- {statement['store']}\n{statement['sql']}")
        return 0

    raise typer.Exit(as_function(home, "compile", work))


def run(file: File, node: Node, tenant: Tenant = "demo", param: Parameter = None, home: Home = HOME) -> None:
    """All rows of a node as CSV on standard output."""
    body: dict[str, Any] = {"graph": _graph(file), "target_node_id": node, "params": _parameters(param)}

    async def work() -> int:
        from flowforge.auth import access_of
        from flowforge.execute import ExecuteRequest, whole

        async for chunk in await whole(await access_of(tenant), ExecuteRequest(**body), "csv"):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return 0

    raise typer.Exit(as_function(home, "run", work))


def _graph(file: Path) -> Any:
    try:
        content = json.loads(file.read_bytes())
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    except ValueError as error:
        fail(f"{file} is not JSON: {error}")
    except RecursionError:
        fail(f"{file} is nested too deeply")
    if not isinstance(content, dict):
        fail(f"{file}: a graph is an object with nodes and edges, not {type(content).__name__}")
    return content["graph"] if isinstance(content.get("graph"), dict) else content


def _parameters(given: list[str] | None) -> dict[str, Any] | None:
    if not given:
        return None
    parameters = {}
    for item in given:
        name, found, text = item.partition("=")
        if not found or not name:
            raise typer.BadParameter(f"{item!r} is not NAME=VALUE", param_hint="--param")
        try:
            parameters[name] = json.loads(text)
        except ValueError:
            parameters[name] = text
    return parameters


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(check)
    app.command("compile")(compile_file)
    app.command()(run)
