"""The dbt project on the real engine, by its own command: green again and again, and right about late rows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowforge_local.paths import ROOT
from flowforge_local.tools.environment import tool_environment
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.hot.positions import Fill, fold
from flowforge_pipeline.marts.run import difference

Dbt = Callable[..., "subprocess.CompletedProcess[str]"]
Event = tuple[str, dict[str, Any]]

FILLS = """
    ('o1', '{day} 15:00:00', 'firm-alpha', 'main', 'ABC', 'BUY', 100, 10, 'filled', 'f1', 1, 'XNAS', 1, '{day}'),
    ('o2', '{day} 15:00:01', 'firm-alpha', 'main', 'ABC', 'SELL', 100, 12, 'filled', 'f2', 1, 'XNAS', 2, '{day}'),
    ('o3', '{day} 15:00:02', 'firm-beta', 'main', 'ABC', 'BUY', 30, 10.01, 'partially_filled', 'f3', 0, 'ZZZZ', 3, '{day}'),
    ('o3', '{day} 15:00:03', 'firm-beta', 'main', 'ABC', 'SELL', 50, 10.07, 'filled', 'f4', 0, 'XNAS', 4, '{day}'),
    ('o3', '{day} 15:00:03', 'firm-beta', 'main', 'ABC', 'SELL', 50, 10.07, 'filled', 'f4', 0, 'XNAS', 4, '{day}'),
    ('o4', '{day} 15:00:04', 'firm-beta', 'main', 'ABC', 'BUY', 7, NULL, 'new', '', 0, 'XNAS', 5, '{day}')
