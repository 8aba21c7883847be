"""Bars, books and feeds against answers that an independent engine computed from the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from flowforge_pipeline.clickhouse import ClickHouse
from pipeline.truths import Rows, Truths

pytestmark = pytest.mark.data

VWAP = Decimal("1e-6")
"""Quotients: the truth files round them to 6 or 8 digits."""

FILES = (
    "lean/equity/usa/daily/*.zip",
    "lean/equity/usa/minute/*/*.zip",
    "lean/equity/usa/second/spy/20131007_quote.zip",
    "lean/equity/usa/second/spy/20131008_quote.zip",
    "lean/equity/usa/second/spy/20131009_quote.zip",
    "lean/future/cme/minute/es/*_trade.zip",
    "lean/option/usa/minute/*/*_trade_american.zip",
    "lean/futureoption/cme/minute/es/202003/20200106_trade_american.zip",
    "daily-yahoo/*.csv",
    "derived/*.zst",
    "dbn/**/*.zst",
    "xetra/*.csv",
    "crypto/*.gz",
)


@pytest.fixture(scope="module")
def files(trial_data: Path) -> list[Path]:
    return [path for pattern in FILES for path in sorted(trial_data.glob(pattern))]


@pytest.fixture(scope="module")
def imported(cli, connection: ClickHouse, empty: Callable[[], None], files: list[Path]) -> ClickHouse:
    """Every format but ticks and the sampled test files, imported in one run."""
    empty()
    done = cli("import", *files, "--json")
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    return connection


@pytest.fixture(scope="module")
def truth(trial_data: Path) -> Truths:
    return Truths(trial_data)


def assert_same(found: Rows, wanted: Rows, *, rounded: Sequence[str] = (), text: Sequence[str] = ()) -> None:
    """Row by row in order; numbers equal exactly, quotients within the tolerance."""
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        for name, value in theirs.items():
            if name in text:
                assert ours[name] == value, (name, ours, theirs)
            elif name in rounded:
                assert abs(Decimal(ours[name]) - Decimal(value)) <= VWAP, (name, ours, theirs)
            else:
                assert Decimal(ours[name]) == Decimal(value), (name, ours, theirs)


BARS = (
    "argMin(open, bar_start) AS open, max(high) AS high, min(low) AS low, argMax(close, bar_start) AS close, "
    "sum(volume) AS volume"
)
LOCAL = "toTimeZone(bar_start, 'America/New_York')"
SHARES = "FROM flowforge.raw_bars FINAL WHERE source = 'lean' AND resolution = '1m' AND session = 'regular' AND length(symbol) < 5"  # fmt: skip


def test_minute_bars_by_day(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        f"SELECT symbol, toString(trade_date) AS day, count() AS bars, {BARS} {SHARES} GROUP BY symbol, trade_date ORDER BY symbol, day"
    )
    assert_same(found, truth("minutebar_day"), text=("symbol", "day"))


def test_minute_bars_by_hour(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        f"SELECT symbol, toString(trade_date) AS day, toHour({LOCAL}) AS hour_et, count() AS bars, {BARS} {SHARES} "
        "GROUP BY symbol, trade_date, hour_et ORDER BY symbol, day, hour_et"
    )
    assert_same(found, truth("minutebar_hour"), text=("symbol", "day"))


def test_daily_bars_by_month(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT symbol, source AS src, formatDateTime(day, '%Y-%m') AS month, count() AS days, "
        "argMin(open, b.day) AS open, max(high) AS high, min(low) AS low, argMax(close, b.day) AS close, sum(volume) AS volume "
        "FROM reference.daily_bars AS b FINAL GROUP BY symbol, src, month ORDER BY symbol, src, month"
    )
    assert_same(found, truth("daily_month"), text=("symbol", "src", "month"))


def test_option_bars(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT upper(splitByChar('_', contract)[1]) AS root, toString(toDate(bar_start)) AS day, "
        "replaceRegexpOne(splitByChar('/', toString(source_file))[2], '^[0-9]+_(.*)\\\\.csv$', '\\\\1') AS contract, "
        "count() AS bars, sum(volume) AS contracts, sum(close * volume) / sum(volume) AS vw_close "
        "FROM flowforge.raw_bars FINAL WHERE length(symbol) = 21 GROUP BY day, contract ORDER BY root, day, contract"
    )
    assert_same(found, truth("option_trades_day"), rounded=("vw_close",), text=("root", "day", "contract"))


def test_futures_bars(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT 'ES' AS root, concat('es_minute_trade_', formatDateTime(expiry, '%Y%m')) AS contract, "
        f"toString(toDate(bar_start)) AS day, toHour(bar_start) AS hour_utc, count() AS bars, {BARS} "
        "FROM flowforge.raw_bars AS b FINAL INNER JOIN (SELECT symbol, expiry FROM reference.instruments FINAL WHERE kind = 'future') AS i "
        "ON b.symbol = i.symbol WHERE length(symbol) = 5 AND resolution = '1m' "
        "GROUP BY contract, day, hour_utc ORDER BY contract, day, hour_utc"
    )
    wanted = sorted(truth("es_minutebar_hour_utc"), key=lambda row: (row["contract"], row["day"], int(row["hour_utc"])))  # fmt: skip
    assert_same(found, wanted, text=("root", "contract", "day"))


def test_spread_of_second_bars(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        f"SELECT symbol, toString(trade_date) AS day, (toHour({LOCAL}) * 12 + intDiv(toMinute({LOCAL}), 5)) * 300000 AS bucket_ms_et, "
        "count() AS bars, avg(toFloat64(spread)) AS avg_close_spread, countIf(spread < 0) AS crossed "
        "FROM flowforge.raw_quote_bars FINAL WHERE resolution = '1s' AND session = 'regular' AND spread IS NOT NULL "
        "AND bid_close > 0 AND ask_close > 0 GROUP BY symbol, day, bucket_ms_et ORDER BY symbol, day, bucket_ms_et"
    )
    wanted = truth("spread_5min_rth_secondbars")
    assert_same(found, wanted, rounded=("avg_close_spread",), text=("symbol", "day"))


def test_dbn_trades(imported: ClickHouse, truth: Truths) -> None:
    """The windows that the flow's table holds, and the sides from the tape."""
    windows = imported.rows(
        "SELECT v.symbol AS sym, toUnixTimestamp64Milli(bucket_start) * 1000000 AS bucket_ns, trade_count AS trades, "
        "v.volume AS volume, v.vwap AS vwap, t.buy_aggr AS buy_aggr, t.sell_aggr AS sell_aggr "
        "FROM metrics.vwap_5min AS v FINAL INNER JOIN (SELECT symbol, toStartOfFiveMinutes(event_time) AS start, "
        "sumIf(quantity, side = 'BUY') AS buy_aggr, sumIf(quantity, side = 'SELL') AS sell_aggr "
        "FROM flowforge.raw_trades GROUP BY symbol, start) AS t ON t.symbol = v.symbol AND t.start = v.bucket_start "
        "WHERE v.symbol = 'ESH4' ORDER BY bucket_ns"
    )
    assert_same(windows, truth("es_dbn_vwap_5min"), rounded=("vwap",), text=("sym",))
    minutes = imported.rows(
        "SELECT symbol AS sym, toUnixTimestamp(toStartOfMinute(event_time)) * 1000000000 AS bucket_ns, "
        "argMin(price, (event_time, sequence, row_no)) AS open, max(price) AS high, min(price) AS low, "
        "argMax(price, (event_time, sequence, row_no)) AS close, sum(quantity) AS volume, count() AS trades "
        "FROM flowforge.raw_trades WHERE symbol = 'ESH4' GROUP BY sym, bucket_ns ORDER BY bucket_ns"
    )
    assert_same(minutes, truth("es_dbn_ohlcv_1min"), text=("sym",))


