"""Reading a window of unsorted rows in the order in which the table is stored.

ClickHouse refuses ``… LIMIT 100`` under ``max_rows_to_read`` while *planning*, although it would stop
after a hundred rows; in the order of the sorting key it reads just those. It also makes the pages of
an unsorted result follow each other. Only the key up to the time column is asked for: the finer
columns behind it would make the engine merge whole parts.
"""

from __future__ import annotations

from flowforge.catalog import Catalog, Table
from flowforge.graph import Edge, Graph, Node
from flowforge.nodes import OUTPUTS
from flowforge.types import find

ROW_BY_ROW = frozenset(
    {
        "data_source",
        "filter",
        "select",
        "rename",
        "formula",
        *OUTPUTS,
    }
)
"""Node types that neither order, group nor limit: what they give has no order of its own."""


def in_reading_order(graph: Graph, target: str, catalog: Catalog) -> tuple[Graph, str]:
    """The graph with its source sorted by the table's own key, where nothing else orders the result.

    The second part is the target: the new node, where the target is the source itself.
    """
    nodes = graph.upstream(target)
    sources = [node for node in nodes if node.type == "data_source"]
    if len(sources) != 1 or any(node.type not in ROW_BY_ROW for node in nodes):
        return graph, target
    source = sources[0]
    table = catalog.get(str(source.data.get("database")), str(source.data.get("table")))
    key = _key(table) if table is not None else []
    if not key:
        return graph, target
    node = Node(
        f"{source.id}·order", "sort", {"sorts": [{"column": name, "direction": "asc"} for name in key]}
    )
    edges = [
        Edge(node.id, edge.target, edge.target_handle) if edge.source == source.id else edge
        for edge in graph.edges
    ]
    ordered = Graph({**graph.nodes, node.id: node}, (*edges, Edge(source.id, node.id)), graph.parameters)
    return ordered, node.id if target == source.id else target


def _key(table: Table) -> list[str]:
    """The sorting key up to the time column; empty for a view or a key of expressions."""
    key: list[str] = []
    for name in table.sorting_key:
        if find(table.columns, name) is None:
            break
        key.append(name)
        if name == table.time_column:
            break
    return key
