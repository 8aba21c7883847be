"""The first pass: every node's relation, in topological order.

A node that several nodes read is computed once: its relation is closed, and all of them read that one
closed SELECT. A table that is only read, adjusted or not, is not computed; each of its readers scans it
for itself, with its own columns and filters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flowforge.catalog import Catalog
from flowforge.compiler.configs import configuration, inputs, node_type
from flowforge.compiler.plan import Page
from flowforge.compiler.sources import rows_of
from flowforge.errors import FlowForgeError
from flowforge.graph import Graph, Node
from flowforge.nodes import table_view
from flowforge.nodes.data_source import DataSourceConfig
from flowforge.relation import Barrier, Relation

Steps = dict[str, tuple[Node, Relation | None, Relation]]
"""By node id: the node, its (first) input and its output; a source has no input."""


def apply_nodes(
    graph: Graph,
    nodes: tuple[Node, ...],
    catalog: Catalog,
    parameters: Mapping[str, Any],
    *,
    merge: bool,
) -> tuple[Steps, Page | None]:
    """Every node's relation, and the page of a final table view. Without ``merge`` each is closed."""
    steps: Steps = {}
    page: Page | None = None
    outputs = _Outputs(Counter(wire.source for node in nodes for wire in graph.inputs(node.id)), merge=merge)
    for node in nodes:
        try:
            type_ = node_type(node)
            config = configuration(node, type_, parameters)
            wires = inputs(graph, node, type_)
            if isinstance(config, DataSourceConfig):
                befores: tuple[Relation, ...] = (rows_of(config, catalog, node.id),)
            else:
                befores = tuple([outputs.read(wire.source, node.id) for wire in wires])
                if not type_.apply_checks:
                    type_.infer(config, tuple([each.schema for each in befores]))
            after = type_.apply(config, befores)
            outputs.add(node.id, after)
            steps[node.id] = (node, befores[0] if wires else None, after)
            if isinstance(config, table_view.TableViewConfig) and node is nodes[-1]:
                offset, rows = table_view.window(config)
                page = Page(offset, rows)
        except FlowForgeError as error:
            raise error.at(node.id) from None
    return steps, page


class _Outputs:
    """What the nodes so far give to those that read them; ``readers`` counts the wires from each."""

    def __init__(self, readers: Mapping[str, int], *, merge: bool) -> None:
        self._readers, self._merge = readers, merge
        self._relations: dict[str, Relation] = {}
        self._shared: dict[str, Relation] = {}

    def add(self, node: str, relation: Relation) -> None:
        """Remember a node's output."""
        self._relations[node] = relation

    def read(self, source: str, node: str) -> Relation:
        """The output of ``source`` for ``node`` to go on with."""
        relation = self._relations[source]
        if self._readers[source] > 1 and not relation.is_source:
            if source not in self._shared:
                self._shared[source] = relation.shared()
            return self._shared[source].changed(node=node, opened_by=node)
        relation = relation.changed(node=node)
        return relation if self._merge else relation.closed(Barrier.NOT_MERGED)
