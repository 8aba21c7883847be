"""Binding filters from outside (a dashboard, a caller) to a graph.

A filter goes to every source that has its column, where that gives the rows that filtering the
output would: only row-wise nodes, or a group-by on that very column, stand between. A column that
the output lacks can only be meant at the source. A filter that fits neither is reported, not
guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from flowforge.catalog import Catalog
from flowforge.errors import FlowForgeError
from flowforge.graph import Edge, Graph, Node
from flowforge.nodes import OUTPUTS
from flowforge.records import dataclass
from flowforge.results.shapes import Strict
from flowforge.types import find

ROW_WISE = frozenset(
    {
        "filter",
        "sort",
        "select",
        "formula",
        *OUTPUTS,
    }
)
"""Node types below which a filter may move without changing which rows come out."""


class Filter(Strict):
    """One condition, as a filter node writes it."""

    column: str = Field(min_length=1, max_length=255)
    operator: str = Field(min_length=1, max_length=16)
    value: Any = None


@dataclass(frozen=True, slots=True)
class Filtered:
    """A graph with filters as nodes of it, and its target, which is new if it had to be filtered itself.

    ``ignored`` are the columns of the filters that do not apply, ``partial`` of those that reach only some
    of the sources although the output lacks the column; ``added`` are the ids of the new nodes.
    """

    graph: Graph
    target: str
    ignored: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()
    partial: tuple[str, ...] = ()

    def blame(self, error: FlowForgeError) -> None:
        """An error in an added node is an error in the caller's filters."""
        if error.node_id in self.added:
            error.node_id, error.field = None, "filters"


def applied(graph: Graph, target: str, filters: Sequence[Filter], catalog: Catalog) -> Filtered:
    """Bind each filter to the sources, to the output, or to nothing."""
    if not filters:
        return Filtered(graph, target)
    from flowforge.compiler import propagate

    upstream = graph.upstream(target)
    sources = [node for node in upstream if node.type == "data_source"]
    outcome = propagate(graph, catalog=catalog).nodes.get(target)
    output = outcome.schema if outcome is not None else None
    places: dict[str, list[Filter]] = {}
    ignored: list[str] = []
    partial: list[str] = []
    for each in filters:
        bearing = [source.id for source in sources if _has_column(source, each.column, catalog)]
        in_output = output is not None and find(output, each.column) is not None
        if not bearing and not in_output:
            ignored.append(each.column)
        if not in_output and 0 < len(bearing) < len(sources):
            partial.append(each.column)
        at_source = bearing and (not in_output or _commutes(upstream, each.column))
        for place in bearing if at_source else [target] if in_output else []:
            places.setdefault(place, []).append(each)
    filtered = Filtered(graph, target, tuple(ignored), partial=tuple(partial))
    for place, conditions in places.items():
        filtered = _insert_after(filtered, place, conditions)
    return filtered


def _has_column(source: Node, column: str, catalog: Catalog) -> bool:
    table = catalog.get(str(source.data.get("database")), str(source.data.get("table")))
    return table is not None and find(table.columns, column) is not None


def _commutes(nodes: Sequence[Node], column: str) -> bool:
    """Whether filtering this column at the source equals filtering it at the output."""
    for node in nodes:
        if node.type == "group_by" and column in (node.data.get("group_by") or ()):
            continue
        if node.type == "formula" and node.data.get("output_column") == column:
            return False
        if node.type not in ROW_WISE and node.type != "data_source":
            return False
    return True


def _insert_after(filtered: Filtered, place: str, conditions: Sequence[Filter]) -> Filtered:
    """A filter node on every wire that leaves ``place``; it is the new target if ``place`` was."""
    graph = filtered.graph
    node_id = f"{place}·filter"
    while node_id in graph.nodes:
        node_id += "·"
    node = Node(node_id, "filter", {"filters": [each.model_dump() for each in conditions], "logic": "AND"})
    edges = [
        Edge(node_id, edge.target, edge.target_handle) if edge.source == place else edge
        for edge in graph.edges
    ]
    return Filtered(
        Graph({**graph.nodes, node_id: node}, (*edges, Edge(place, node_id)), graph.parameters),
        node_id if place == filtered.target else filtered.target,
        filtered.ignored,
        filtered.added | {node_id},
        filtered.partial,
    )