def test_dbn_book(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT symbol AS sym, toUnixTimestamp(toStartOfMinute(event_time)) * 1000000000 AS bucket_ns, count() AS records, "
        "countIf(action = 'T') AS trades, countIf(is_last AND bid_px_00 >= ask_px_00) AS crossed_at_last, "
        "avgIf(toFloat64(spread), is_last) AS avg_spread, avgIf(bid_size_10 / (bid_size_10 + ask_size_10), is_last) AS avg_bid_share_10lvl "
        "FROM flowforge.raw_book WHERE symbol = 'ESH4' GROUP BY sym, bucket_ns ORDER BY bucket_ns"
    )
    wanted = truth("es_mbp10_1min")
    for row in (*found, *wanted):  # a minute without the last record of an event has no mean
        row["avg_spread"] = row["avg_spread"] or "0"
        row["avg_bid_share_10lvl"] = row["avg_bid_share_10lvl"] or "0"
    assert_same(found, wanted, rounded=("avg_spread", "avg_bid_share_10lvl"), text=("sym",))


def test_xetra(imported: ClickHouse, truth: Truths) -> None:
    named = (
        "FROM flowforge.raw_bars AS b FINAL INNER JOIN (SELECT symbol, splitByChar(':', instrument_id)[2] AS name "
        "FROM reference.instruments FINAL WHERE exchange = 'XETR') AS i ON b.symbol = i.symbol WHERE b.venue = 'XETR' "
    )
    columns = f"count() AS minutes, {BARS}, sum(trade_count) AS trades"
    days = imported.rows(
        f"SELECT 'XETRA' AS venue, symbol AS isin, any(name) AS name, {columns} {named} GROUP BY isin ORDER BY isin"
    )
    assert_same(days, truth("xetra_eurex_day"), text=("venue", "isin", "name"))
    hours = imported.rows(
        f"SELECT 'XETRA' AS venue, symbol AS isin, toString(toStartOfHour(bar_start, 'UTC')) AS hour_utc, {columns} "
        f"{named} AND isin IN (SELECT symbol FROM flowforge.raw_bars FINAL WHERE venue = 'XETR' GROUP BY symbol "
        "ORDER BY sum(trade_count) DESC, symbol LIMIT 20) GROUP BY isin, hour_utc ORDER BY isin, hour_utc"
    )
    assert_same(hours, truth("xetra_eurex_hour_top20"), text=("venue", "isin", "hour_utc"))


