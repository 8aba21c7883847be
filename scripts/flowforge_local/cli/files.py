"""Workflow files at the command line: reading them, and saying where in them something is wrong.

A problem is one line that editors and terminals can follow, and what helps under it:

    flow.json:12:18: error: node 'notional', expression: There is no column 'prise' here. [unknown_column]
      [prise] * [quantity]
      ^
      Did you mean price?
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowforge.catalog import Catalog
    from flowforge.errors import FlowForgeError
    from flowforge_local.workflow.document import Document
    from flowforge_local.workflow.places import Place

File = Annotated[
    Path, typer.Argument(help="A workflow file, or a graph as JSON.", exists=True, dir_okay=False)
]
Parameter = Annotated[
    list[str] | None, typer.Option("--param", help="NAME=VALUE; the value is JSON or plain text.")
]


def read_document(file: Path) -> Document:
    """The document; a file that holds none ends the command with 1 and says where it stops being one."""
    from flowforge_local.workflow.document import read
    from flowforge_local.workflow.json_text import MalformedError

    text = read_text(file)
    try:
        return read(text)
    except MalformedError as error:
        refuse(file, text, error.at, error.reason)


def read_catalog(file: Path) -> Catalog:
    """The catalogue of a schema snapshot, likewise."""
    from flowforge_local.workflow.json_text import MalformedError
    from flowforge_local.workflow.snapshot import SHIPPED, catalog_from, shipped

    if file == SHIPPED:
        return shipped()
    text = read_text(file)
    try:
        return catalog_from(text)
    except MalformedError as error:
        refuse(file, text, error.at, error.reason)


def read_text(file: Path) -> str:
    """A file's characters; what is no UTF-8 ends the command with 1, what cannot be read with 2."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = raw[: error.start].decode("utf-8-sig", "replace")
        refuse(file, readable, len(readable), "this is no UTF-8")


def refuse(file: Path, text: str, at: int, reason: str) -> NoReturn:
    """Say where a file is malformed, and end with 1."""
    from flowforge_local.workflow.places import Place

    place = Place.at(text, at)
    sys.stderr.write(f"{file}:{place.line}:{place.column}: error: {reason}\n")
    raise typer.Exit(1)


def shown(file: Path, place: Place, problem: FlowForgeError) -> str:
    """A problem as people read it."""
    named = [f"node {problem.node_id!r}"] if problem.node_id is not None else []
    subject = ", ".join([*named, *([problem.field] if problem.field else [])])
    first, *excerpt = problem.detail.removeprefix(f"{problem.field}: ").split("\n")
    lines = [
        f"{file}:{place.line}:{place.column}: error: {subject}{': ' if subject else ''}{first} [{problem.code.value}]",
        *excerpt,
        *([f"  {problem.hint}"] if problem.hint else []),
    ]
    return "\n".join(lines)


def as_json(file: Path, place: Place, problem: FlowForgeError) -> dict[str, Any]:
    """A problem with its place, as programs read it."""
    members = problem.problem()
    kept = ("code", "detail", "node_id", "field", "column", "position", "hint")
    found = {name: members[name] for name in kept if name in members}
    return {"file": str(file), "place": {"line": place.line, "column": place.column}, **found}


def parameters(given: list[str] | None) -> Mapping[str, Any] | None:
    """``NAME=VALUE`` options as values."""
    if not given:
        return None
    found = {}
    for item in given:
        name, separator, text = item.partition("=")
        if not separator or not name:
            raise typer.BadParameter(f"{item!r} is not NAME=VALUE", param_hint="--param")
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found
