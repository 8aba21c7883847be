"""The engine itself dies in the middle of an import: what was acknowledged stays, nothing doubles."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flowforge_local.engines import endpoints
from flowforge_local.engines.testing import running_engines, start
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.problems import PipelineError

ROWS = 20_000
COUNTS = (
    "SELECT (SELECT count() FROM flowforge.raw_trades) AS raw, (SELECT sum(trade_count) FROM metrics.hourly_rollup) "
    "AS hourly, (SELECT sum(trade_count) FROM metrics.daily_rollup) AS daily, "
    "(SELECT sum(trade_count) FROM metrics.vwap_5min FINAL) AS vwap"
)


@pytest.mark.slow
@pytest.mark.parametrize("kill_after", [500, 7_000, 15_000])
def test_killed_engine(pipeline_home: Path, csv_file: Callable[..., Path], kill_after: int) -> None:
    path = csv_file(
        "symbol,time,price,size", *(f"DUR,{1704294000 + n},{100 + n % 7},{n % 50}" for n in range(ROWS))
    )
    engines = start(pipeline_home)
    try:
        url = endpoints(pipeline_home).clickhouse_admin_url
        command = [sys.executable, "-m", "flowforge_pipeline", "import", str(path)]
        importing = subprocess.Popen(
            [*command, "--block-rows", "200"], env=_environment(url), stderr=subprocess.PIPE, text=True
        )
        while _count(ClickHouse(url)) < kill_after:
            assert importing.poll() is None
            time.sleep(0.01)
        engines["clickhouse"].process.kill()
        _, said = importing.communicate(timeout=60)
    finally:
        for engine in engines.values():
            engine.stop()
    assert importing.returncode == 1
    assert "ClickHouse at 127.0.0.1" in said
    assert "Traceback" not in said

    with running_engines(pipeline_home) as addresses:
        url = addresses.clickhouse_admin_url
        again = subprocess.run(command, env=_environment(url), check=False, capture_output=True, text=True)
        assert again.returncode == 0, again.stderr
        assert ClickHouse(url).rows(COUNTS) == [dict.fromkeys(("raw", "hourly", "daily", "vwap"), str(ROWS))]


def _environment(url: str) -> dict[str, str]:
    return {**os.environ, "FLOWFORGE_CLICKHOUSE_ADMIN_URL": url}


def _count(clickhouse: ClickHouse) -> int:
    try:
        return int(clickhouse.rows("SELECT count() AS n FROM flowforge.raw_trades")[0]["n"])
    except PipelineError:  # no table yet
        return 0
