"""Real ticks: the same bytes with and without the rollup, and hourly bars of the truth from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from flowforge.catalog import Catalog
from flowforge_local.engines import Endpoints
from flowforge_pipeline.clickhouse import ClickHouse
from pipeline.truths import Truths

from .answers import Step, application, compiled, lines

pytestmark = pytest.mark.data

CLEAN: Step = (
    "filter",
    {
        "filters": [
            {"column": "ohlc_eligible", "operator": "=", "value": True},
            {"column": "session", "operator": "=", "value": "regular"},
        ]
    },
)


def bars(*keys: str) -> Step:
    """Open, high, low, close, volume, VWAP and the number of trades."""
    aggregations: list[dict[str, Any]] = [
        {"function": "first", "column": "price"},
        {"function": "max", "column": "price"},
        {"function": "min", "column": "price"},
        {"function": "last", "column": "price"},
        {"function": "sum", "column": "quantity"},
        {"function": "vwap", "column": "price", "weight": "quantity"},
        {"function": "avg", "column": "price"},
        {"function": "count"},
    ]
    return ("group_by", {"group_by": list(keys), "aggregations": aggregations})


@pytest.fixture(scope="module")
def catalog(
    cli: Any, store: Endpoints, connection: ClickHouse, empty: Callable[[], None], trial_data: Path
) -> Iterator[Catalog]:
    """All trades of the trial data's tick files."""
    empty()
    files = sorted((trial_data / "lean" / "equity" / "usa" / "tick").glob("*/*_trade.zip"))
    done = cli("import", *files)
    assert done.returncode == 0, done.stderr
    with application(store) as found:
        yield found
    empty()


QUESTIONS: dict[str, list[Step]] = {
    "per symbol": [bars("symbol")],
    "all together": [bars()],
    "clean days": [CLEAN, bars("symbol", "trade_date")],
    "clean hours": [
        CLEAN,
        ("formula", {"expression": "DATE_TRUNC('hour', [event_time])", "output_column": "hour"}),
        bars("symbol", "hour"),
    ],
    "five minutes of one symbol": [
        ("filter", {"filters": [{"column": "symbol", "operator": "=", "value": "SPY"}]}),
        ("time_bucket", {"column": "event_time", "size": "5m"}),
        bars("bucket", "session"),
    ],
    "from an instant on": [
        (
            "filter",
            {"filters": [{"column": "event_time", "operator": ">=", "value": "2013-10-08T15:35:00Z"}]},
        ),
        ("time_bucket", {"column": "event_time", "size": "20m"}),
        bars("symbol", "bucket"),
    ],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_bytes(catalog: Catalog, question: str) -> None:
    answered = compiled(QUESTIONS[question], catalog)
    plain = compiled(QUESTIONS[question], catalog, use_rollups=False)
    assert "metrics.trades_5min" in answered.tables
    assert plain.tables == ("flowforge.raw_trades",)
    found = lines(answered)
    assert found
    assert found == lines(plain)


def test_hourly_bars_of_the_truth(catalog: Catalog, trial_data: Path) -> None:
    wanted = {(row["symbol"], _instant(row)): row for row in Truths(trial_data)("ohlcv_hour_clean")}
    rows = map(orjson.loads, lines(compiled(QUESTIONS["clean hours"], catalog)))
    found = {(row[0], datetime.fromisoformat(row[1])): row[2:] for row in rows}
    assert set(found) == set(wanted)
    for key, row in wanted.items():
        open_, high, low, close, volume, _, _, trades = found[key]
        expected = [row[name] for name in ("open", "high", "low", "close", "volume", "trades")]
        assert [Decimal(each) for each in (open_, high, low, close, volume, trades)] == [
            *map(Decimal, expected)
        ]


def _instant(row: dict[str, str]) -> datetime:
    opened = datetime.fromisoformat(row["day"]).replace(
        hour=int(row["hour_et"]), tzinfo=ZoneInfo("America/New_York")
    )
    return opened.astimezone(UTC)
