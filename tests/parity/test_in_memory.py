"""Random graphs worked out in memory: the oracle's rows, with nothing left to a store. No engine is needed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from flowforge.errors import ErrorCode, FlowForgeError
from oracle import Overflow
from oracle.compare import difference, must_fail
from oracle.strategies import Case, cases, graphs
from oracle.strategies.nodes import WEIGHTED
from parity.checking import expectation
from parity.counterexamples import kept
from parity.in_memory import evaluated, planned
from parity.test_generated_graphs import FURTHER

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def check(case: Case, *, merge: bool = True) -> None:
    """Assert that a case's rows in memory are the oracle's, in number, value, order and nullability."""
    expected = expectation(case)
    rows = evaluated(case, merge=merge)
    if isinstance(rows, FlowForgeError):
        overflows = isinstance(expected, Overflow) or expected.overflowed or must_fail(expected)
        assert overflows or rows.code is ErrorCode.UNSUPPORTED_IN_STORE, rows.detail
        return
    assert not isinstance(expected, Overflow)
    assert not must_fail(expected), f"a number leaves its type, but there are rows: {rows}"
    assert difference(expected, rows) is None
    for index, field in enumerate(planned(case, merge=merge).fields):
        assert field.expression.nullable or all(row[index] is not None for row in rows), field.name


@settings(UNHURRIED, max_examples=80)
@given(case=cases(most_nodes=5, kinds=("formula",)))
def test_formulas(case: Case) -> None:
    check(case)


@settings(UNHURRIED, max_examples=150)
@given(case=graphs((*WEIGHTED, *FURTHER, *FURTHER)))
def test_graphs(case: Case) -> None:
    check(case)


@settings(UNHURRIED, max_examples=50)
@given(case=graphs((*WEIGHTED, *FURTHER, *FURTHER)))
def test_unmerged_graphs(case: Case) -> None:
    check(case, merge=False)


@pytest.mark.slow
@settings(UNHURRIED, max_examples=4000)
@given(case=graphs((*WEIGHTED, *FURTHER, *FURTHER), most_nodes=14))
def test_many_larger_graphs(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in kept().items()])
def test_counterexample(case: Case) -> None:
    check(case)
