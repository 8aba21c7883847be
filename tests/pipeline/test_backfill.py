"""Backfill: what is missing or wrong is as raw has it again; corrections hold; a repetition changes nothing."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flowforge_pipeline.backfill.command import run
from flowforge_pipeline.backfill.replace import beside, sweep
from flowforge_pipeline.backfill.run import Request, backfill
from flowforge_pipeline.backfill.window import parse
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.problems import PipelineError

DAY = ("--from", "2013-10-07", "--to", "2013-10-07", "--reason", "a test")
TABLES = ("vwap_5min", "trades_5min", "hourly_rollup", "daily_rollup", "rolling_volatility")

SHOWN = {
    "vwap_5min": "SELECT symbol, window_end, vwap, volume, trade_count, high, low FROM metrics.vwap_5min FINAL WHERE trade_count > 0",
    "trades_5min": "SELECT * FROM metrics.trades_5min FINAL",
    "hourly_rollup": "SELECT * FROM metrics.hourly_rollup",
    "daily_rollup": "SELECT * FROM metrics.daily_rollup",
}


def rows(clickhouse: ClickHouse, table: str) -> list[dict[str, str]]:
    return sorted(clickhouse.rows(SHOWN[table]), key=repr)


@pytest.fixture
def traded(
    cli, clickhouse: ClickHouse, lean_file: Callable[..., Path], lean_lines: Callable[..., list[str]]
) -> ClickHouse:
    """A day of two symbols and the day after of one, which no backfill here may touch."""
    files = [
        lean_file(lean_lines(3000, 1), symbol="abc"),
        lean_file(lean_lines(2000, 2), symbol="xyz"),
        lean_file(lean_lines(500, 3), symbol="abc", day="20131008"),
    ]
    assert cli("import", *files).returncode == 0
    clickhouse.execute("TRUNCATE TABLE flowforge.backfills")
    clickhouse.execute("TRUNCATE TABLE metrics.rolling_volatility")
    return clickhouse


def test_damage_is_repaired_and_repeating_changes_nothing(cli, traded: ClickHouse) -> None:
    whole = {table: rows(traded, table) for table in SHOWN}
    traded.execute(
        "ALTER TABLE metrics.hourly_rollup_state DELETE WHERE symbol = 'ABC' AND hour = '2013-10-07 15:00:00'",
        {"mutations_sync": 2},
    )
    traded.execute(
        "INSERT INTO metrics.daily_rollup_state SELECT * FROM metrics.daily_rollup_state WHERE day = '2013-10-07'",
        {"insert_deduplicate": 0},
    )
    traded.execute(
        "ALTER TABLE metrics.trades_5min DELETE WHERE symbol = 'XYZ' AND session = 'regular' AND trade_date = '2013-10-07'",
        {"mutations_sync": 2},
    )
    traded.execute("ALTER TABLE metrics.vwap_5min DELETE WHERE window_end < '2013-10-08' AND symbol = 'ABC'", {"mutations_sync": 2})  # fmt: skip
    damaged = {table: rows(traded, table) for table in SHOWN}
    assert all(damaged[table] != whole[table] for table in SHOWN)
    for table in SHOWN:
        request = Request(table, parse("2013-10-07", "2013-10-07"), "a test")
        dry = backfill(traded, replace(request, dry=True))
        assert dry.changed
        assert rows(traded, table) == damaged[table]
        said = backfill(traded, request)
        assert said.changed
        assert said.after == said.raw == dry.after
        assert rows(traded, table) == whole[table]
        again = backfill(traded, request)
        assert (again.changed, again.before) == (False, said.after)
        assert rows(traded, table) == whole[table]
    log = traded.rows(
        "SELECT table_name, state, reason, code_version, schema_version, raw_rows, checksum_after = checksum_raw AS equal "
        "FROM flowforge.backfills ORDER BY at, state"
    )
    assert [line["state"] for line in log] == ["started", "finished"] * 2 * len(SHOWN)
    assert {line["reason"] for line in log} == {"a test"}
    assert all(
        line["code_version"] and line["schema_version"] and int(line["raw_rows"]) == 5000 for line in log
    )
    assert not traded.rows("SELECT name FROM system.tables WHERE name LIKE '_backfill%'")


def test_corrected_and_cancelled_trades_hold(cli, traded: ClickHouse) -> None:
    """One print of ABC cancelled, one corrected to the day's highest price."""
    picked = traded.rows(
        "SELECT trade_id, quantity FROM flowforge.raw_trades WHERE symbol = 'ABC' AND trade_date = '2013-10-07' "
        "AND volume_eligible AND session = 'regular' AND quantity > 0 ORDER BY row_no LIMIT 2"
    )
    for place, (each, status, price) in enumerate(
        zip(picked, ("cancel", "correct"), ("price", "99"), strict=True)
    ):
        traded.execute(
            f"INSERT INTO flowforge.raw_trades SELECT * REPLACE ('new{place}' AS trade_id, '{status}' AS status, "
            f"'{each['trade_id']}' AS corrects_id, toDecimal64({price}, 6) AS price, now64(3) AS ingest_time, "
            f"toDecimal128(toDecimal64({price}, 6), 6) * toDecimal128(quantity, 4) AS notional) "
            f"FROM (SELECT * FROM flowforge.raw_trades WHERE trade_id = '{each['trade_id']}')"
        )
    before = traded.rows("SELECT * FROM metrics.daily_rollup WHERE symbol = 'ABC' AND day = '2013-10-07'")[0]
    for table in TABLES[:-1]:
        backfill(traded, Request(table, parse("2013-10-07", "2013-10-07"), "a correction", ("ABC",)))
    done = cli("backfill", "--table", TABLES[-1], *DAY, "--symbols", "ABC", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["symbols"] == ["ABC"]
    after = traded.rows("SELECT * FROM metrics.daily_rollup WHERE symbol = 'ABC' AND day = '2013-10-07'")[0]
    assert int(after["trade_count"]) == int(before["trade_count"]) - 1
    assert float(after["total_volume"]) == float(before["total_volume"]) - float(picked[0]["quantity"])
    assert after["high"] == "99"
    assert float(traded.rows("SELECT max(high) AS high FROM metrics.vwap_5min FINAL")[0]["high"]) == 99
    assert float(traded.rows("SELECT max(high) AS high FROM metrics.hourly_rollup")[0]["high"]) == 99
    volatility = traded.rows(
        "SELECT count() AS n, countIf(volatility_1h > 0) AS known FROM metrics.rolling_volatility FINAL"
    )[0]
    assert int(volatility["n"]) > 300
    assert int(volatility["known"]) > 200


def test_wrong_words_are_refused(clickhouse: ClickHouse) -> None:
    def options(**given: object) -> argparse.Namespace:
        right = {
            "table": "vwap_5min",
            "start": "2013-10-07",
            "end": "2013-10-07",
            "reason": "x",
            "symbols": "",
        }
        return argparse.Namespace(**{**right, "dry_run": True, "json": False, **given})

    with pytest.raises(PipelineError, match="cannot be recomputed"):
        run(clickhouse, options(table="flowforge.raw_trades"))
    with pytest.raises(PipelineError, match="is not a time"):
        run(clickhouse, options(start="yesterday"))
    with pytest.raises(PipelineError, match="is empty"):
        run(clickhouse, options(start="2013-10-08"))
    with pytest.raises(PipelineError, match="--reason is empty"):
        run(clickhouse, options(reason="  "))
    with pytest.raises(PipelineError, match="has the symbol ZZZZ, ZZZZZ"):
        run(clickhouse, options(symbols="ZZZZ,ZZZZZ"))


def test_what_a_killed_run_left_is_swept(clickhouse: ClickHouse) -> None:
    left = "SELECT name FROM system.tables WHERE database = 'metrics' AND startsWith(name, '_backfill_')"
    with beside(clickhouse, "metrics.trades_5min"), beside(clickhouse, "metrics.trades_5min"):
        assert len(clickhouse.rows(left)) == 2  # the second one leaves the first, which may be at work
        sweep(clickhouse, "metrics", older_than=timedelta(0))
        assert clickhouse.rows(left) == []


def test_killed_between_taking_away_and_putting_back(environment: dict[str, str], traded: ClickHouse) -> None:
    """The engine holds back what takes rows away until the process is dead: they go, and nothing comes in their place."""
    table, physical = "hourly_rollup", "metrics.hourly_rollup_state"
    whole = rows(traded, table)
    traded.execute(f"SYSTEM STOP MERGES {physical}")
    command = [sys.executable, "-m", "flowforge_pipeline", "backfill", "--table", table, *DAY]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        pending = (
            "SELECT count() AS n FROM system.mutations WHERE NOT is_done "
            f"AND concat(database, '.', table) = '{physical}'"
        )
        try:
            while traded.rows(pending) == [{"n": "0"}]:
                assert process.poll() is None, "it went on without taking anything away"
                time.sleep(0.01)
            assert rows(traded, table) == whole
        finally:
            process.kill()
    traded.execute(f"SYSTEM START MERGES {physical}")
    while traded.rows(pending) != [{"n": "0"}]:
        time.sleep(0.01)
    left = rows(traded, table)
    assert left
    assert left == [row for row in whole if "2013-10-08" in repr(row)], "the other day is as it was"
    again = backfill(traded, Request(table, parse("2013-10-07", "2013-10-07"), "killed before"))
    assert again.changed
    assert rows(traded, table) == whole
    log = traded.rows("SELECT state FROM flowforge.backfills ORDER BY at, state")
    assert [line["state"] for line in log] == ["started", "started", "finished"]
    sweep(traded, "metrics", older_than=timedelta(0))


def test_a_day_as_end_is_included() -> None:
    assert str(parse("2024-01-03", "2024-01-03")) == "2024-01-03T00:00:00Z to 2024-01-04T00:00:00Z"
    assert (
        str(parse("2024-01-03T09:30-05:00", "2024-01-03T15:00Z"))
        == "2024-01-03T14:30:00Z to 2024-01-03T15:00:00Z"
    )
    with pytest.raises(PipelineError, match="before 1970"):
        parse("1969-12-31", "1970-01-02")


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2013-10-07", "9999-12-31", "no data from 2262 on"),
        ("2999-01-01", "2999-01-02", "no data from 2262 on"),
        ("0001-01-01T00:00+14:00", "2013-10-07", "is not a time"),
        ("2013-10-07T14:00Z", "2013-10-07T14:00Z", "is empty"),
    ],
)
def test_windows_that_cannot_be(start: str, end: str, message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        parse(start, end)
