"""An import that is repeated, raced or killed at any moment leaves every row exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowforge_pipeline.clickhouse import ClickHouse

ROWS = 30_000
TOTALS = """
    SELECT (SELECT count() FROM flowforge.raw_trades) AS trades,
        (SELECT uniqExact(row_no) FROM flowforge.raw_trades) AS distinct_rows,
        (SELECT sum(notional) FROM flowforge.raw_trades) AS notional,
        (SELECT sum(trade_count) FROM metrics.trades_5min) AS minutes,
        (SELECT sum(trade_count) FROM metrics.hourly_rollup) AS hourly,
        (SELECT sum(trade_count) FROM metrics.daily_rollup) AS daily,
        (SELECT sum(notional) FROM metrics.daily_rollup) AS daily_notional,
        (SELECT sum(trade_count) FROM metrics.vwap_5min FINAL) AS vwap
"""


@pytest.fixture
def large(csv_file: Callable[..., Path]) -> Path:
    """A second apart through regular sessions and nights of a symbol without calendar."""
    lines = (f"DUR,{1704294000 + row},{100 + row % 7}.{row % 100:02},{row % 50}" for row in range(ROWS))
    return csv_file("symbol,time,price,size", *lines)


@pytest.fixture
def expected() -> dict[str, str]:
    """The totals once all rows are there, by integers of a millionth."""
    cents = sum((100 * (100 + row % 7) + row % 100) * (row % 50) for row in range(ROWS))
    notional = f"{cents // 100}.{cents % 100:02}".rstrip("0").rstrip(".")
    counts = dict.fromkeys(("trades", "distinct_rows", "minutes", "hourly", "daily", "vwap"), str(ROWS))
    return {**counts, "notional": notional, "daily_notional": notional}


def test_again(cli, clickhouse: ClickHouse, large: Path, expected: dict[str, str]) -> None:
    assert cli("import", large).returncode == 0
    again = cli("import", large, large)
    assert again.returncode == 0
    assert again.stdout.count("already imported, 30,000 rows; nothing added") == 2
    assert clickhouse.rows(TOTALS) == [expected]


def test_twice_on_one_command_line_and_under_another_name(cli, clickhouse, large: Path, expected) -> None:
    copy = large.with_name("copy.csv")
    copy.write_bytes(large.read_bytes())
    done = cli("import", large, large, copy)
    assert done.returncode == 0
    assert done.stdout.count("already imported") == 2
    assert clickhouse.rows(TOTALS) == [expected]


def test_two_imports_at_once(cli, clickhouse: ClickHouse, large: Path, expected: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: cli("import", large, "--block-rows", 3000), range(2)))
    assert [done.returncode for done in both] == [0, 0]
    assert clickhouse.rows(TOTALS) == [expected]


def test_other_options_are_refused(
    cli, clickhouse: ClickHouse, large: Path, expected: dict[str, str]
) -> None:
    assert cli("import", large).returncode == 0
    refused = cli("import", large, "--symbol", "ELSE")
    assert refused.returncode == 1
    assert "imported into flowforge.raw_trades with other options before: none." in refused.stderr
    assert clickhouse.rows(TOTALS) == [expected]


@pytest.mark.parametrize("stop_after", [0, 5_000, 20_000])
def test_killed_in_the_middle(
    cli,
    clickhouse: ClickHouse,
    environment: dict[str, str],
    large: Path,
    expected: dict[str, str],
    stop_after: int,
) -> None:
    command = [sys.executable, "-m", "flowforge_pipeline", "import", str(large), "--block-rows", "750"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    watched = "flowforge.raw_trades" if stop_after else "flowforge.imports"
    deadline = time.monotonic() + 60
    while int(clickhouse.rows(f"SELECT count() AS n FROM {watched}")[0]["n"]) < max(1, stop_after):
        assert process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < deadline
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert cli("import", large).returncode == 0, "goes on with the blocks that were begun"
    assert clickhouse.rows(TOTALS) == [expected]
    assert "already imported" in cli("import", large).stdout


def test_a_block_whose_views_were_not_written_is_completed(cli, clickhouse, large: Path, expected) -> None:
    """As after a crash of the engine between a block and the views that depend on it."""
    assert cli("import", large, "--block-rows", 5_000).returncode == 0
    clickhouse.execute("TRUNCATE TABLE metrics.trades_5min")
    clickhouse.execute("TRUNCATE TABLE metrics.hourly_rollup_state")
    clickhouse.execute("TRUNCATE TABLE metrics.daily_rollup_state")
    clickhouse.execute("ALTER TABLE flowforge.imports DELETE WHERE state = 'finished'", {"mutations_sync": 2})
    assert cli("import", large).returncode == 0
    assert clickhouse.rows(TOTALS) == [expected]
