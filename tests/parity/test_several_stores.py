"""Random graphs over tables of two stores: statements pushed down to each, the rest in memory, one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings

from flowforge.settings import settings as flowforge_settings
from flowforge_local.engines import Endpoints
from oracle.strategies import Case, graphs
from oracle.strategies.further import BINARY
from oracle.strategies.nodes import WEIGHTED
from parity import counterexamples, federated
from parity.checking import expectation
from parity.engine import ParityEngine
from parity.test_generated_graphs import FURTHER

pytestmark = pytest.mark.engines

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
KINDS = (*WEIGHTED, *FURTHER, *BINARY, *BINARY, *BINARY)


@pytest.fixture(scope="module")
def across(engines: Endpoints, parity_engines: tuple[ParityEngine, ...]) -> Iterator[Callable[[Case], bool]]:
    """Checks a case with its tables spread over both engines, one way and then the other; False if the plan
    needs one statement only. The last one that fails is kept.
    """
    numbers = count(1_000_000)
    failed: list[Case] = []
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        for name, value in federated.environment(engines.clickhouse_app_url, engines.live_admin_dsn).items():
            patch.setenv(name, value)
        federated.own_connections(patch)
        flowforge_settings.cache_clear()

        def check(case: Case) -> bool:
            placed = federated.places(case, parity_engines, next(numbers))
            plan = federated.plan_over_stores(case, federated.catalog_of(placed))
            if plan is None:
                return False
            try:
                with federated.loaded(placed):
                    federated.check(expectation(case), plan, runner)
            except BaseException:
                failed[:] = [case]
                raise
            return True

        yield check
    flowforge_settings.cache_clear()
    if failed:
        print(f"kept as {counterexamples.keep(failed[0])}")


SEVERAL = {name: case for name, case in counterexamples.kept().items() if len(case.tables) > 1}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in SEVERAL.items()])
def test_counterexample(case: Case, across: Callable[[Case], bool]) -> None:
    assert [across(case), across(case)] == [True, True]


@settings(UNHURRIED, max_examples=30)
@given(case=graphs(KINDS))
def test_graphs(case: Case, across: Callable[[Case], bool]) -> None:
    assume(across(case))


@pytest.mark.slow
@settings(UNHURRIED, max_examples=3000)
@given(case=graphs(KINDS, most_nodes=14))
def test_many_larger_graphs(case: Case, across: Callable[[Case], bool]) -> None:
    assume(across(case))
