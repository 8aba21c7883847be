"""Wires and ports, by the cases that the browser runs too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowforge.catalog import Catalog, Protection, Table
from flowforge.compiler import propagate
from flowforge.graph import parse_graph
from flowforge.types import STRING, Column, decimal

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "cases" / "graph" / "inputs.json").read_text(encoding="utf-8")
)
_MONEY = decimal(18, 6)


def _table(name: str, *columns: Column) -> Table:
    return Table("m", name, "clickhouse", columns, Protection("symbol", "symbol"), ("m", name))


CATALOG = Catalog.of(
    [
        _table("trades", Column("symbol", STRING), Column("price", _MONEY)),
        _table("quotes", Column("symbol", STRING), Column("bid", _MONEY)),
    ]
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any]) -> None:
    nodes = [
        {"id": node_id, "type": "data_source", "data": {"database": "m", "table": node}}
        if isinstance(node, str)
        else {"id": node_id, **node}
        for node_id, node in case["nodes"].items()
    ]
    edges = [
        {"source": source, "target": target, "targetHandle": handle}
        for source, target, handle in case["edges"]
    ]
    outcome = propagate(parse_graph({"nodes": nodes, "edges": edges}), catalog=CATALOG).nodes[nodes[-1]["id"]]
    if "error" in case:
        (problem,) = outcome.problems
        assert {"code": problem.code, "field": problem.field} == case["error"]
    else:
        assert outcome.schema is not None
        assert [column.name for column in outcome.schema] == case["columns"]
