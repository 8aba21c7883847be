"""CSV and Parquet: common names, mappings and zones; a bad file leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flowforge_pipeline.clickhouse import ClickHouse

CsvFile = Callable[..., Path]
HEADER = "symbol,time,price,size"
ROW = "AAPL,2024-01-03T15:00:00Z,185.25,100"


def counts(clickhouse: ClickHouse) -> dict[str, int]:
    tables = ("flowforge.raw_trades", "flowforge.raw_quotes", "reference.daily_bars", "flowforge.imports")
    return {table: int(clickhouse.rows(f"SELECT count() AS n FROM {table}")[0]["n"]) for table in tables}


def test_trades_with_common_names(cli, clickhouse: ClickHouse, csv_file: CsvFile) -> None:
    path = csv_file(
        "Ticker,Timestamp,Px,Qty,Side,Exchange,seq",
        "AAPL,2024-01-03 10:00:00.123456789,185.250001,100,b,XNAS,7",
        "AAPL,2024-01-03 10:00:00.123456789,185.25,0,,XNAS,8",
        '"AAPL","2024-01-03 17:00:00",185.3,0.5,SELL,,',
    )
    done = cli("import", path, "--timezone", "America/New_York", "--source", "desk")
    assert done.returncode == 0, done.stderr
    assert "3 rows into flowforge.raw_trades (AAPL, 2024-01-03)" in done.stdout
    rows = clickhouse.rows(
        "SELECT trade_id, toString(event_time) AS t, side, quantity, price, notional, toString(trade_date) AS d, "
        "session, venue, sequence, source, row_no, ohlc_eligible FROM flowforge.raw_trades ORDER BY row_no"
    )
    assert [row["t"] for row in rows] == [
        "2024-01-03 15:00:00.123456789",
        "2024-01-03 15:00:00.123456789",
        "2024-01-03 22:00:00.000000000",
    ]
    assert [row["side"] for row in rows] == ["BUY", "UNKNOWN", "SELL"]
    assert [row["notional"] for row in rows] == ["18525.0001", "0", "92.65"]
    assert [row["session"] for row in rows] == ["regular", "regular", "extended"]
    assert [row["sequence"] for row in rows] == ["7", "8", "3"]
    assert {row["source"] for row in rows} == {"desk"}
    assert {row["d"] for row in rows} == {"2024-01-03"}
    assert all(row["trade_id"].endswith(f":{row['row_no']}") for row in rows)


def test_any_names_with_a_mapping(cli, clickhouse: ClickHouse, csv_file: CsvFile) -> None:
    path = csv_file("when;what;many", "1704294000123456789;1.5;2", "1704294000123456790;1.5;2")
    done = cli("import", path, "--map", "event_time=when", "--map", "price=what", "--map", "quantity=many", "--symbol", "EURUSD")  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = clickhouse.rows(
        "SELECT symbol, toString(event_time) AS t, session FROM flowforge.raw_trades ORDER BY t"
    )
    assert rows == [
        {"symbol": "EURUSD", "t": "2024-01-03 15:00:00.123456789", "session": "unknown"},
        {"symbol": "EURUSD", "t": "2024-01-03 15:00:00.123456790", "session": "unknown"},
    ]


def test_quotes_and_daily_bars_are_recognised(cli, clickhouse: ClickHouse, csv_file: CsvFile) -> None:
    quotes = csv_file(
        "symbol,time,bid,ask,bid_size", "X,1704294000,1.1,1.2,5", "X,1704294001,,1.3,", name="q.csv"
    )
    bars = csv_file(
        "Date,Open,High,Low,Close,Volume,Adj Close", "2024-01-02,1,3,1,2,100,1.234567890123", name="b.csv"
    )
    assert cli("import", quotes).returncode == 0
    assert cli("import", bars, "--symbol", "Y").returncode == 0
    assert clickhouse.rows("SELECT bid, ask, mid_price FROM flowforge.raw_quotes ORDER BY event_time") == [
        {"bid": "1.1", "ask": "1.2", "mid_price": "1.15"},
        {"bid": None, "ask": "1.3", "mid_price": None},
    ]
    assert clickhouse.rows(
        "SELECT symbol, toString(day) AS day, high, adj_close FROM reference.daily_bars"
    ) == [{"symbol": "Y", "day": "2024-01-02", "high": "3", "adj_close": "1.234567890123"}]


def test_parquet_is_exact(cli, clickhouse: ClickHouse, tmp_path: Path) -> None:
    path = tmp_path / "trades.parquet"
    times = pl.Series([1704294000_000_000_001, 1704294000_000_000_002]).cast(pl.Datetime("ns"))
    pl.DataFrame(
        {
            "symbol": ["A", "A"],
            "ts": times,
            "price": [0.1, 1234.56],
            "size": pl.Series(["1.5", "2"]).cast(pl.Decimal(10, 1)),
        }
    ).write_parquet(path)
    done = cli("import", path, "--timezone", "America/New_York")
    assert done.returncode == 0, done.stderr
    assert clickhouse.rows(
        "SELECT toString(event_time) AS t, price, quantity FROM flowforge.raw_trades ORDER BY t"
    ) == [
        {"t": "2024-01-03 20:00:00.000000001", "price": "0.1", "quantity": "1.5"},
        {"t": "2024-01-03 20:00:00.000000002", "price": "1234.56", "quantity": "2"},
    ]
    whole = path.read_bytes()
    for size in (3, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        cut = cli("import", path)
        assert cut.returncode == 1
        assert "cut off: its footer is missing" in cut.stderr


@pytest.mark.parametrize(
    ("lines", "options", "message"),
    [
        ([HEADER, ROW, "AAPL,2024-01-03T15:00:01Z,abc,1"], [], 'line 3, column "price": "abc" is not a decimal number.'),
        ([HEADER, ROW, "AAPL,2024-01-03T15:00:01Z,-1,1"], [], 'line 3, column "price": "-1" is negative.'),
        ([HEADER, "AAPL,2024-01-03T15:00:01Z,1,-1", ROW], [], 'line 2, column "size": "-1" is negative.'),
        ([HEADER, ROW, ROW, "AAPL,2024-01-03T15:00:01Z,,1"], [], 'line 4, column "price": is empty.'),
        ([HEADER, ROW, "AAPL,yesterday,1,1"], [], 'line 3, column "time": "yesterday" is not a time.'),
        ([HEADER, ROW, ",2024-01-03T15:00:01Z,1,1"], [], 'line 3, column "symbol": is empty.'),
        ([HEADER, ROW, "A\tB,2024-01-03T15:00:01Z,1,1"], [], 'line 3, column "symbol": "A\\tB" is not a symbol.'),
        ([HEADER, ROW, "AAPL,2024-01-03T15:00:01Z,1"], [], 'line 3: "AAPL,2024-01-03T15:00:01Z,1" has 3 cells where'),
        ([HEADER, ROW, "AAPL,2024-01-03T15:00:01Z,1,1,1"], [], "has 5 cells where the header names 4."),
        ([HEADER, ROW, "", '"AA\nPL",2024-01-03T15:00:01Z,1,1', ROW], [], 'line 4, column "symbol"'),
        ([HEADER, ROW, ROW, "AAPL,2024-01-03T15:00:01Z,1.1234567,1"], [], "line 4"),
        ([HEADER + ",side", ROW + ",BUY", ROW + ",maybe"], [], 'line 3, column "side": "maybe" is not a side.'),
        ([HEADER], [], "line 1: The file has a header but no rows."),
        (["a,b", "1,2"], [], "No column for symbol and event_time and price and quantity."),
        (["symbol,symbol,time,price,size", "A," + ROW], [], 'The header names "symbol" twice.'),
        ([HEADER, ROW], ["--map", "price=a", "--map", "price=b"], 'The field "price" is mapped twice.'),
        ([HEADER, ROW], ["--map", "price=size"], "No column for quantity."),
        ([HEADER, ROW], ["--timezone", "Nowhere"], '"Nowhere" is not a time zone.'),
        ([HEADER, ROW], ["--calendar", "NOPE"], '"NOPE" is not a trading calendar.'),
        ([HEADER, "AAPL,2024-03-10 02:30:00,1,1"], ["--timezone", "America/New_York"], "line 2"),
        (["symbol,time,bid,ask", "A,1704294000,,"], [], 'line 2, column "bid": and its counterpart are empty.'),
        (["symbol,day,high,low,close", "A,2024-01-02,1,2,1"], ["--table", "daily_bars"], "is below the low"),
        (["symbol,day,close", "A,2024-01-02,1", "A,20240102,2"], ["--table", "daily_bars"], 'line 3, column "day"'),
    ],
)  # fmt: skip
def test_a_bad_table_leaves_nothing(
    cli, clickhouse: ClickHouse, csv_file: CsvFile, lines: list[str], options: list[str], message: str
) -> None:
    refused = cli("import", csv_file(*lines), *options)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert set(counts(clickhouse).values()) == {0}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"symbol,time,price,size\nA,1704294000,1,\xff\n", "line 2: The text is not UTF-8."),
        (b"\x1f\x8b\x08\x00", "The file breaks off within its 4 bytes"),
        (b"PK\x03\x04nonsense", "The archive ends or breaks"),
        (b"PAR1nonsense", "its footer is missing"),
        (bytes(range(256)) * 10, "line"),
    ],
)
def test_a_file_of_another_kind(
    cli, clickhouse: ClickHouse, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(content)
    refused = cli("import", path)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr
    assert set(counts(clickhouse).values()) == {0}


def test_byte_order_mark_and_windows_lines(cli, clickhouse: ClickHouse, tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{ROW}\r\n".encode())
    assert cli("import", path).returncode == 0
    assert counts(clickhouse)["flowforge.raw_trades"] == 1


def test_a_missing_file_and_a_folder(cli, clickhouse: ClickHouse, tmp_path: Path) -> None:
    refused = cli("import", tmp_path / "none.csv", tmp_path)
    assert refused.returncode == 1
    assert "none.csv: There is no such file" in refused.stderr
    assert f"{tmp_path}: It cannot be read" in refused.stderr


def test_good_files_stay_when_one_is_bad(cli, clickhouse: ClickHouse, csv_file: CsvFile) -> None:
    good, bad = csv_file(HEADER, ROW, name="good.csv"), csv_file(HEADER, ROW, "x", name="bad.csv")
    other = csv_file(HEADER, ROW, ROW, name="other.csv")
    done = cli("import", good, bad, other, "--json")
    assert done.returncode == 1
    summary = json.loads(done.stdout)
    assert [file["state"] for file in summary["files"]] == ["imported", "failed", "imported"]
    assert summary["rows"] == counts(clickhouse)["flowforge.raw_trades"] == 3
    assert summary["files"][1]["problem"]["line"] == 3
    assert summary["files"][0]["changed"] == {
        "table": "flowforge.raw_trades",
        "derived_tables": [
            "metrics.vwap_5min",
            "metrics.rolling_volatility",
            "metrics.trades_5min",
            "metrics.hourly_rollup",
            "metrics.daily_rollup",
        ],
        "symbols": ["AAPL"],
        "rows": 1,
        "watermark": "2024-01-03T15:00:00+00:00",
    }


def test_no_engine(
    cli, environment: dict[str, str], csv_file: CsvFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(environment, "FLOWFORGE_CLICKHOUSE_ADMIN_URL", "http://admin:x@127.0.0.1:9")
    refused = cli("import", csv_file(HEADER, ROW))
    assert refused.returncode == 1
    assert "ClickHouse at 127.0.0.1:9 does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr
