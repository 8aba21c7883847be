"""The graph cases that the browser's ``graph.test.ts`` runs too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowforge.errors import GraphError
from flowforge.graph import MAX_EDGES, MAX_ID_LENGTH, MAX_NODES, parse_graph

CASES = json.loads((Path(__file__).parents[1] / "cases" / "graph" / "graph.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case: dict[str, Any]) -> None:
    if "error" not in case:
        assert [node.id for node in parse_graph(case["graph"]).ordered()] == case["order"]
        return
    with pytest.raises(GraphError) as caught:
        parse_graph(case["graph"])
    problem = caught.value.problem()
    assert {name: problem.get(name) for name in ("code", "node_id", "field")} == {
        "code": case["error"]["code"],
        "node_id": case["error"].get("node_id"),
        "field": case["error"].get("field"),
    }


def test_the_bounds_are_met_exactly() -> None:
    nodes = [{"id": str(n), "type": "x"} for n in range(MAX_NODES)]
    edges = [{"source": "0", "target": "1"}] * MAX_EDGES
    assert len(parse_graph({"nodes": nodes, "edges": edges}).nodes) == MAX_NODES
    assert parse_graph({"nodes": [{"id": "\U0001f600" * MAX_ID_LENGTH, "type": "x"}]}).nodes
    for document in (
        {"nodes": [*nodes, {"id": "more", "type": "x"}]},
        {"nodes": nodes, "edges": [*edges, edges[0]]},
    ):
        with pytest.raises(GraphError, match="at most"):
            parse_graph(document)
