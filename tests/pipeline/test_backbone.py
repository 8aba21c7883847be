"""Files through broker, normaliser and sink: every message once, whoever is killed, and each one counted."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flowforge_local.engines import Endpoints
from flowforge_pipeline.broker import Outgoing, Producer
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.messages import encode, instant_text
from pipeline.backbone import Backbone, running_backbone, wait_for

pytestmark = pytest.mark.engines

BARS = (
    "SELECT hour, open, high, low, close, total_volume, trade_count, notional FROM metrics.hourly_rollup "
    "WHERE symbol = 'IBM' ORDER BY hour"
)
DAYS = "SELECT day, open, high, low, close, total_volume, trade_count FROM metrics.daily_rollup WHERE symbol = 'IBM'"
TRADES = "SELECT * EXCEPT (ingest_time) FROM flowforge.raw_trades WHERE symbol = 'IBM' ORDER BY row_no"

BAR = ("open", "high", "low", "close", "volume", "trades")
TRUTH = {
    "ohlcv_hour_clean.csv": "SELECT open, high, low, close, total_volume AS volume, trade_count AS trades "
    "FROM metrics.hourly_rollup WHERE symbol = 'IBM' ORDER BY hour",
    "ohlcv_day_clean.csv": "SELECT open, high, low, close, total_volume AS volume, trade_count AS trades "
    "FROM metrics.daily_rollup WHERE symbol = 'IBM' ORDER BY day",
}
"""Computed by another engine; its rows are in order of time, too."""


@pytest.fixture(scope="module")
def backbone(store: Endpoints, environment: dict[str, str], connection: ClickHouse) -> Iterator[Backbone]:
    with tempfile.TemporaryDirectory(prefix="flowforge-backbone-") as folder:
        addresses = {**environment, "FLOWFORGE_REDIS_URL": store.redis_url}
        with running_backbone(Path(folder), addresses) as made:
            yield made


@pytest.fixture
def counts(backbone: Backbone) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        answer = backbone.run("counts", "--json")
        assert answer.returncode == 0, answer.stderr
        found = json.loads(answer.stdout)
        total = found["total"]
        parts = ("normalised", "quarantined", "duplicates", "waiting")
        assert total["produced"] == sum(total[name] for name in parts)
        return {topic["topic"]: topic for topic in found["topics"]}

    return ask


def test_killed_processes_change_nothing(
    backbone: Backbone,
    clickhouse: ClickHouse,
    cli: Callable[..., subprocess.CompletedProcess[str]],
    empty: Callable[[], None],
    lean_file: Callable[..., Path],
    lean_lines: Callable[..., list[str]],
    counts: Callable[[], dict[str, Any]],
) -> None:
    path = lean_file(lean_lines(8_000), symbol="ibm")
    assert cli("import", path).returncode == 0
    wanted = [clickhouse.rows(question) for question in (TRADES, BARS, DAYS)]
    empty()

    replay = backbone.start("replay", path, "--shuffle", "30", "--twice")
    for name in ("normalise", "tansu", "sink"):
        before = stored(clickhouse)
        wait_for(
            lambda before=before: stored(clickhouse) > before or replay.poll() is not None, 60, "progress"
        )
        backbone.processes[name].kill()
    said, _ = replay.communicate(timeout=120)
    assert replay.returncode == 0, said
    assert [clickhouse.rows(question) for question in (TRADES, BARS, DAYS)] == wanted

    again = backbone.run("replay", path)
    assert again.returncode == 0, again.stdout + again.stderr
    assert [clickhouse.rows(question) for question in (TRADES, BARS, DAYS)] == wanted
    found = counts()["raw.trades"]
    assert found["normalised"] == 8_000
    assert found["duplicates"] >= 16_000
    refused = cli("import", path)
    assert refused.returncode == 1
    assert "replayed" in refused.stderr


def test_broken_messages_are_put_aside_and_counted(
    backbone: Backbone, clickhouse: ClickHouse, counts: Callable[[], dict[str, Any]]
) -> None:
    now = time.time_ns()
    at = instant_text(now)

    def order(number: int, **changes: Any) -> bytes:
        payload = {
            "order_id": f"o{number}", "event_time": at, "tenant_id": "demo", "account": "main", "symbol": "IBM",
            "side": "BUY", "quantity": "10", "price": "185.10", "status": "filled", "fill_id": f"f{number}",
        }  # fmt: skip
        return encode(f"orders-{now}:{number}", at, at, "test", "demo/main/IBM", {**payload, **changes})

    values = [order(number) for number in range(50)]
    values += [order(3), order(3), b"{", b"", b"\xff", order(60, price="-1"), order(61, fill_id=None)]
    values += [order(62).replace(b'"schema_version":1', b'"schema_version":9')]
    values += [order(63).replace(b"IBM", b"ZZZZ"), order(64).replace(at.encode(), b"2199-01-01T00:00:00Z")]
    before = counts()["raw.orders"]
    with Producer(backbone.environment["FLOWFORGE_BROKERS"]) as producer:
        producer.send("raw.orders", [Outgoing(b"demo/main/IBM", value) for value in values])
    wait_for(lambda: fills(clickhouse) == 50, 30, "storing of the orders")

    after = counts()["raw.orders"]
    parts = {
        name: after[name] - before[name] for name in ("produced", "normalised", "quarantined", "duplicates")
    }
    assert parts == {"produced": len(values), "normalised": 50, "quarantined": 8, "duplicates": 2}
    reasons = {name: count - before["reasons"].get(name, 0) for name, count in after["reasons"].items()}
    assert reasons == {
        "bad_json": 3, "negative_price": 1, "missing_field": 1, "wrong_schema_version": 1, "unknown_symbol": 1,
        "future_time": 1,
    }  # fmt: skip
    shown = backbone.run("quarantine", "--json", "--last", "100").stdout
    records = [json.loads(line) for line in shown.splitlines()]
    seen = {record["reason"] for record in records if record["topic"] == "raw.orders"}
    assert seen == {*reasons, "duplicate_id"}
    assert fills(clickhouse) == 50


def stored(clickhouse: ClickHouse) -> int:
    return int(clickhouse.rows("SELECT count() AS n FROM flowforge.raw_trades")[0]["n"])


def fills(clickhouse: ClickHouse) -> int:
    question = "SELECT uniqExact(fill_id) AS n, count() AS all FROM flowforge.raw_orders"
    found = clickhouse.rows(question)[0]
    assert found["n"] == found["all"]
    return int(found["n"])


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_real_ticks_through_a_hail_of_kills(
    backbone: Backbone, clickhouse: ClickHouse, trial_data: Path, seed: int
) -> None:
    """Producer, broker, normaliser and sink die at random points; the files arrive all the same."""
    generator = random.Random(seed)
    paths = sorted((trial_data / "lean/equity/usa/tick/ibm").glob("*_trade.zip"))
    arguments = ["replay", *paths, *(["--shuffle", "60"] if seed % 2 else [])]
    replay = backbone.start(*arguments)
    for _ in range(12):
        time.sleep(generator.uniform(0.2, 3.0))
        victim = generator.choice(["tansu", "normalise", "sink", "replay"])
        if victim != "replay":
            backbone.processes[victim].kill()
        elif replay.poll() is None:
            replay.kill()
            replay.wait()
            replay = backbone.start(*arguments)
    said, _ = replay.communicate(timeout=300)
    assert replay.returncode == 0, said
    found = clickhouse.rows("SELECT count() AS n, uniqExact(trade_id) AS ids FROM flowforge.raw_trades")[0]
    assert (int(found["n"]), int(found["ids"])) == (84_716, 84_716)
    for file, question in TRUTH.items():
        with (trial_data / "truth" / file).open(encoding="utf-8") as lines:
            wanted = [row for row in csv.DictReader(lines) if row["symbol"] == "IBM"]
        stored_rows = clickhouse.rows(question)
        assert len(stored_rows) == len(wanted) > 0
        for got, row in zip(stored_rows, wanted, strict=True):
            assert {name: Decimal(str(got[name])) for name in BAR} == {
                name: Decimal(row[name]) for name in BAR
            }
