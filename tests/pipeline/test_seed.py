"""The seed: deterministic, inside real sessions, written once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.seed import walk
from flowforge_pipeline.sessions import Sessions, sessions_of


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    """Two months with a holiday and a half day (2024-11-29, closing at 13:00)."""
    found = sessions_of("XNYS", date(2024, 11, 1), date(2024, 12, 31))
    assert found is not None
    return found


def test_the_same_seed_gives_the_same_rows(sessions: Sessions) -> None:
    assert walk.trades(sessions, 7).equals(walk.trades(sessions, 7))
    assert not walk.trades(sessions, 7)["price"].equals(walk.trades(sessions, 8)["price"])


def test_trades_lie_in_order_inside_regular_sessions(sessions: Sessions) -> None:
    rows = walk.trades(sessions, 7)
    labels = sessions.labels(rows["event_time"])
    assert labels["session"].unique().to_list() == ["regular"]
    assert labels["trade_date"].equals(rows["trade_date"].alias("trade_date"))
    for _, part in rows.group_by("symbol"):
        assert part["event_time"].is_sorted()
        assert part["trade_date"].n_unique() == sessions.frame.height
    per_day = rows.group_by("trade_date").len().sort("len")
    assert per_day["trade_date"][0] == date(2024, 11, 29), "the half day has fewest"
    assert set(rows["symbol"].unique()).isdisjoint({"BAC", "IBM", "SPY"}), "these come from real ticks"


def test_prices_walk_in_cents_and_volume_is_u_shaped(sessions: Sessions) -> None:
    rows = walk.trades(sessions, 7).filter(pl.col("symbol") == "AAPL")
    cents = (rows["price"] * Decimal(100)).cast(pl.Float64)
    assert (cents == cents.round()).all()
    steps = rows["price"].cast(pl.Float64).log().diff().drop_nulls().abs()
    assert steps.max() < 0.1  # type: ignore[operator]
    hour = rows["event_time"].dt.convert_time_zone("America/New_York").dt.hour()
    counts = {row["event_time"]: row["count"] for row in hour.value_counts().to_dicts()}
    assert counts[15] > 1.5 * counts[12]


def test_quotes_surround_their_trade(sessions: Sessions) -> None:
    rows = walk.quotes(walk.trades(sessions, 7), 7)
    assert (rows["bid"] < rows["ask"]).all()
    assert (rows["bid"] > 0).all()


def test_seeding_twice_writes_once(cli, clickhouse: ClickHouse) -> None:
    first = cli("seed", "--days", "10")
    assert first.returncode == 0, first.stderr
    assert "synthetic trades" in first.stdout
    counts = "SELECT (SELECT count() FROM flowforge.raw_trades) AS t, (SELECT count() FROM flowforge.raw_quotes) AS q, (SELECT count() FROM reference.daily_bars) AS d, (SELECT count() FROM reference.instruments) AS i"  # fmt: skip
    before = clickhouse.rows(counts)
    again = cli("seed")
    assert (again.returncode, again.stdout.strip()) == (0, "= sample data is in place")
    assert clickhouse.rows(counts) == before
    assert int(before[0]["d"]) == 12_154
    sums = clickhouse.rows(
        "SELECT (SELECT count() FROM flowforge.raw_trades) AS raw, (SELECT sum(trade_count) FROM metrics.daily_rollup) "
        "AS daily, (SELECT sum(trade_count) FROM metrics.vwap_5min FINAL) AS vwap"
    )[0]
    assert sums["raw"] == sums["daily"] == sums["vwap"]


def test_an_interrupted_seed_goes_on_with_its_own_dates(cli, clickhouse: ClickHouse) -> None:
    assert cli("seed", "--days", "10").returncode == 0
    before = clickhouse.rows("SELECT count() AS n, max(event_time) AS newest FROM flowforge.raw_trades")
    clickhouse.execute("ALTER TABLE flowforge.imports DELETE WHERE state = 'finished'", {"mutations_sync": 2})
    assert cli("seed", "--days", "20").returncode == 0
    assert (
        clickhouse.rows("SELECT count() AS n, max(event_time) AS newest FROM flowforge.raw_trades") == before
    )


def test_real_daily_bars_are_as_published(cli, clickhouse: ClickHouse) -> None:
    assert cli("seed", "--days", "7").returncode == 0
    assert clickhouse.rows(
        "SELECT open, high, low, close, volume, adj_close, adjust, source FROM reference.daily_bars "
        "WHERE symbol = 'AAPL' AND day = '2000-03-01'"
    ) == [
        {
            "open": "118.56",
            "high": "132.06",
            "low": "118.5",
            "close": "130.31",
            "volume": "9616100",
            "adj_close": "4.186662803811",
            "adjust": "none",
            "source": "Quandl WIKI (bokeh-sampledata)",
        }
    ]
