"""The engines of the session, as parity tests use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowforge_local.engines import Endpoints
from parity.clickhouse import ClickHouse
from parity.postgres import Postgres


@pytest.fixture(scope="session")
def clickhouse(engines: Endpoints) -> ClickHouse:
    return ClickHouse(engines.clickhouse_admin_url, engines.clickhouse_app_url)


@pytest.fixture(scope="session")
def postgres(engines: Endpoints) -> Iterator[Postgres]:
    engine = Postgres(engines.live_admin_dsn)
    yield engine
    engine.close()
