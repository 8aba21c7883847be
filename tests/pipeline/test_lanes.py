"""The flows and the hot lane behind the broker: what they write is what raw says, whoever is killed meanwhile."""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis

from flowforge_local.engines import Endpoints
from flowforge_pipeline.clickhouse import ClickHouse
from pipeline.backbone import Backbone, Kept, end_all, running_backbone, wait_for

pytestmark = pytest.mark.engines

LANES = ("vwap", "volatility", "hot")
WINDOWS = "SELECT * EXCEPT (revision) FROM metrics.vwap_5min FINAL WHERE symbol = 'IBM' AND trade_count > 0 ORDER BY window_end"
ESTIMATES = "SELECT * EXCEPT (revision) FROM metrics.rolling_volatility FINAL WHERE symbol = 'IBM' ORDER BY window_end"
PATIENCE = 90


@pytest.fixture(scope="module")
def lanes(
    store: Endpoints, environment: dict[str, str], connection: ClickHouse
) -> Iterator[tuple[Backbone, dict[str, Kept]]]:
    with tempfile.TemporaryDirectory(prefix="flowforge-lanes-") as folder:
        addresses = {**environment, "FLOWFORGE_REDIS_URL": store.redis_url}
        with running_backbone(Path(folder), addresses) as backbone:
            kept = {name: Kept(backbone.command(name), Path(folder) / f"{name}.log") for name in LANES}
            try:
                yield backbone, kept
            finally:
                end_all(kept.values())


def test_windows_and_estimates_are_those_of_raw_whoever_is_killed(
    lanes: tuple[Backbone, dict[str, Kept]],
    clickhouse: ClickHouse,
    cli: Callable[..., subprocess.CompletedProcess[str]],
    empty: Callable[[], None],
    lean_file: Callable[..., Path],
    lean_lines: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    backbone, kept = lanes
    path = lean_file(lean_lines(6_000), symbol="ibm")
    assert cli("import", path).returncode == 0
    windows, estimates = clickhouse.rows(WINDOWS), clickhouse.rows(ESTIMATES)
    assert windows
    assert estimates
    empty()

    replay = backbone.start("replay", path, "--shuffle", "30", "--twice")
    for process in (kept["vwap"], backbone.processes["tansu"], kept["volatility"], kept["vwap"]):
        time.sleep(random.Random(5).uniform(0.2, 0.8))
        process.kill()
    said, _ = replay.communicate(timeout=300)
    stored = "SELECT count() AS trades FROM flowforge.raw_trades WHERE symbol = 'IBM'"
    wait_for(lambda: clickhouse.rows(stored) == [{"trades": "6000"}], PATIENCE, f"storing everything\n{said}")
    wait_for(lambda: clickhouse.rows(WINDOWS) == windows, PATIENCE, "the windows of raw")
    wait_for(lambda: clickhouse.rows(ESTIMATES) == estimates, PATIENCE, "the estimates of raw")

    _correct_and_cancel(backbone, clickhouse, windows, tmp_path)


def _correct_and_cancel(
    backbone: Backbone, clickhouse: ClickHouse, windows: list[dict[str, Any]], folder: Path
) -> None:
    """A correction of one trade and a cancellation of another change their windows and no other."""
    corrected, cancelled = (
        clickhouse.rows(
            "SELECT trade_id, toString(event_time) AS at, price, quantity FROM flowforge.raw_trades "
            f"WHERE event_time >= '{window['bucket_start']}' AND event_time < '{window['bucket_end']}' "
            "AND ohlc_eligible AND volume_eligible ORDER BY row_no LIMIT 1"
        )[0]
        for window in (windows[3], windows[7])
    )
    file = folder / "corrections.jsonl"
    lines = [
        {**_trade(corrected, "c-1"), "status": "correct", "price": str(Decimal(corrected["price"]) + 1)},
        {**_trade(cancelled, "c-2"), "status": "cancel"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert backbone.run("send", "trades", file).returncode == 0

    def shown() -> list[tuple[int, Decimal]]:
        return [(int(row["trade_count"]), Decimal(row["notional"])) for row in clickhouse.rows(WINDOWS)]

    wanted = [(int(row["trade_count"]), Decimal(row["notional"])) for row in windows]
    wanted[3] = (wanted[3][0], wanted[3][1] + Decimal(corrected["quantity"]))
    notional = Decimal(cancelled["price"]) * Decimal(cancelled["quantity"])
    wanted[7] = (wanted[7][0] - 1, wanted[7][1] - notional)
    wait_for(lambda: shown() == wanted, PATIENCE, "the corrected windows")
    for table in ("hourly_rollup", "daily_rollup"):  # the sink revises them before it goes on
        count = clickhouse.rows(f"SELECT sum(trade_count) AS n, sum(notional) AS money FROM metrics.{table} WHERE symbol = 'IBM'")  # fmt: skip
        assert [(int(row["n"]), Decimal(row["money"])) for row in count] == [
            (sum(n for n, _ in wanted), sum(money for _, money in wanted))
        ]


def _trade(original: dict[str, Any], name: str) -> dict[str, str]:
    return {
        "trade_id": name,
        "event_time": original["at"].replace(" ", "T") + "Z",
        "symbol": "IBM",
        "price": original["price"],
        "quantity": original["quantity"],
        "corrects_id": original["trade_id"],
    }


async def test_fills_become_positions_of_their_tenant(
    lanes: tuple[Backbone, dict[str, Kept]], store: Endpoints, tmp_path: Path
) -> None:
    backbone, kept = lanes
    file = tmp_path / "fills.jsonl"
    fills = [("acme", "BUY", "100", "10"), ("acme", "SELL", "100", "12"), ("other", "BUY", "7", "9")]
    orders = [
        {
            "order_id": f"o{number}", "fill_id": f"f{number}", "event_time": f"2026-01-05T15:00:0{number}Z",
            "tenant_id": tenant, "account": "lanes", "symbol": "IBM", "side": side, "quantity": quantity,
            "price": price, "status": "filled",
        }
        for number, (tenant, side, quantity, price) in enumerate(fills)
    ]  # fmt: skip
    orders.append({**orders[0], "order_id": "o9", "fill_id": "", "status": "accepted"})
    file.write_text("\n".join(map(json.dumps, orders)), encoding="utf-8")
    reader = await asyncpg.connect(store.live_dsn)
    try:
        for _ in range(2):  # sent again, it is recognised
            assert backbone.run("send", "orders", file).returncode == 0
            kept["hot"].kill()
        rows: list[tuple[Any, ...]] = []
        deadline = time.monotonic() + PATIENCE
        while len(rows) < 2 and time.monotonic() < deadline:
            found = await reader.fetch(
                "SELECT tenant_id, net_qty, realized_pnl, trade_count FROM live_positions "
                "WHERE account = 'lanes' ORDER BY tenant_id"
            )
            rows = [
                tuple(row) for row in found if row["trade_count"] == (2 if row["tenant_id"] == "acme" else 1)
            ]
    finally:
        await reader.close()
    assert rows == [("acme", 0, 200, 2), ("other", 7, 0, 1)]
    latest = redis.Redis.from_url(store.redis_url, decode_responses=True)
    wait_for(
        lambda: latest.hget("latest:position:acme:lanes:IBM", "trade_count") == "2", PATIENCE, "the look-up"
    )
    assert latest.hget("latest:position:acme:lanes:IBM", "realized_pnl") == "200.0000000000"
    assert latest.smembers("latest:position:acme") == {"lanes:IBM"}