def test_recorded_feed(imported: ClickHouse, truth: Truths) -> None:
    found = imported.rows(
        "SELECT symbol, toUnixTimestamp(toStartOfMinute(event_time)) * 1000 AS bucket_ms, "
        "argMin(price, sequence) AS open, max(price) AS high, min(price) AS low, argMax(price, sequence) AS close, "
        "sum(quantity) AS volume, count() AS trades, uniqExact(trade_id) AS distinct_ids, "
        "toDecimal256(sum(notional), 16) / sum(quantity) AS vwap "
        "FROM flowforge.crypto_trades GROUP BY symbol, bucket_ms ORDER BY bucket_ms"
    )
    assert_same(found, truth("crypto_ohlcv_1min"), rounded=("vwap",), text=("symbol",))
    assert imported.rows(
        "SELECT countIf(received_time >= event_time) AS ahead, count() AS n FROM flowforge.crypto_trades"
    ) == [{"ahead": "0", "n": "9757"}]
    levels = imported.rows(
        "SELECT kind, uniqExact(row_no) AS messages FROM flowforge.crypto_depth GROUP BY kind ORDER BY kind"
    )
    assert levels == [{"kind": "update", "messages": "3451"}, {"kind": "snapshot", "messages": "1"}]


def test_importing_again_adds_nothing(imported: ClickHouse, cli, files: list[Path]) -> None:
    again = cli("import", *files, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["rows"] == 0


def test_instruments_of_what_was_imported(imported: ClickHouse) -> None:
    rows = imported.rows(
        "SELECT symbol, kind, tick_size, multiplier, currency, calendar, underlying, toString(expiry) AS expiry, strike, "
        "option_type, toString(valid_to) AS valid_to FROM reference.instruments FINAL "
        "WHERE symbol IN ('ESZ13', 'AAPL  150117C01000000', 'ES    200320C03130000', 'BTCUSDT', 'DE0005140008', 'ESM4 P5250') ORDER BY symbol"
    )
    found = {row.pop("symbol"): row for row in rows}
    assert found["ESZ13"] == {
        "kind": "future", "tick_size": "0.25", "multiplier": "50", "currency": "USD", "calendar": "CMES",
        "underlying": "ES", "expiry": "2013-12-20", "strike": None, "option_type": "", "valid_to": "2013-12-20",
    }  # fmt: skip
    option = found["AAPL  150117C01000000"]
    assert (option["kind"], option["multiplier"], option["strike"], option["expiry"]) == ("option", "100", "1000", "2015-01-17")  # fmt: skip
    assert found["ES    200320C03130000"]["underlying"] == "ESH20"
    assert found["BTCUSDT"]["currency"] == "USDT"
    assert (found["DE0005140008"]["currency"], found["DE0005140008"]["tick_size"]) == ("EUR", None)
    assert (found["ESM4 P5250"]["strike"], found["ESM4 P5250"]["option_type"]) == ("5250", "put")
