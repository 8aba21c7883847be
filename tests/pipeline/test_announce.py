"""A write tells the readers of its table, and of those computed from it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
import redis

from flowforge_local.engines import Endpoints
from flowforge_pipeline.loading.announce import announce
from flowforge_pipeline.loading.derived import Change
from flowforge_pipeline.redis_client import REDIS

CHANGE = Change("flowforge.raw_trades", ("SPY",), 3, datetime(2013, 10, 7, 20, tzinfo=UTC))


@pytest.mark.engines
def test_each_table_that_changed_is_counted_once(engines: Endpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REDIS, engines.redis_url)
    with redis.Redis.from_url(engines.redis_url) as client:
        names = [
            f"flowforge:data:{table}"
            for table in (
                "flowforge.raw_trades",
                "metrics.vwap_5min",
                "metrics.rolling_volatility",
                "metrics.trades_5min",
                "metrics.hourly_rollup",
                "metrics.daily_rollup",
            )
        ]
        before = [int(value or 0) for value in client.mget(names)]
        announce(CHANGE)
        assert [int(value or 0) for value in client.mget(names)] == [count + 1 for count in before]


def test_a_redis_that_is_away_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(REDIS, "redis://127.0.0.1:1/0")
    with caplog.at_level(logging.WARNING):
        announce(CHANGE)
    assert "flowforge.raw_trades changed" in caplog.text
