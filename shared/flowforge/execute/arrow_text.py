"""Columns that Arrow would not carry as text: an enum's numbers mean nothing outside its engine.

JSON and CSV print an enum's names by themselves. For Arrow the graph is asked to convert such
columns, with the formula that a user would write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowforge.catalog import Catalog
from flowforge.graph import Edge, Graph, Node
from flowforge.results.filters import Filtered

if TYPE_CHECKING:
    from flowforge.compiler import Plan


def with_text_columns(question: Filtered, plan: Plan, catalog: Catalog) -> Filtered:
    """The question followed by a ``TO_TEXT`` of each column that stems from an enum; itself if none does."""
    graph, target = question.graph, question.target
    for column in plan.columns:
        if column.type.kind == "string" and _from_enum(plan, column.name, catalog):
            node = Node(
                f"{target}·text",
                "formula",
                {"expression": f"TO_TEXT([{column.name}])", "output_column": column.name},
            )
            graph = Graph(
                {**graph.nodes, node.id: node}, (*graph.edges, Edge(target, node.id)), graph.parameters
            )
            target = node.id
    return Filtered(
        graph, target, question.ignored, question.added | (graph.nodes.keys() - question.graph.nodes)
    )


def _from_enum(plan: Plan, column: str, catalog: Catalog) -> bool:
    return any(
        (table := catalog.get(database, name)) is not None and origin in table.as_text
        for database, name, origin in plan.lineage.get(column, ())
    )
