"""``flowforge check`` and ``flowforge format``: workflow files, with nothing running."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowforge_local.cli.common import HOME, Home, Json
from flowforge_local.cli.files import (
    Parameter,
    as_json,
    parameters,
    read_catalog,
    read_document,
    read_text,
    shown,
)

if TYPE_CHECKING:
    from flowforge.catalog import Catalog
    from flowforge_local.workflow.checking import Checked

Files = Annotated[
    list[Path],
    typer.Argument(help="Workflow files, or graphs as JSON.", exists=True, dir_okay=False, metavar="FILE…"),
]
Schema = Annotated[
    Path | None,
    typer.Option(
        help="Schema snapshot to check against [default: flowforge.schema.json beside the file, or in the "
        "state directory; else the tables that FlowForge comes with].",
        exists=True,
        dir_okay=False,
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 when a file would change.")]


def check(
    files: Files, schema: Schema = None, param: Parameter = None, home: Home = HOME, as_json_: Json = False
) -> None:
    """Check types and settings of every node against a schema snapshot; starts no engine.

    Exits with 0 when there are no problems, 1 when there are, 2 when the command line is wrong.
    """
    from flowforge_local.workflow.checking import check_text

    values = parameters(param)
    catalogs: dict[Path, Catalog] = {}
    answers = []
    for file in files:
        source = schema or _snapshot_for(file, home)
        if source not in catalogs:
            catalogs[source] = read_catalog(source)
        answers.append((file, source, check_text(read_text(file), catalogs[source], values)))
    if as_json_:
        typer.echo(json.dumps([_answer(*answer) for answer in answers], ensure_ascii=False))
    else:
        for answer in answers:
            _report(*answer)
    raise typer.Exit(int(any(found.problems for _, _, found in answers)))


def format_files(files: Files, check: Check = False) -> None:
    """Rewrite workflow files in their one canonical form; what they mean stays the same."""
    from flowforge.errors import FlowForgeError
    from flowforge_local.workflow.document import canonical
    from flowforge_local.workflow.places import place_of

    failed = False
    for file in files:
        document = read_document(file)
        try:
            text = canonical(document)
        except FlowForgeError as error:
            sys.stderr.write(f"{shown(file, place_of(document, error), error)}\n")
            failed = True
            continue
        if text.encode() == file.read_bytes():
            continue
        if check:
            typer.echo(f"{file} would change: flowforge format {file}")
            failed = True
        else:
            file.write_bytes(text.encode())
            typer.echo(f"{file} formatted")
    raise typer.Exit(int(failed))


def _snapshot_for(file: Path, home: Path) -> Path:
    from flowforge_local.workflow.snapshot import FILE_NAME, SHIPPED

    places = (file.parent / FILE_NAME, home / FILE_NAME)
    return next((place for place in places if place.is_file()), SHIPPED)


def _report(file: Path, schema: Path, found: Checked) -> None:
    for each in found.problems:
        typer.echo(shown(file, each.place, each.problem))
    if not found.problems:
        typer.echo(f"{file}: {len(found.schemas)} nodes, no problems (schema: {_name(schema)})")


def _answer(file: Path, schema: Path, found: Checked) -> dict[str, Any]:
    return {
        "file": str(file),
        "schema": _name(schema),
        "valid": not found.problems,
        "nodes": {
            node_id: None if columns is None else [column.to_json() for column in columns]
            for node_id, columns in found.schemas.items()
        },
        "problems": [as_json(file, each.place, each.problem) for each in found.problems],
    }


def _name(schema: Path) -> str:
    from flowforge_local.workflow.snapshot import SHIPPED

    return "shipped" if schema == SHIPPED else str(schema)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(check)
    app.command("format")(format_files)
