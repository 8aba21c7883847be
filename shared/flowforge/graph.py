"""The workflow graph as React Flow writes it, bounded, checked and ordered.

React Flow adds keys of its own to nodes and edges (``measured``, ``selected``, ``viewport`` …); they
are dropped here. Only a node's ``data`` is strict, and that is checked by its node type.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from flowforge.errors import ErrorCode, GraphError
from flowforge.records import dataclass

MEANING = 3
"""Raised when the same graph begins to compile to something else: no answer kept from before is used then."""

MAX_NODES = 500
MAX_EDGES = 2_000
MAX_ID_LENGTH = 128
_SHAPE = 'A graph is {"nodes": [{"id", "type", "data"}], "edges": [{"source", "target"}]}.'

DECORATION = frozenset({"note", "group"})
"""Node types that only decorate the canvas and are never compiled."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node; ``data`` is its configuration exactly as sent."""

    id: str
    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edge:
    """A wire from ``source``'s output to ``target``'s port (``None`` is the only port)."""

    source: str
    target: str
    target_handle: str | None = None


@dataclass(frozen=True)
class Graph:
    """A checked graph: ids are unique, every edge joins two known nodes, no node is its own ancestor."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    parameters: tuple[Mapping[str, Any], ...] = field(default=())

    @cached_property
    def _inputs(self) -> Mapping[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {node_id: [] for node_id in self.nodes}
        for edge in self.edges:
            found[edge.target].append(edge)
        return {node_id: tuple(edges) for node_id, edges in found.items()}

    def inputs(self, node_id: str) -> tuple[Edge, ...]:
        """The wires that end in a node, in the order of the document."""
        return self._inputs[node_id]

    def node(self, node_id: str) -> Node:
        """The node of that id; an unknown id is a ``GraphError``."""
        found = self.nodes.get(node_id)
        if found is None:
            known = ", ".join(list(self.nodes)[:8]) or "none"
            raise GraphError(
                ErrorCode.UNKNOWN_NODE,
                f"The graph has no node {node_id!r}.",
                node_id=node_id,
                field="target_node_id",
                hint=f"Nodes in this graph: {known}.",
            )
        return found

    def upstream(self, node_id: str) -> tuple[Node, ...]:
        """The node and all its ancestors, each after its inputs (topological order)."""
        self.node(node_id)
        inputs, ordered = self._inputs, self._ordered
        if self._ends == [node_id]:  # every node leads somewhere, and this is the only place to lead to
            return ordered
        wanted, frontier = {node_id}, [node_id]
        while frontier:
            for edge in inputs[frontier.pop()]:
                if edge.source not in wanted:
                    wanted.add(edge.source)
                    frontier.append(edge.source)
        return tuple([each for each in ordered if each.id in wanted])

    @property
    def _ordered(self) -> tuple[Node, ...]:
        return self._order[0]

    @property
    def _ends(self) -> list[str]:
        """The nodes that lead nowhere."""
        return self._order[1]

    @cached_property
    def _order(self) -> tuple[tuple[Node, ...], list[str]]:
        waiting = {node_id: len(self.inputs(node_id)) for node_id in self.nodes}
        followers: dict[str, list[str]] = {node_id: [] for node_id in self.nodes}
        for edge in self.edges:
            followers[edge.source].append(edge.target)
        ready = deque(node_id for node_id, count in waiting.items() if count == 0)
        order: list[Node] = []
        while ready:
            node_id = ready.popleft()
            order.append(self.nodes[node_id])
            for follower in followers[node_id]:
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    ready.append(follower)
        if len(order) < len(self.nodes):
            stuck = self._on_a_loop({node_id for node_id, count in waiting.items() if count > 0})
            raise GraphError(
                ErrorCode.CYCLE,
                f"Node {stuck!r} feeds itself: its inputs lead back to it.",
                node_id=stuck,
                field="input",
                hint="Remove one of the wires of the loop.",
            )
        return tuple(order), [node_id for node_id, next_ones in followers.items() if not next_ones]

    def _on_a_loop(self, waiting: Collection[str]) -> str:
        """Of nodes that wait in vain, the first of one that leads back to itself; others only stand behind it."""
        node_id, loop = next(each for each in self.nodes if each in waiting), dict[str, None]()
        while node_id not in loop:
            loop[node_id] = None
            node_id = next(wire.source for wire in self.inputs(node_id) if wire.source in waiting)
        path = [*loop]
        circle = path[path.index(node_id) :]
        return next(each for each in self.nodes if each in circle)

    def ordered(self) -> tuple[Node, ...]:
        """All nodes, each after its inputs (Kahn's algorithm, stable in document order)."""
        return self._ordered


def parse_graph(document: Any) -> Graph:
    """Read a graph document; ``GraphError`` names the node, edge or field that is wrong."""
    if not isinstance(document, Mapping):
        raise GraphError(
            ErrorCode.INVALID_REQUEST, "The graph must be an object.", field="graph", hint=_SHAPE
        )
    raw_nodes, raw_edges = document.get("nodes"), document.get("edges", [])
    if not isinstance(raw_nodes, list):
        raise GraphError(
            ErrorCode.INVALID_REQUEST, "The graph needs a list of nodes.", field="graph.nodes", hint=_SHAPE
        )
    if not isinstance(raw_edges, list):
        raise GraphError(ErrorCode.INVALID_REQUEST, "Edges must be a list.", field="graph.edges", hint=_SHAPE)
    if len(raw_nodes) > MAX_NODES or len(raw_edges) > MAX_EDGES:
        raise GraphError(
            ErrorCode.GRAPH_TOO_LARGE,
            f"The graph has {len(raw_nodes)} nodes and {len(raw_edges)} edges; "
            f"at most {MAX_NODES} and {MAX_EDGES} are taken.",
            field="graph",
            hint="Split the workflow.",
        )
    nodes: dict[str, Node] = {}
    decoration: set[str] = set()
    for index, raw in enumerate(raw_nodes):
        node = _node(raw, f"graph.nodes[{index}]")
        if node.id in nodes or node.id in decoration:
            raise GraphError(
                ErrorCode.DUPLICATE_NODE,
                f"Two nodes share the id {node.id!r}.",
                node_id=node.id,
                field="id",
                hint="Give one of them another id, and its wires too.",
            )
        if node.type in DECORATION:
            decoration.add(node.id)
        else:
            nodes[node.id] = node
    edges = tuple(
        edge
        for index, raw in enumerate(raw_edges)
        if (edge := _edge(raw, f"graph.edges[{index}]", nodes, decoration)) is not None
    )
    parameters = document.get("parameters", [])
    if not isinstance(parameters, list) or not all(isinstance(each, Mapping) for each in parameters):
        raise GraphError(
            ErrorCode.INVALID_REQUEST, "Parameters must be a list of objects.", field="graph.parameters"
        )
    graph = Graph(nodes, edges, tuple(parameters))
    graph.ordered()
    return graph


def _node(raw: Any, where: str) -> Node:
    if not isinstance(raw, Mapping):
        raise GraphError(ErrorCode.INVALID_REQUEST, f"{where} must be an object.", field=where, hint=_SHAPE)
    node_id, kind, data = raw.get("id"), raw.get("type"), raw.get("data", {})
    if not isinstance(node_id, str) or not 1 <= len(node_id) <= MAX_ID_LENGTH:
        raise GraphError(
            ErrorCode.INVALID_REQUEST,
            f"{where}.id must be a text of 1 to {MAX_ID_LENGTH} characters.",
            field=f"{where}.id",
        )
    if not isinstance(kind, str):
        raise GraphError(
            ErrorCode.UNKNOWN_NODE_TYPE,
            f"Node {node_id!r} has no type.",
            node_id=node_id,
            field="type",
            hint="Give it one, for example data_source or filter.",
        )
    if not isinstance(data, Mapping):
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"Node {node_id!r}: data must be an object.",
            node_id=node_id,
            field="data",
            hint="Give the settings by name: {}.",
        )
    return Node(node_id, kind, data)


def _edge(raw: Any, where: str, nodes: Mapping[str, Node], decoration: set[str]) -> Edge | None:
    if not isinstance(raw, Mapping):
        raise GraphError(ErrorCode.INVALID_REQUEST, f"{where} must be an object.", field=where, hint=_SHAPE)
    ends = raw.get("source"), raw.get("target")
    for name, end in zip(("source", "target"), ends, strict=True):
        if isinstance(end, str) and end in decoration:
            return None
        if not isinstance(end, str) or end not in nodes:
            raise GraphError(
                ErrorCode.UNKNOWN_NODE,
                f"{where}.{name} is {end!r}, which is not a node of this graph.",
                node_id=end if isinstance(end, str) else None,
                field=f"{where}.{name}",
                hint="Remove the wire, or draw it between nodes that are there.",
            )
    handle = raw.get("targetHandle")
    if handle is not None and not isinstance(handle, str):
        raise GraphError(ErrorCode.INVALID_REQUEST, f"{where}.targetHandle must be a text.", field=where)
    return Edge(str(ends[0]), str(ends[1]), handle)
