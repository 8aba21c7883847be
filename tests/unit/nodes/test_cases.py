"""The node cases that the browser runs too: configuration + input schemas → output schema or error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowforge.compiler.configs import configuration
from flowforge.errors import GraphError
from flowforge.graph import Node
from flowforge.nodes import BY_KIND, NODES
from flowforge.types import from_json, to_json

DIRECTORY = Path(__file__).parents[2] / "cases" / "nodes"
CASES = [
    pytest.param(kind, case, id=f"{kind}: {case['title']}")
    for kind in BY_KIND
    for case in json.loads((DIRECTORY / f"{kind}.json").read_text())
]


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_case(kind: str, case: dict[str, Any]) -> None:
    node_type = BY_KIND[kind]
    inputs = tuple(from_json(schema) for schema in case["inputs"])

    def infer() -> list[dict[str, Any]]:
        config = configuration(Node("node", kind, case["config"]), node_type, {})
        return to_json(node_type.infer(config, inputs))

    expected = case.get("error")
    if expected is None:
        assert infer() == case["output"]
        return
    with pytest.raises(GraphError) as caught:
        infer()
    problem = caught.value.problem()
    assert {name: problem.get(name) for name in expected} == expected


def test_every_node_type_has_cases_and_nothing_else_has() -> None:
    assert sorted(path.stem for path in DIRECTORY.glob("*.json")) == sorted(node.kind for node in NODES)


def test_every_node_type_is_documented() -> None:
    for node in NODES:
        assert node.doc.endswith(".")
        assert node.config.__doc__
