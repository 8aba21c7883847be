"""A graph, node by node: each node's rows from its inputs' rows, nothing merged, nothing optimised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oracle.context import Context
from oracle.nodes import KINDS, limit, table_view
from oracle.relation import Relation

PORTS = {"left": 0, "right": 1}
"""Inputs come in the order of the document, except where ports have names."""


def evaluate(
    graph: Mapping[str, Any],
    target: str,
    tables: Mapping[str, Relation],
    *,
    as_of: datetime | None = None,
    page: tuple[int, int] | None = None,
) -> Relation:
    """The rows of the node ``target`` of a graph document (React Flow JSON, already valid).

    ``page`` is (offset, rows); without one, a table view shows the page of its configuration.

    Raises:
        Unspecified: the documents leave the answer open, e.g. ties that a limit cuts and a node reads on.
        Overflow: a row was decided on by a number that left its type.

    """
    context = Context(tables, as_of)
    nodes = {node["id"]: node for node in graph["nodes"]}
    done: dict[str, Relation] = {}

    def visit(node_id: str) -> Relation:
        if node_id not in done:
            node = nodes[node_id]
            wires = [edge for edge in graph.get("edges", []) if edge["target"] == node_id]
            wires.sort(key=lambda edge: PORTS.get(edge.get("targetHandle") or "", 0))
            inputs = [visit(edge["source"]) for edge in wires]
            done[node_id] = KINDS[node["type"]](node.get("data", {}), inputs, context)
        return done[node_id]

    result = visit(target)
    last = nodes[target]
    if page is None and last["type"] == "table_view":
        page = table_view.shown(last.get("data", {}))
    return result if page is None else limit.window(result, page[1], page[0])
