"""Random graphs over random tables: four evaluations and the oracle, one answer.

Merged SQL and unmerged SQL (one sub-query per node), each on ClickHouse and on PostgreSQL.
A few hundred graphs, thousands with ``--all``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings

from oracle.strategies import Case, cases

pytestmark = pytest.mark.engines

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@settings(UNHURRIED, max_examples=100)
@given(case=cases(most_nodes=5, kinds=("formula",)))
def test_formulas(case: Case, checked: Callable[[Case], None]) -> None:
    checked(case)


@settings(UNHURRIED, max_examples=200)
@given(case=cases())
def test_chains(case: Case, checked: Callable[[Case], None]) -> None:
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
