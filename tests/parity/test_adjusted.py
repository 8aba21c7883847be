"""Sources whose prices are adjusted: both engines, in one store, in two and in memory, answer as the oracle does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from flowforge.settings import settings as flowforge_settings
from flowforge_local.engines import Endpoints
from oracle.strategies import Case
from oracle.strategies.adjusted import adjusted
from parity import federated
from parity.checking import check, expectation
from parity.engine import ParityEngine

pytestmark = pytest.mark.engines

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
KINDS = (
    "filter",
    "select",
    "formula",
    "group_by",
    "sort",
    "limit",
    "filter",
    "group_by",
    "unique",
    "window",
    "union",
    "join",
)

Check = Callable[[Case, tuple[int, int]], None]


@pytest.fixture(scope="module")
def placed(engines: Endpoints, parity_engines: tuple[ParityEngine, ...]) -> Iterator[Check]:
    """Checks a case with the prices in the one engine and the factors in the other (0: ClickHouse, 1: PostgreSQL)."""
    numbers = count(2_000_000)
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        for name, value in federated.environment(engines.clickhouse_app_url, engines.live_admin_dsn).items():
            patch.setenv(name, value)
        federated.own_connections(patch)
        flowforge_settings.cache_clear()

        def checked(case: Case, stores: tuple[int, int]) -> None:
            tables = [
                (parity_engines[store], table, f"{table.name}_{next(numbers)}")
                for store, table in zip(stores, case.tables, strict=True)
            ]
            plan = federated.plan_over_stores(case, federated.catalog_of(tables))
            if plan is None:
                return  # nothing adjusted is asked for, so that one statement is the answer
            with federated.loaded(tables):
                federated.check(expectation(case), plan, runner)

        yield checked
    flowforge_settings.cache_clear()


@settings(UNHURRIED, max_examples=40)
@given(case=adjusted(KINDS))
def test_in_clickhouse(case: Case, parity_engines: tuple[ParityEngine, ...]) -> None:
    check(case, parity_engines[:1])


@settings(UNHURRIED, max_examples=15)
@given(case=adjusted(KINDS))
def test_in_postgres(case: Case, placed: Check) -> None:
    placed(case, (1, 1))


@settings(UNHURRIED, max_examples=15)
@given(case=adjusted(KINDS))
def test_across_stores(case: Case, placed: Check) -> None:
    placed(case, (1, 0))


@pytest.mark.slow
@settings(UNHURRIED, max_examples=3000)
@given(case=adjusted(KINDS, most_nodes=10))
def test_many_larger_chains(case: Case, parity_engines: tuple[ParityEngine, ...], placed: Check) -> None:
    check(case, parity_engines[:1])
    placed(case, (1, 0))
