"""What is drawn has an answer, and is worth asking."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from oracle import Overflow, evaluate
from oracle.strategies import Case, cases, graphs
from oracle.strategies.further import BINARY, UNARY
from oracle.strategies.nodes import INNER, TERMINAL

QUICK = settings(
    max_examples=200,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def tally(case: Case, seen: Counter[str]) -> None:
    seen.update({node["type"] for node in case.graph["nodes"]})
    try:
        found = evaluate(case.graph, case.target, case.visible(), as_of=case.as_of)
    except Overflow:
        seen["overflow"] += 1
    else:
        seen["rows"] += bool(found.rows)
        assert len({column.name for column in found.schema}) == len(found.schema)


def test_chains() -> None:
    seen: Counter[str] = Counter()

    @seed(1)
    @settings(QUICK)
    @given(case=cases())
    def draw(case: Case) -> None:
        tally(case, seen)

    draw()
    assert seen["rows"] > 80
    assert set(INNER) <= set(seen)
    assert set(TERMINAL) & set(seen)


def test_graphs() -> None:
    seen: Counter[str] = Counter()

    @seed(1)
    @settings(QUICK)
    @given(case=graphs((*INNER, *UNARY, *BINARY)))
    def draw(case: Case) -> None:
        tally(case, seen)

    draw()
    assert seen["rows"] > 80
    assert {*INNER, *UNARY, *BINARY} <= set(seen)