"""


def insert_fills(clickhouse: ClickHouse, rows: str) -> None:
    clickhouse.execute(
        "INSERT INTO flowforge.raw_orders (order_id, event_time, tenant_id, account, symbol, side, quantity, price, "
        f"status, fill_id, fee, venue, sequence, trade_date) VALUES {rows}"
    )


@pytest.fixture(scope="module")
def broker() -> Iterator[tuple[str, list[Event]]]:
    """An address that takes events, and what it took."""
    taken: list[Event] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.headers["ce-type"], json.loads(body)))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/flowforge/default", taken
        server.shutdown()


def tool(name: str) -> Path:
    """An environment as the commands make it: one that cannot be made is a failure, since nothing here could run."""
    return tool_environment(name, ROOT / "pipeline" / name / "requirements.lock")


@pytest.fixture(scope="module")
def cold(
    environment: dict[str, str],
    broker: tuple[str, list[Event]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """Variables of a process that runs dbt."""
    return {
        **environment,
        "K_SINK": broker[0],
        "FLOWFORGE_DBT": str(tool("dbt") / "bin" / "dbt"),
        "FLOWFORGE_DBT_STATE": str(tmp_path_factory.mktemp("dbt")),
    }


@pytest.fixture
def dbt(cold: dict[str, str]) -> Dbt:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flowforge_pipeline", "dbt", *arguments]
        done = subprocess.run(command, env=cold, capture_output=True, text=True, check=False, timeout=900)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
        return done

    return run


@pytest.fixture
def delivered(
    cli, clickhouse: ClickHouse, lean_file: Callable[..., Path], lean_lines: Callable[..., list[str]]
) -> ClickHouse:
    """Two days of a symbol that no reference data knows, and fills of two tenants."""
    files = [lean_file(lean_lines(800, 1), symbol="abc"), lean_file(lean_lines(600, 2), symbol="abc", day="20131008")]  # fmt: skip
    assert cli("import", *files).returncode == 0
    clickhouse.execute("TRUNCATE TABLE flowforge.raw_orders")
    # The marts keep trades that were delivered once, which raw does not lose but here.
    for row in clickhouse.rows("SELECT name FROM system.tables WHERE database = 'marts'"):
        clickhouse.execute(f"DROP TABLE marts.{row['name']}")
    insert_fills(clickhouse, FILLS.format(day="2013-10-07"))
    return clickhouse


def pnl(clickhouse: ClickHouse, tenant: str) -> list[dict[str, str]]:
    return clickhouse.rows(
        "SELECT toString(trade_date) AS day, realized_pnl, unrealized_pnl, net_qty, average_cost, fees, trade_count, mark "
        f"FROM marts.rpt_daily_pnl WHERE tenant_id = '{tenant}' ORDER BY trade_date"
    )


@pytest.mark.slow
def test_the_marts(delivered: ClickHouse, dbt: Dbt, broker: tuple[str, list[Event]]) -> None:
    dbt("build", "--full-refresh")
    (alpha,) = pnl(delivered, "firm-alpha")
    assert (alpha["realized_pnl"], alpha["net_qty"], alpha["fees"]) == ("200", "0", "2")
    assert Decimal(alpha["unrealized_pnl"]) == 0
    first, second = pnl(delivered, "firm-beta")
    position = fold([Fill.of("BUY", "30", "10.01"), Fill.of("SELL", "50", "10.07")])
    assert position is not None
    assert Decimal(first["realized_pnl"]) == position.realized_pnl
    assert Decimal(first["net_qty"]) == position.net_qty == -20
    assert Decimal(first["average_cost"]) == position.average_cost
    assert (second["trade_count"], second["realized_pnl"]) == ("0", "0")
    assert Decimal(second["unrealized_pnl"]) == -20 * (Decimal(second["mark"]) - position.average_cost)
    (counted,) = delivered.rows("SELECT count() AS n, sum(notional) AS money FROM marts.fct_trades")
    assert [counted] == delivered.rows(
        "SELECT count() AS n, sum(notional) AS money FROM flowforge.raw_trades"
    )
    assert delivered.rows("SELECT symbol, is_known FROM marts.dim_instruments WHERE symbol = 'ABC'") == [
        {"symbol": "ABC", "is_known": False}
    ]
    matched = delivered.rows(
        "SELECT fill_id, is_matched, counterparty_id, toString(settles_on) AS settles_on "
        "FROM staging.int_clearing_matched ORDER BY fill_id"
    )
    assert [row["fill_id"] for row in matched] == ["f1", "f2", "f3", "f4"]
    assert not matched[2]["is_matched"]
    events = broker[1]
    assert {data["database"] for kind, data in events if kind == "flowforge.schema.changed.v1"} == {"marts"}
    changed = {data["table"]: data for kind, data in events if kind == "flowforge.data.changed.v1"}
    assert changed.keys() == {"marts.fct_trades", "marts.dim_instruments", "marts.rpt_daily_pnl"}
    assert changed["marts.fct_trades"]["symbols"] == ["ABC"]

    events.clear()
    delivered.execute(  # a late print of the first day, and a cancelled one of the second
        "INSERT INTO flowforge.raw_trades SELECT * REPLACE ('late' AS trade_id, now64(3) AS ingest_time) "
        "FROM (SELECT * FROM flowforge.raw_trades WHERE trade_date = '2013-10-07' LIMIT 1)"
    )
    delivered.execute(
        "INSERT INTO flowforge.raw_trades SELECT * REPLACE ('gone' AS trade_id, now64(3) AS ingest_time, "
        "'cancel' AS status, trade_id AS corrects_id) "
        "FROM (SELECT * FROM flowforge.raw_trades WHERE trade_date = '2013-10-08' AND row_no = 1)"
    )
    insert_fills(
        delivered,
        "('o0', '2013-10-07 14:00:00', 'firm-alpha', 'main', 'ABC', 'BUY', 100, 8, 'filled', 'f0', 0, 'XNAS', 0, '2013-10-07')",
    )
    dbt("build")
    by_day = delivered.rows("SELECT toString(trade_date) AS day, count() AS n FROM marts.fct_trades GROUP BY day ORDER BY day")  # fmt: skip
    assert by_day == [{"day": "2013-10-07", "n": "801"}, {"day": "2013-10-08", "n": "599"}]
    # The late fill comes before the others: bought 200 at 9 on average, sold 100 at 12.
    late = pnl(delivered, "firm-alpha")[0]
    assert (late["realized_pnl"], late["net_qty"], late["average_cost"]) == ("300", "100", "9")
    assert not [kind for kind, _ in events if kind == "flowforge.schema.changed.v1"]
    # The first day's late print moved to a third day, and the second day cancelled as a whole.
    delivered.execute(
        "INSERT INTO flowforge.raw_trades SELECT * REPLACE ('moved' AS trade_id, now64(3) AS ingest_time, "
        "'correct' AS status, 'late' AS corrects_id, toDate('2013-10-09') AS trade_date, "
        "event_time + INTERVAL 2 DAY AS event_time) FROM (SELECT * FROM flowforge.raw_trades WHERE trade_id = 'late')"
    )
    delivered.execute(
        "INSERT INTO flowforge.raw_trades SELECT * REPLACE ('gone-' || trade_id AS trade_id, now64(3) AS ingest_time, "
        "'cancel' AS status, trade_id AS corrects_id) "
        "FROM (SELECT * FROM flowforge.raw_trades WHERE trade_date = '2013-10-08' AND status = 'new')"
    )
    dbt("build")
    by_day = delivered.rows("SELECT toString(trade_date) AS day, count() AS n FROM marts.fct_trades GROUP BY day ORDER BY day")  # fmt: skip
    assert by_day == [{"day": "2013-10-07", "n": "800"}, {"day": "2013-10-09", "n": "1"}]
    whole = {table: delivered.rows(f"SELECT * FROM marts.{table} ORDER BY ALL") for table in ("fct_trades", "rpt_daily_pnl")}  # fmt: skip
    dbt("seed")
    dbt("build", "--full-refresh")
    assert whole == {table: delivered.rows(f"SELECT * FROM marts.{table} ORDER BY ALL") for table in whole}
    dbt("test")


PARSED = """
import sys, warnings
import airflow.providers.standard.operators.bash, airflow.sdk
warnings.simplefilter("error")
sys.path.insert(0, sys.argv[1])
from cold_lane import dag
print(*dag.task_ids)
"""
"""The DAG's file alone: what Airflow's own modules warn of while they are imported is not ours."""


@pytest.mark.slow
def test_the_schedule(
    delivered: ClickHouse, cold: dict[str, str], broker: tuple[str, list[Event]], tmp_path: Path
) -> None:
    """The DAG parses without a warning; ``airflow dags test`` runs every task of it in Airflow's own environment."""
    airflow = tool("airflow") / "bin"
    dags = str(ROOT / "pipeline" / "airflow" / "dags")
    variables = {
        **cold,
        "PATH": f"{airflow}:{cold['PATH']}",
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": dags,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "FLOWFORGE_PYTHON": sys.executable,
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [str(airflow / command[0]), *command[1:]],
            env=variables, capture_output=True, text=True, check=False, timeout=1800,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 0, said[-6000:]
        return said

    assert run("python", "-c", PARSED, dags).split() == [
        "source_freshness",
        "dbt_seed",
        "dbt_run",
        "dbt_test",
    ]
    run("airflow", "db", "migrate")
    broker[1].clear()
    said = run("airflow", "dags", "test", "cold_lane", "2024-01-01")
    assert re.search(r"DagRun Finished: dag_id=cold_lane,.* state=success,", said), said[-6000:]
    assert delivered.rows("SELECT count() AS n FROM marts.fct_trades") == [{"n": "1400"}]
    assert "marts.fct_trades" in {
        data.get("table") for kind, data in broker[1] if kind == "flowforge.data.changed.v1"
    }


def test_a_failed_job_is_told(broker: tuple[str, list[Event]]) -> None:
    """As the schedule's callbacks tell it."""
    broker[1].clear()
    words = ["--job", "cold_lane", "--run", "manual", "--task", "dbt_test", "--reason", "1 test failed"]
    command = [sys.executable, "-m", "flowforge_pipeline", "failed", *words]
    subprocess.run(command, env={**os.environ, "K_SINK": broker[0]}, check=True, timeout=60)
    assert broker[1] == [
        (
            "flowforge.pipeline.failed.v1",
            {"job": "cold_lane", "run": "manual", "task": "dbt_test", "reason": "1 test failed"},
        )
    ]


def test_what_changed_in_a_schema() -> None:
    before = {"kept": {"a": "Int64", "b": "String", "c": "Date"}, "gone": {"x": "Int64"}}
    after = {"kept": {"a": "Int64", "b": "Int64", "d": "Date"}, "new": {"y": "Int64", "z": "Int64"}}
    assert difference(before, after) == {
        "added": ("kept.d", "new"),
        "removed": ("gone", "kept.c"),
        "altered": ("kept.b",),
    }
    assert not any(difference(before, before).values())
