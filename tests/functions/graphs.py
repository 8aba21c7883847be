"""Graphs to ask about."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

Graph = dict[str, Any]


def chain(*nodes: tuple[str, dict[str, Any]]) -> Graph:
    """Nodes one after the other; the id of each is its type, with a number from the second of a type on."""
    seen: dict[str, int] = {}
    made = []
    for kind, data in nodes:
        seen[kind] = seen.get(kind, 0) + 1
        node_id = kind if seen[kind] == 1 else f"{kind}{seen[kind]}"
        made.append({"id": node_id, "type": kind, "position": {"x": 0, "y": 0}, "data": data})
    wires = [
        {"id": f"{left['id']}-{right['id']}", "source": left["id"], "target": right["id"]}
        for left, right in pairwise(made)
    ]
    return {"nodes": made, "edges": wires}


def source(database: str = "flowforge", table: str = "raw_trades") -> tuple[str, dict[str, Any]]:
    """A data source."""
    return "data_source", {"database": database, "table": table}


def per_symbol() -> Graph:
    """Trades and traded quantity per symbol, in the order of symbols."""
    return chain(
        source(),
        (
            "group_by",
            {
                "group_by": ["symbol"],
                "aggregations": [{"function": "count"}, {"function": "sum", "column": "quantity"}],
            },
        ),
        ("sort", {"sorts": [{"column": "symbol", "direction": "asc"}]}),
    )


def inverse_quantity() -> Graph:
    """1/[quantity] and a filter on it: an error on a forbidden row must neither fail nor leak."""
    return chain(
        source(),
        ("formula", {"expression": "1 / [quantity]", "output_column": "inverse"}),
        ("filter", {"filters": [{"column": "inverse", "operator": ">", "value": 0}], "logic": "AND"}),
        ("group_by", {"group_by": ["symbol"], "aggregations": [{"function": "count"}]}),
        ("sort", {"sorts": [{"column": "symbol", "direction": "asc"}]}),
    )
