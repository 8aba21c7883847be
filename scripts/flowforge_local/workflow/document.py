"""A workflow file: a graph document in which the layout stands apart from what is computed.

    {
     "flowforge": 1,
     "name": "Top notional",
     "parameters": [ … ],
     "nodes": [ {"id", "type", "name"?, "data"} … ],       one setting, one line
     "edges": [ {"id", "source", "target"} … ],            one wire, one line
     "layout": { "<node id>": {"x", "y"} … }               one node, one line
    }

It is itself a graph that the API takes. React Flow JSON is read as well, alone or as the ``graph`` of
a workflow; what React Flow only remembers while it draws (``selected``, ``measured``, ``viewport`` …)
is left behind, everything else is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowforge.graph import parse_graph
from flowforge_local.workflow.canonical import lines, one_line, scalar, sorted_keys
from flowforge_local.workflow.json_text import Item, MalformedError, parse, plain, written

VERSION = 1

_COMPUTED = ("id", "type", "name", "data")
_EDGE = ("id", "source", "sourceHandle", "target", "targetHandle")
_PARAMETER = ("name", "type", "default")
_WHILE_DRAWING = frozenset({"selected", "dragging", "resizing", "measured", "positionAbsolute", "viewport"})
_TOP = frozenset({"flowforge", "layout", "name", "parameters", "nodes", "edges"}) | _WHILE_DRAWING


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text and, in it, the graph. ``name`` is the workflow's, if the file says."""

    text: str
    graph: Item
    name: str | None

    @property
    def content(self) -> dict[str, Any]:
        """The graph in Python's types, as ``flowforge.graph.parse_graph`` takes it."""
        found: dict[str, Any] = plain(self.graph)
        return found

    def react_flow(self) -> dict[str, Any]:
        """The graph as React Flow JSON, each node with its position. It must be one that can be parsed."""
        graph = self.content
        layout = graph.get("layout", {})
        return {
            **{key: value for key, value in graph.items() if key not in ("flowforge", "name", "layout")},
            "nodes": [_positioned(node, layout.get(node["id"], {})) for node in graph["nodes"]],
        }


def read(text: str) -> Document:
    """The document of a file's text; ``MalformedError`` has the place of what is no workflow."""
    item = parse(text)
    if not isinstance(item.value, dict):
        raise MalformedError("a workflow is an object with nodes and edges", item.start)
    version, name = item.get("flowforge"), item.get("name")
    if version is not None and plain(version) != VERSION:
        raise MalformedError(f"only version {VERSION} of workflow files is known here", version.start)
    if name is not None and not isinstance(name.value, str):
        raise MalformedError("the name of a workflow is a text", name.start)
    graph = item.get("graph") or item
    if not isinstance(graph.value, dict):
        raise MalformedError("a graph is an object with nodes and edges", graph.start)
    _check_layout(graph.get("layout"))
    return Document(text, graph, None if name is None else str(name.value))


def canonical(document: Document) -> str:
    """The file's text as it should be; ``GraphError`` if its graph cannot be parsed."""
    parse_graph(document.content)
    return text_of(written(document.graph), document.name)


def text_of(graph: Mapping[str, Any], name: str | None) -> str:
    """A graph that can be parsed, as the text of a file."""
    layout = graph.get("layout") or {}
    placed = {node["id"]: {**layout.get(node["id"], {}), **_layout(node)} for node in graph["nodes"]}
    further = {key: lines(sorted_keys(graph[key]), 1) for key in sorted(graph) if key not in _TOP}
    members = {
        "flowforge": scalar(VERSION),
        **({} if name is None else {"name": scalar(name)}),
        "parameters": _listed([_first(each, _PARAMETER) for each in graph.get("parameters", [])]),
        "nodes": lines([_computed(node) for node in graph["nodes"]], 1),
        "edges": _listed([_first(each, _EDGE) for each in graph.get("edges", [])]),
        **further,
        "layout": _by_node({node_id: place for node_id, place in placed.items() if place}),
    }
    return "{\n" + ",\n".join(f" {scalar(key)}: {value}" for key, value in members.items()) + "\n}\n"


def _check_layout(layout: Item | None) -> None:
    if layout is None:
        return
    if not isinstance(layout.value, dict):
        raise MalformedError("the layout is an object: node id → place", layout.start)
    for place in layout.value.values():
        if not isinstance(place.value, dict):
            raise MalformedError('the place of a node is an object like {"x": 0, "y": 0}', place.start)


def _computed(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a node means; ``data`` is there even if it is empty."""
    members = {key: node[key] for key in _COMPUTED if key in node}
    return members | {"data": sorted_keys(node.get("data", {}))}


def _layout(node: Mapping[str, Any]) -> dict[str, Any]:
    """Where and how a node is drawn."""
    position = node.get("position")
    corner = (
        {key: position[key] for key in ("x", "y") if key in position} if isinstance(position, Mapping) else {}
    )
    left_out = _WHILE_DRAWING | {*_COMPUTED, "position", "x", "y"}
    return corner | {key: sorted_keys(node[key]) for key in sorted(node) if key not in left_out}


def _positioned(node: Mapping[str, Any], place: Mapping[str, Any]) -> dict[str, Any]:
    corner = {"position": {"x": place["x"], "y": place["y"]}} if {"x", "y"} <= place.keys() else {}
    drawn = {key: value for key, value in place.items() if key not in ("x", "y", *_COMPUTED)}
    return corner | drawn | dict(node)


def _first(members: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The members, those of these keys first; a handle that is null is as good as none."""
    named = [key for key in keys if key in members]
    rest = [key for key in sorted(members) if key not in named and key not in _WHILE_DRAWING]
    return {
        key: sorted_keys(members[key])
        for key in (*named, *rest)
        if not (key.endswith("Handle") and members[key] is None)
    }


def _listed(entries: Sequence[Mapping[str, Any]]) -> str:
    return "[\n" + ",\n".join(f"  {one_line(entry)}" for entry in entries) + "\n ]" if entries else "[]"


def _by_node(places: Mapping[str, Mapping[str, Any]]) -> str:
    inner = ",\n".join(f"  {scalar(node_id)}: {one_line(place)}" for node_id, place in places.items())
    return "{\n" + inner + "\n }" if places else "{}"
