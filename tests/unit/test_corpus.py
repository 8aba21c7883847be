"""The corpus is repeatable, covers every node kind and error that a graph can have, and is valid JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from flowforge.nodes import NODES
from flowforge_local.corpus.__main__ import main
from flowforge_local.corpus.writers import KINDS

COUNTS = ["--graphs", "150", "--formulas", "150"]


def _lines(capsys: pytest.CaptureFixture[str], seed: int) -> list[dict[str, Any]]:
    assert main(["--seed", str(seed), *COUNTS]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_seed_repeats_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lines(capsys, 3) == _lines(capsys, 3)
    assert _lines(capsys, 3) != _lines(capsys, 4)


def test_every_kind_has_a_writer() -> None:
    assert set(KINDS) == {node.kind for node in NODES}


def test_every_kind_occurs_and_most_nodes_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    tables, *lines = _lines(capsys, 1)
    assert len(tables["tables"]) == 5
    graphs = [line for line in lines if "graph" in line]
    assert (len(graphs), len(lines)) == (150, 300)
    kinds = Counter(node["type"] for line in graphs for node in line["graph"]["nodes"])
    assert set(KINDS) <= set(kinds)
    outcomes = [each for line in graphs for each in line["expected"].get("nodes", {}).values()]
    assert sum("schema" in each for each in outcomes) > len(outcomes) / 2
    codes = {problem["code"] for each in outcomes for problem in each.get("problems", ())}
    assert len(codes) >= 8
