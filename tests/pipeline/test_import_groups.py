"""Files that are settled together: as if each had been imported alone, and none is finished before it is derived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.importers.files import Options
from flowforge_pipeline.loading import groups
from flowforge_pipeline.loading.derived import Change
from flowforge_pipeline.loading.groups import Written, belongs
from flowforge_pipeline.loading.imports import import_files
from flowforge_pipeline.loading.ledger import Entry
from flowforge_pipeline.loading.volatility import recompute_volatility
from flowforge_pipeline.loading.write import Batch, Stored, derive
from flowforge_pipeline.problems import PipelineError

DERIVED = {
    "vwap_5min": "SELECT * EXCEPT revision FROM metrics.vwap_5min FINAL ORDER BY symbol, window_end",
    "rolling_volatility": "SELECT * EXCEPT revision FROM metrics.rolling_volatility FINAL ORDER BY symbol, window_end",
}


def batch(
    symbol: str, day: int, *, month: int = 10, sha256: str = "b", table: str = "flowforge.raw_trades"
) -> Batch:
    rows = pl.DataFrame({"symbol": [symbol], "trade_date": [date(2013, month, day)]})
    return Batch(rows, Entry(sha256, table, {}, "started", 1, 1), False, "", "")


def written(symbol: str, day: int) -> Written:
    made = batch(symbol, day, sha256=f"{symbol}{day}")
    change = Change(made.entry.table, made.symbols, 1, made.days[1])
    return Written(Path(), made.entry.sha256, 0.0, (Stored(made, change, made.days),))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ([batch("ABC", 8)], True),
        ([batch("ABC", 11)], True),
        ([batch("ABC", 8), batch("ABC", 8, table="flowforge.raw_quotes")], True),
        ([batch("XYZ", 8)], False),
        ([batch("ABC", 12)], False),
        ([batch("ABC", 7, month=9)], False),
        ([batch("ABC", 7, sha256="ABC7")], False),
        ([batch("ABC", 8, table="flowforge.raw_quotes")], False),
    ],
)
def test_which_files_go_together(file: Sequence[Batch], expected: bool) -> None:
    assert belongs(file, [written("ABC", 7)]) is expected
    assert belongs(file, [])
    assert not belongs(file, [written("ABC", 7)] * 8)


def test_together_or_one_by_one(
    clickhouse: ClickHouse,
    empty: Callable[[], None],
    lean_file: Callable[..., Path],
    lean_lines: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same windows and volatilities; what failed between storing and deriving is healed by importing again."""
    files = [
        lean_file(lean_lines(600, seed), symbol=symbol, day=day)
        for seed, (symbol, day) in enumerate(
            [("abc", "20131007"), ("abc", "20131008"), ("xyz", "20131008"), ("abc", "20131009")]
        )
    ]
    for file in files:
        assert [each.state for each in import_files(clickhouse, [file], Options())] == ["imported"]
    alone = {table: clickhouse.rows(query) for table, query in DERIVED.items()}
    clickhouse.execute("TRUNCATE TABLE metrics.rolling_volatility")
    for symbol, last in (("ABC", 9), ("XYZ", 8)):  # every trade read from raw, as if no file had been at hand
        recompute_volatility(clickhouse, [symbol], (date(2013, 10, 7), date(2013, 10, last)))
    assert clickhouse.rows(DERIVED["rolling_volatility"]) == alone["rolling_volatility"]
    empty()

    times = 0

    def fails(*arguments: Any) -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise PipelineError("The engine is away.")
        derive(*arguments)

    monkeypatch.setattr(groups, "derive", fails)
    outcomes = list(import_files(clickhouse, files, Options()))
    assert [each.path for each in outcomes] == files
    assert [each.state for each in outcomes] == ["failed", "failed", "imported", "imported"]
    assert times == 3, "two files of one symbol, then one, then one"
    states = clickhouse.rows("SELECT file, max(state) AS state FROM flowforge.imports GROUP BY sha256, file ORDER BY state")  # fmt: skip
    assert [row["state"] for row in states] == ["started", "started", "finished", "finished"]
    again = list(import_files(clickhouse, files, Options()))
    assert [each.state for each in again] == ["imported", "imported", "present", "present"]
    assert {table: clickhouse.rows(query) for table, query in DERIVED.items()} == alone
    assert clickhouse.rows("SELECT count() AS n, uniqExact(trade_id) AS ids FROM flowforge.raw_trades") == [
        {"n": "2400", "ids": "2400"}
    ]
    assert clickhouse.rows("SELECT sum(trade_count) AS n FROM metrics.trades_5min FINAL") == [{"n": "2400"}]
