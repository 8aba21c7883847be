"""``flowforge schema snapshot``, ``flowforge workflow export`` and ``import``: between a home and files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from flowforge_local.cli.common import HOME, Home
from flowforge_local.cli.files import File, read_document, shown
from flowforge_local.cli.on_engines import as_function

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="File to write [default: standard output].", dir_okay=False),
]
Tenant = Annotated[str, typer.Option(help="Whose tables or workflows.")]
Workflow = Annotated[str, typer.Argument(help="Id of the workflow.")]
OPERATOR = "operator"
"""Who saves what is imported at the command line, which only the installation's owner can use."""


def snapshot(output: Output = None, tenant: Tenant = "demo", home: Home = HOME) -> None:
    """Write the tenant's tables and columns as a file that `flowforge check` can use offline."""

    async def work() -> int:
        from flowforge.auth import access_of
        from flowforge.schema import catalog_for, refresh
        from flowforge_local.workflow.snapshot import snapshot_of

        missing = (await refresh()).missing_stores
        if missing:
            sys.stderr.write(f"flowforge: {', '.join(sorted(missing))} did not answer; nothing is written\n")
            return 1
        _write(output, snapshot_of(await catalog_for(await access_of(tenant))))
        return 0

    raise typer.Exit(as_function(home, "schema snapshot", work))


def export_workflow(
    workflow: Workflow, output: Output = None, tenant: Tenant = "demo", home: Home = HOME
) -> None:
    """Write a saved workflow as a file."""

    async def work() -> int:
        from flowforge.workspace.workflows import read_workflow
        from flowforge_local.workflow.document import text_of

        found = await read_workflow(tenant, _id(workflow))
        _write(output, text_of(found.graph, found.name))
        return 0

    raise typer.Exit(as_function(home, "workflow export", work))


def import_workflow(
    file: File,
    name: Annotated[
        str | None, typer.Option(help="Its name [default: what the file says, else the file's name].")
    ] = None,
    into: Annotated[str | None, typer.Option(help="Save as a new version of this workflow.")] = None,
    tenant: Tenant = "demo",
    home: Home = HOME,
) -> None:
    """Save a workflow file as a workflow, a new one or a new version of one; prints its id."""
    document = read_document(file)
    title = name or document.name or file.name.split(".")[0]

    async def work() -> int:
        from flowforge.errors import GraphError
        from flowforge.graph import parse_graph
        from flowforge.tenancy import Caller
        from flowforge.workspace.shapes import WorkflowCreate, WorkflowUpdate
        from flowforge.workspace.workflows import create_workflow, read_workflow, update_workflow
        from flowforge_local.workflow.places import place_of

        try:
            parse_graph(document.content)
        except GraphError as error:
            sys.stderr.write(f"{shown(file, place_of(document, error), error)}\n")
            return 1
        caller = Caller(tenant, OPERATOR, frozenset({"admin"}))
        graph = document.react_flow()
        if into is None:
            saved = await create_workflow(caller, WorkflowCreate(name=title, graph=graph))
        else:
            before = await read_workflow(tenant, _id(into))
            wanted = WorkflowUpdate(name=name or document.name, graph=graph)
            saved = await update_workflow(caller, before.id, wanted, before.version)
        typer.echo(f"{saved.id}  {saved.name}  (version {saved.version})")
        return 0

    raise typer.Exit(as_function(home, "workflow import", work))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not the id of a workflow") from None


def _write(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(text.encode())


def register(app: typer.Typer) -> None:
    """Add these commands."""
    schema = typer.Typer(help="The tables that workflows are checked against.", no_args_is_help=True)
    schema.command("snapshot")(snapshot)
    # A Typer with one command would become that command.
    schema.callback()(lambda: None)
    app.add_typer(schema, name="schema")
    workflow = typer.Typer(help="Saved workflows as files.", no_args_is_help=True)
    workflow.command("export")(export_workflow)
    workflow.command("import")(import_workflow)
    app.add_typer(workflow, name="workflow")
