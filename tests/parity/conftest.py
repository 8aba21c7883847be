"""The engines of the session as parity tests use them, and the keeping of counter-examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from flowforge_local.engines import Endpoints
from oracle.strategies import Case
from parity import counterexamples
from parity.checking import check
from parity.clickhouse import ClickHouse
from parity.engine import ParityEngine
from parity.postgres import Postgres


@pytest.fixture(scope="session")
def parity_engines(engines: Endpoints) -> Iterator[tuple[ParityEngine, ...]]:
    """ClickHouse and PostgreSQL."""
    postgres = Postgres(engines.live_admin_dsn)
    yield ClickHouse(engines.clickhouse_admin_url, engines.clickhouse_app_url), postgres
    postgres.close()


@pytest.fixture
def checked(parity_engines: tuple[ParityEngine, ...]) -> Iterator[Callable[[Case], None]]:
    """Checks a case on all engines; the last one that fails – Hypothesis ends with the smallest – is kept."""
    failed: list[Case] = []

    def check_and_remember(case: Case) -> None:
        try:
            check(case, parity_engines)
        except BaseException:
            failed[:] = [case]
            raise

    yield check_and_remember
    if failed:
        print(f"kept as {counterexamples.keep(failed[0])}")
