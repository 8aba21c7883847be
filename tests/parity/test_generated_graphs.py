"""Random graphs over random tables: four evaluations, one answer.

Merged SQL and unmerged SQL (one sub-query per node) on ClickHouse and on PostgreSQL, and the oracle.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from oracle.strategies import Case, cases
from parity.checking import check
from parity.clickhouse import ClickHouse
from parity.postgres import Postgres

pytestmark = pytest.mark.engines

UNHURRIED = settings(
    deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, derandomize=False
)


@settings(UNHURRIED, max_examples=250)
@given(case=cases())
def test_chains(case: Case, clickhouse: ClickHouse, postgres: Postgres) -> None:
    check(case, (clickhouse, postgres))
