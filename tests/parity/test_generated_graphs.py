"""Random graphs over random tables: four evaluations and the oracle, one answer.

Merged SQL and unmerged SQL (one sub-query per node), each on ClickHouse and on PostgreSQL.
A few hundred graphs, thousands with ``--all``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings

from flowforge.nodes import BY_KIND
from oracle.strategies import Case, cases, graphs
from oracle.strategies.further import BINARY, UNARY
from oracle.strategies.nodes import WEIGHTED

pytestmark = pytest.mark.engines

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)

FURTHER = tuple(kind for kind in (*UNARY, *BINARY) if kind in BY_KIND)
"""The node types beyond the first set that the compiler has: each is drawn as soon as it is there."""


@settings(UNHURRIED, max_examples=60)
@given(case=cases(most_nodes=5, kinds=("formula",)))
def test_formulas(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)


@settings(UNHURRIED, max_examples=100)
@given(case=cases())
def test_chains(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)


@pytest.mark.skipif(not FURTHER, reason="the compiler has no node types beyond the first set yet")
@settings(UNHURRIED, max_examples=200)
@given(case=graphs((*WEIGHTED, *FURTHER, *FURTHER)))
def test_graphs(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)


@pytest.mark.slow
@pytest.mark.skipif(not FURTHER, reason="the compiler has no node types beyond the first set yet")
@settings(UNHURRIED, max_examples=4000)
@given(case=graphs((*WEIGHTED, *FURTHER, *FURTHER), most_nodes=14))
def test_many_larger_graphs(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)


@pytest.mark.slow
@settings(UNHURRIED, max_examples=2000)
@given(case=cases(most_nodes=8, kinds=("formula", "formula", "filter")))
def test_many_formulas(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)


@pytest.mark.slow
@settings(UNHURRIED, max_examples=4000)
@given(case=cases(most_nodes=12))
def test_many_longer_chains(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)
