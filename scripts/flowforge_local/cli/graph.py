"""``flowforge compile`` and ``flowforge run``: a workflow file at the command line, as a tenant sees it."""

from __future__ import annotations

import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowforge_local.cli.common import HOME, Home, Json
from flowforge_local.cli.files import File, Parameter, parameters, read_document, shown
from flowforge_local.cli.on_engines import as_function

if TYPE_CHECKING:
    from flowforge_local.workflow.document import Document

Node = Annotated[
    str | None, typer.Option(help="Id of the node whose rows are asked for [default: the only end].")
]
NoRollups = Annotated[
    bool,
    typer.Option("--no-rollups", help="Read every table itself, also where a rollup gives the same answer."),
]
Tenant = Annotated[str, typer.Option(help="Whose symbols and tables are visible.")]


def compile_file(
    file: File,
    node: Node = None,
    tenant: Tenant = "demo",
    param: Parameter = None,
    no_rollups: NoRollups = False,
    home: Home = HOME,
    as_json: Json = False,
) -> None:
    """The SQL of a node; with --json also schemas, barriers and lineage."""
    document = read_document(file)

    async def work() -> int:
        from flowforge.auth import access_of
        from flowforge.explain import CompileRequest, explain

        request = CompileRequest(**_request(document, node, param), use_rollups=not no_rollups)
        answer = await explain(await access_of(tenant), request)
        if as_json:
            typer.echo(json.dumps(answer, default=str))
        else:
            for statement in answer["statements"]:
                typer.echo(f"-- {statement['store']}\n{statement['sql']}")
        return 0

    raise typer.Exit(as_function(home, "compile", lambda: _placed(file, document, work())))


def run(
    file: File,
    node: Node = None,
    tenant: Tenant = "demo",
    param: Parameter = None,
    no_rollups: NoRollups = False,
    home: Home = HOME,
) -> None:
    """All rows of a node as CSV on standard output."""
    document = read_document(file)

    async def work() -> int:
        from flowforge.auth import access_of
        from flowforge.execute import ExecuteRequest, whole

        request = ExecuteRequest(**_request(document, node, param), use_rollups=not no_rollups)
        async for chunk in await whole(await access_of(tenant), request, "csv"):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return 0

    raise typer.Exit(as_function(home, "run", lambda: _placed(file, document, work())))


def _request(document: Document, node: str | None, param: list[str] | None) -> dict[str, Any]:
    from flowforge.graph import parse_graph

    content = document.content
    graph = parse_graph(content)
    if node is None:
        read = {edge.source for edge in graph.edges}
        ends = [each for each in graph.nodes if each not in read]
        if len(ends) != 1:
            raise typer.BadParameter(
                f"the graph ends in {', '.join(ends) or 'no node'}: say which one", param_hint="--node"
            )
        (node,) = ends
    return {"graph": content, "target_node_id": node, "params": parameters(param)}


async def _placed(file: Path, document: Document, work: Coroutine[None, None, int]) -> int:
    """The work's exit code; what is wrong with the graph is said with its place in the file."""
    from flowforge.errors import GraphError
    from flowforge_local.workflow.places import place_of

    try:
        return await work
    except GraphError as error:
        sys.stderr.write(f"{shown(file, place_of(document, error), error)}\n")
        return 1


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("compile")(compile_file)
    app.command()(run)
