"""Counts, least and greatest of every column of a node's rows, as one group by without keys behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from flowforge.errors import StoreError
from flowforge.graph import Edge, Graph, Node
from flowforge.records import dataclass
from flowforge.residual.run import read
from flowforge.stores import Limits
from flowforge.types import Schema

if TYPE_CHECKING:
    from flowforge.compiler import Plan

NODE = "·profile"
_UNORDERED = frozenset({"boolean"})


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one column; ``distinct`` None: not counted. ``least`` and ``greatest`` are wire values."""

    nulls: int
    distinct: int | None
    least: Any
    greatest: Any


@dataclass(frozen=True, slots=True)
class Summary:
    """Of all rows."""

    rows: int
    columns: Mapping[str, Counts]


def summary_graph(graph: Graph, target: str, columns: Schema, *, distinct: bool) -> tuple[Graph, str]:
    """The graph with the group by behind its target, and that node's id."""
    aggregations: list[dict[str, Any]] = [{"function": "count", "alias": "rows"}]
    for index, column in enumerate(columns):
        functions = ["count", *(["count_distinct"] if distinct else [])]
        functions += [] if column.type.kind in _UNORDERED else ["min", "max"]
        aggregations += [
            {"function": each, "column": column.name, "alias": f"{each}_{index}"} for each in functions
        ]
    return extended(graph, target, [Node(NODE, "group_by", {"aggregations": aggregations})])


def extended(graph: Graph, target: str, nodes: list[Node]) -> tuple[Graph, str]:
    """Nodes one after the other behind the target; the id of the last (the target without any)."""
    edges, last = list(graph.edges), target
    for node in nodes:
        edges.append(Edge(last, node.id))
        last = node.id
    return Graph({**graph.nodes, **{node.id: node for node in nodes}}, tuple(edges), graph.parameters), last


async def counted(plan: Plan, columns: Schema, limits: Limits) -> Summary:
    """Run the group by."""
    try:
        found = await read(plan, limits)
    except StoreError as error:
        plan.blame(error)
        raise
    row = dict(zip([column.name for column in plan.columns], orjson.loads(found.json())[0], strict=True))
    rows = int(row["rows"])
    return Summary(
        rows,
        {
            column.name: Counts(
                rows - int(row[f"count_{index}"]),
                int(row[f"count_distinct_{index}"]) if f"count_distinct_{index}" in row else None,
                row.get(f"min_{index}"),
                row.get(f"max_{index}"),
            )
            for index, column in enumerate(columns)
        },
    )
