"""Where in a file a problem is: its node and field as a line and a column.

A field that is missing is looked for as far as the file leads: the object that lacks it is the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowforge.errors import FlowForgeError
from flowforge_local.workflow.document import Document
from flowforge_local.workflow.json_text import Item, offset_in_string, plain

_STEP = re.compile(r"[^.\[\]]+")
_OF_NODE = frozenset({"id", "type", "data"})
_PORTS = frozenset({"input", "left", "right"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text as editors count: lines and columns (characters) from 1."""

    line: int
    column: int

    @staticmethod
    def at(text: str, offset: int) -> Place:
        """The place of a character."""
        line_start = text.rfind("\n", 0, offset) + 1
        return Place(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def place_of(document: Document, problem: FlowForgeError) -> Place:
    """The place that a problem is about; the beginning of the graph where it names none."""
    item = _item(document, problem)
    offset = item.start
    if problem.position is not None and isinstance(item.value, str):
        offset = offset_in_string(document.text, item, problem.position)
    return Place.at(document.text, offset)


def _item(document: Document, problem: FlowForgeError) -> Item:
    field = problem.field or ""
    if field.startswith("graph"):
        return _walk(document.graph, _STEP.findall(field)[1:])
    node = None if problem.node_id is None else _node(document, problem.node_id)
    if node is None:
        return _walk(document.graph, [field])
    if field in _OF_NODE:
        return _walk(node, [field])
    if field in _PORTS or not field:
        return _surplus_wire(document, problem.node_id or "", field) or _walk(node, ["id"])
    return _below(_walk(node, ["data"]), field)


def _node(document: Document, node_id: str) -> Item | None:
    """The last node of that id: where two share one, it is the one too many."""
    nodes = document.graph.get("nodes")
    entries = nodes.value if nodes is not None and isinstance(nodes.value, list) else []
    named = [entry for entry in entries if (given := entry.get("id")) is not None and given.value == node_id]
    return named[-1] if named else None


def _surplus_wire(document: Document, node_id: str, port: str) -> Item | None:
    """The last of several wires into a port: it is the one too many."""
    edges = document.graph.get("edges")
    entries = edges.value if edges is not None and isinstance(edges.value, list) else []
    ends = [(entry, plain(entry)) for entry in entries if isinstance(entry.value, dict)]
    here = [entry for entry, edge in ends if edge.get("target") == node_id and _ends_in(edge, port)]
    return here[-1] if len(here) > 1 else None


def _ends_in(edge: Mapping[str, Any], port: str) -> bool:
    return port == "input" or edge.get("targetHandle") == port


def _walk(item: Item, steps: list[str]) -> Item:
    """As far as the steps lead."""
    for step in steps:
        below = dict(_members(item)).get(step)
        if below is None:
            break
        item = below
    return item


def _below(item: Item, path: str) -> Item:
    """As far as a dotted path leads; keys may hold dots themselves, and the longest one is meant."""
    while path:
        fitting = [(key, each) for key, each in _members(item) if path == key or path.startswith(f"{key}.")]
        if not fitting:
            break
        key, item = max(fitting, key=lambda each: len(each[0]))
        path = path[len(key) + 1 :]
    return item


def _members(item: Item) -> Iterator[tuple[str, Item]]:
    if isinstance(item.value, dict):
        yield from item.value.items()
    elif isinstance(item.value, list):
        yield from ((str(index), entry) for index, entry in enumerate(item.value))
