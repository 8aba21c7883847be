"""Graphs without branches, the shortest way to write one in a test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowforge.catalog import Catalog, Table
from flowforge.compiler import Plan, compile_graph
from flowforge.graph import Graph, parse_graph
from flowforge.tenancy import Access
from samples.catalogue import CATALOGUE, FIRM, TRADES

Step = tuple[str, dict[str, Any]]
"""A node's type and configuration; its id is its type and position, like ``filter_1``."""


def chain(steps: Sequence[Step], table: Table = TRADES) -> tuple[Graph, str]:
    """A source and these steps after it, and the id of the last."""
    source = ("data_source", {"database": table.database, "table": table.name})
    nodes = [
        {"id": f"{kind}_{index}", "type": kind, "position": {"x": index, "y": 0}, "data": data}
        for index, (kind, data) in enumerate([source, *steps])
    ]
    edges = [
        {"id": f"edge_{index}", "source": nodes[index]["id"], "target": nodes[index + 1]["id"]}
        for index in range(len(nodes) - 1)
    ]
    return parse_graph({"nodes": nodes, "edges": edges}), str(nodes[-1]["id"])


def compiled(
    steps: Sequence[Step],
    table: Table = TRADES,
    *,
    access: Access = FIRM,
    catalog: Catalog = CATALOGUE,
    **options: Any,
) -> Plan:
    """The plan of the chain's last node."""
    graph, target = chain(steps, table)
    return compile_graph(graph, target, catalog=catalog.visible_to(access), access=access, **options)
