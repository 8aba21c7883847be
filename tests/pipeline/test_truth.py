"""Real ticks against answers that an independent engine computed from the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from flowforge_pipeline.clickhouse import ClickHouse
from pipeline.truths import Truths

pytestmark = pytest.mark.data
TOLERANCE = Decimal("1e-8")
"""The truth files round VWAPs to eight digits."""


@pytest.fixture(scope="module")
def tick_files(trial_data: Path) -> list[Path]:
    return sorted((trial_data / "lean" / "equity" / "usa" / "tick").glob("*/*.zip"))


@pytest.fixture(scope="module")
def imported(cli, connection: ClickHouse, empty: Callable[[], None], tick_files: list[Path]) -> ClickHouse:
    """All tick files, imported once."""
    empty()
    done = cli("import", *tick_files, "--json")
    assert done.returncode == 0, done.stderr
    trades = [file for file in json.loads(done.stdout)["files"] if "_trade" in file["file"]]
    assert sum(file["rows"] for file in trades) == 1_563_415
    return connection


@pytest.fixture(scope="module")
def truth(trial_data: Path) -> Truths:
    return Truths(trial_data)


def assert_bars(found: Mapping[str, str], wanted: Mapping[str, str], columns: Mapping[str, str]) -> None:
    for ours, theirs in columns.items():
        assert Decimal(found[ours]) == Decimal(wanted[theirs]), (ours, found, wanted)
    if "vwap" in found and "vwap" in wanted:
        assert abs(Decimal(found["vwap"]) - Decimal(wanted["vwap"])) < TOLERANCE, (found, wanted)


BAR = {
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "total_volume": "volume",
    "trade_count": "trades",
}
WINDOW = {"volume": "volume", "trade_count": "trades"}


def test_every_trade(imported: ClickHouse, truth: Truths) -> None:
    wanted = truth("trade_counts")
    found = imported.rows(
        "SELECT symbol, toString(trade_date) AS day, count() AS rows_all, sum(quantity) AS volume_all, "
        "sum(notional) * 10000 AS checksum, countIf(ohlc_eligible AND session = 'regular') AS rows_clean, "
        "sumIf(quantity, volume_eligible AND session = 'regular') AS volume_clean, "
        "uniqExact(trade_id) AS ids, countIf(side = 'UNKNOWN') AS sideless "
        "FROM flowforge.raw_trades GROUP BY symbol, trade_date ORDER BY symbol, trade_date"
    )
    assert len(found) == len(wanted) == 9
    for ours, theirs in zip(found, wanted, strict=True):
        for name in ("symbol", "day", "rows_all", "volume_all", "rows_clean", "volume_clean"):
            assert ours[name] == theirs[name]
        assert ours["checksum"] == theirs["checksum_px_i_x_size_all"]
        assert ours["ids"] == ours["sideless"] == theirs["rows_all"]


def test_every_quote(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT symbol, toString(trade_date) AS day, count() AS rows, countIf(bid > 0) AS bid_rows, "
        "countIf(ask > 0) AS ask_rows, countIf(mid_price IS NOT NULL) AS two_sided, "
        "countIf(bid IS NULL AND ask IS NULL) AS zero_both, countIf(suspicious) AS suspicious "
        "FROM flowforge.raw_quotes GROUP BY symbol, trade_date ORDER BY symbol, trade_date"
    )
    assert found == [{name: row[name] for name in found[0]} for row in truth("quote_counts")]


def test_daily_bars(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows("SELECT *, toString(day) AS date FROM metrics.daily_rollup ORDER BY symbol, day")
    wanted = truth("ohlcv_day_clean")
    assert [(row["symbol"], row["date"]) for row in found] == [(row["symbol"], row["day"]) for row in wanted]
    for ours, theirs in zip(found, wanted, strict=True):
        assert_bars(ours, theirs, BAR)


def test_hourly_bars(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT *, toString(toDate(toTimeZone(hour, 'America/New_York'))) AS date, "
        "toHour(toTimeZone(hour, 'America/New_York')) AS hour_et FROM metrics.hourly_rollup ORDER BY symbol, hour"
    )
    wanted = truth("ohlcv_hour_clean")
    assert [(row["symbol"], row["date"], str(row["hour_et"])) for row in found] == [
        (row["symbol"], row["day"], row["hour_et"]) for row in wanted
    ]
    for ours, theirs in zip(found, wanted, strict=True):
        assert_bars(ours, theirs, BAR)


def test_five_minute_vwap(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT *, formatDateTime(toTimeZone(bucket_start, 'America/New_York'), '%Y-%m-%dT%H:%i:%S') AS bucket_et "
        "FROM metrics.vwap_5min FINAL ORDER BY symbol, bucket_start"
    )
    wanted = truth("vwap_5min_clean")
    assert [(row["symbol"], row["bucket_et"]) for row in found] == [
        (row["symbol"], row["bucket_et"]) for row in wanted
    ]
    for ours, theirs in zip(found, wanted, strict=True):
        assert_bars(ours, theirs, WINDOW)


def test_importing_again_adds_nothing(imported: ClickHouse, cli, tick_files: list[Path]) -> None:
    again = cli("import", *tick_files, "--json")
    assert again.returncode == 0
    summary = json.loads(again.stdout)
    assert summary["rows"] == 0
    assert {file["state"] for file in summary["files"]} == {"present"}


def test_a_real_archive_cut_anywhere(
    imported: ClickHouse, cli, tick_files: list[Path], tmp_path: Path
) -> None:
    """Nothing of it is imported, and the message says where it ends."""
    whole = next(path for path in tick_files if path.name.endswith("_trade.zip")).read_bytes()
    sizes = [1, 30, 100, len(whole) // 3, len(whole) // 2, len(whole) - 100, len(whole) - 22, len(whole) - 1]
    paths = []
    for size in sizes:
        path = tmp_path / str(size) / "20131007_trade.zip"
        path.parent.mkdir()
        path.write_bytes(whole[:size])
        paths.append(path)
    before = imported.rows("SELECT count() AS n FROM flowforge.raw_trades")
    refused = cli("import", *paths)
    assert refused.returncode == 1
    assert refused.stderr.count("The archive ends or breaks within its") == len(sizes)
    assert "breaks off after line" in refused.stderr
    assert imported.rows("SELECT count() AS n FROM flowforge.raw_trades") == before
