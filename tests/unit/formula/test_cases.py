"""The formula cases that the browser runs too: an expression over columns → its type, or an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowforge.errors import GraphError
from flowforge.formula import analyse
from flowforge.types import from_json

FILES = sorted((Path(__file__).parents[2] / "cases" / "formula").glob("*.json"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title'][:60]}")
    for path in FILES
    for case in json.loads(path.read_text())
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    schema = from_json(case["input"])
    expected = case.get("error")
    if expected is None:
        result = analyse(case["expression"], schema)
        assert (str(result.type), result.nullable) == (case["type"], case["nullable"])
        return
    with pytest.raises(GraphError) as caught:
        analyse(case["expression"], schema)
    problem = caught.value.problem()
    assert {name: problem.get(name) for name in expected} == expected
    assert problem["field"] == "expression"
