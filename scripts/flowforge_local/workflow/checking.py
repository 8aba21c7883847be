"""Schemas and problems of a workflow file, with nothing running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowforge.catalog import Catalog
from flowforge.compiler import compile_graph, propagate
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import Graph, parse_graph
from flowforge.results.json_values import refuse_unusable
from flowforge.tenancy import EVERYTHING, Access
from flowforge.types import Schema
from flowforge_local.workflow.document import Document, read
from flowforge_local.workflow.json_text import MalformedError
from flowforge_local.workflow.places import Place, place_of

ANYBODY = Access("check", EVERYTHING, EVERYTHING, 0)
"""Types do not depend on who asks."""


@dataclass(frozen=True, slots=True)
class Found:
    """A problem and its place in the file."""

    problem: FlowForgeError
    place: Place


@dataclass(frozen=True, slots=True)
class Checked:
    """Every node's schema (None where it has none) and all problems, as they stand in the file."""

    schemas: Mapping[str, Schema | None] = field(default_factory=dict)
    problems: Sequence[Found] = ()


def check_text(text: str, catalog: Catalog, params: Mapping[str, Any] | None = None) -> Checked:
    """``check`` of a file's text; what is no workflow is one problem."""
    try:
        return check(read(text), catalog, params)
    except MalformedError as error:
        problem = FlowForgeError(ErrorCode.BAD_JSON, f"{error.reason[:1].upper()}{error.reason[1:]}.")
        return Checked(problems=[Found(problem, Place.at(text, error.at))])


def check(document: Document, catalog: Catalog, params: Mapping[str, Any] | None = None) -> Checked:
    """Propagate every node's schema; a graph without problems is also compiled, to its very ends."""
    content = document.content
    try:
        refuse_unusable(content, "graph")
        graph = parse_graph(content)
        outcome = propagate(graph, catalog=catalog, params=params)
    except FlowForgeError as unreadable:
        return Checked(problems=_placed(document, [unreadable]))
    problems = outcome.problems or tuple(_refusals(graph, catalog, params))
    schemas = {node_id: node.schema for node_id, node in outcome.nodes.items()}
    return Checked(schemas, _placed(document, problems))


def _refusals(graph: Graph, catalog: Catalog, params: Mapping[str, Any] | None) -> Iterator[FlowForgeError]:
    """What the ends of a graph whose schemas are right still cannot be compiled for, such as a store."""
    read = {edge.source for edge in graph.edges}
    seen: set[tuple[object, ...]] = set()
    for node in graph.ordered():
        if node.id in read:
            continue
        try:
            compile_graph(graph, node.id, catalog=catalog, access=ANYBODY, params=params)
        except FlowForgeError as refusal:
            place = (refusal.code, refusal.node_id, refusal.field, refusal.detail)
            if place not in seen:
                seen.add(place)
                yield refusal


def _placed(document: Document, problems: Sequence[FlowForgeError]) -> list[Found]:
    found = [Found(problem, place_of(document, problem)) for problem in problems]
    return sorted(found, key=lambda each: (each.place.line, each.place.column))
