"""Graphs with several inputs, the shortest way to write one in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowforge.catalog import Catalog, Table
from flowforge.compiler import Plan, compile_graph
from flowforge.graph import Graph, parse_graph
from flowforge.tenancy import Access
from samples.catalogue import CATALOGUE, FIRM

Step = tuple[str, str, dict[str, Any], Sequence[str]]
"""A node's id, type and configuration, and the ids of its inputs (of a join: left, then right)."""


def graph_of(tables: Mapping[str, Table], steps: Sequence[Step]) -> Graph:
    """Sources by id, and the nodes behind them."""
    nodes: list[dict[str, Any]] = [
        {"id": node_id, "type": "data_source", "data": {"database": table.database, "table": table.name}}
        for node_id, table in tables.items()
    ]
    edges: list[dict[str, Any]] = []
    for node_id, kind, data, inputs in steps:
        nodes.append({"id": node_id, "type": kind, "data": data})
        ports = ("left", "right") if kind.endswith("join") else (None,) * len(inputs)
        edges += [
            {"id": f"{source}-{node_id}-{port}", "source": source, "target": node_id, "targetHandle": port}
            for source, port in zip(inputs, ports, strict=True)
        ]
    return parse_graph({"nodes": nodes, "edges": edges})


def plan_of(
    tables: Mapping[str, Table],
    steps: Sequence[Step],
    *,
    access: Access = FIRM,
    catalog: Catalog = CATALOGUE,
    **options: Any,
) -> Plan:
    """The plan of the last node."""
    graph = graph_of(tables, steps)
    return compile_graph(graph, steps[-1][0], catalog=catalog.visible_to(access), access=access, **options)
