"""Schemas and problems of every node of a graph, without compiling anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowforge.catalog import Catalog
from flowforge.compiler.configs import configuration, inputs, node_type
from flowforge.compiler.parameters import values
from flowforge.compiler.plan import NodeOutcome, Propagation
from flowforge.compiler.sources import columns_of, table_of
from flowforge.errors import FlowForgeError
from flowforge.graph import Graph, Node
from flowforge.nodes.data_source import DataSourceConfig
from flowforge.nodes.ordering import of_table


def propagate(graph: Graph, *, catalog: Catalog, params: Mapping[str, Any] | None = None) -> Propagation:
    """Every node's schema, or why it has none. A node behind a broken one has neither."""
    parameters = values(graph, params)
    outcomes: dict[str, NodeOutcome] = {}
    for node in graph.ordered():
        outcomes[node.id] = outcome(graph, node, catalog, parameters, outcomes)
    return Propagation(outcomes)


def outcome(
    graph: Graph,
    node: Node,
    catalog: Catalog,
    parameters: Mapping[str, Any],
    outcomes: Mapping[str, NodeOutcome],
) -> NodeOutcome:
    """One node's outcome from those of its inputs."""
    try:
        return _outcome(graph, node, catalog, parameters, outcomes)
    except FlowForgeError as error:
        error.at(node.id)
        return NodeOutcome(None, (error,))


def _outcome(
    graph: Graph,
    node: Node,
    catalog: Catalog,
    parameters: Mapping[str, Any],
    outcomes: Mapping[str, NodeOutcome],
) -> NodeOutcome:
    type_ = node_type(node)
    config = configuration(node, type_, parameters)
    wires = inputs(graph, node, type_)
    if isinstance(config, DataSourceConfig):
        ordering = of_table(table_of(config, catalog))
        return NodeOutcome(type_.infer(config, (columns_of(config, catalog),)), ordering=ordering)
    befores = [outcomes[wire.source] for wire in wires]
    schemas = [before.schema for before in befores if before.schema is not None]
    if len(schemas) < len(befores):
        return NodeOutcome(None)
    schema = type_.infer(config, tuple(schemas))
    return NodeOutcome(schema, ordering=type_.orders(config, tuple([each.ordering for each in befores])))
