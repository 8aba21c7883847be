"""clickhouse-connect, sync and async, against the embedded engine: what goes in comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from urllib.parse import urlsplit

import clickhouse_connect
import pyarrow as pa
import pytest
from clickhouse_connect.driver.client import Client

from flowforge_local.engines import Endpoints

pytestmark = pytest.mark.engines

COMPRESSIONS = [False, True, "lz4", "zstd", "gzip"]
TABLE = "flowforge.engines_types"
COLUMNS = """
    id        Int64,
    price     Decimal(18, 6),
    wide      Decimal(38, 10),
    at        DateTime64(9, 'UTC'),
    day       Date,
    side      Enum8('UNKNOWN' = 0, 'BUY' = 1, 'SELL' = 2),
    maybe     Nullable(Float64),
    maybe_d   Nullable(Decimal(18, 4)),
    symbol    LowCardinality(String),
    text      String,
    flag      Bool,
    tags      Array(String)
"""
ROWS = [
    [
        9007199254740993,  # 2^53 + 1
        Decimal("100.123456"),
        Decimal("1234567890123456789012345678.0123456789"),
        dt.datetime(2024, 1, 2, 15, 30, 0, 123456, dt.UTC),
        dt.date(2024, 1, 2),
        "BUY",
        None,
        Decimal("-0.0001"),
        "SPY",
        "tab\tquote'newline\nümläut\\",
        True,
        ["a", ""],
    ],
    [
        -9223372036854775808,
        Decimal("-0.000001"),
        Decimal(0),
        dt.datetime(1999, 12, 31, 23, 59, 59, 999999, dt.UTC),
        dt.date(1999, 12, 31),
        "UNKNOWN",
        1.5,
        None,
        "",
        "",
        False,
        [],
    ],
]
NANOSECONDS = [1704209400123456000, 946684799999999000]


@pytest.fixture
def table(connect: Callable[..., Client]) -> Iterator[str]:
    client = connect()
    client.command("CREATE DATABASE IF NOT EXISTS flowforge")
    client.command(f"CREATE OR REPLACE TABLE {TABLE} ({COLUMNS}) ENGINE = MergeTree ORDER BY id")
    yield TABLE
    client.command(f"DROP TABLE {TABLE}")


def check(rows: list[tuple[object, ...]]) -> None:
    """Compare everything but the timestamps, which clients give back without their zone."""
    expected = sorted(tuple(value for index, value in enumerate(row) if index != 3) for row in ROWS)
    assert sorted(tuple(value for index, value in enumerate(row) if index != 3) for row in rows) == expected


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_native_rows(connect: Callable[..., Client], table: str, compression: bool | str) -> None:
    client = connect(compress=compression)
    summary = client.insert(table, ROWS)
    assert summary.written_rows == len(ROWS)
    check(client.query(f"SELECT * FROM {table}").result_rows)
    stamps = client.query(f"SELECT toUnixTimestamp64Nano(at) FROM {table} ORDER BY id DESC").result_columns[0]
    assert list(stamps) == NANOSECONDS


@pytest.mark.parametrize("compression", COMPRESSIONS)
async def test_native_rows_async(engines: Endpoints, table: str, compression: bool | str) -> None:
    url = urlsplit(engines.clickhouse_admin_url)
    client = await clickhouse_connect.get_async_client(
        host=url.hostname, port=url.port, username=url.username, password=url.password, compress=compression
    )
    try:
        await client.insert(table, ROWS)
        check((await client.query(f"SELECT * FROM {table}")).result_rows)
    finally:
        await client.close()


@pytest.mark.parametrize("compression", [None, "lz4", "zstd", "gzip"])
def test_arrow(connect: Callable[..., Client], table: str, compression: str | None) -> None:
    client = connect(compress=compression or False)
    client.insert(table, ROWS)
    arrow = client.query_arrow(f"SELECT * FROM {table} ORDER BY id", use_strings=True)
    assert isinstance(arrow, pa.Table)
    assert arrow.column("id").to_pylist() == sorted(row[0] for row in ROWS)
    client.command(f"TRUNCATE TABLE {table}")
    client.insert_arrow(table, arrow)
    again = client.query_arrow(f"SELECT * FROM {table} ORDER BY id", use_strings=True)
    assert again.to_pylist() == arrow.to_pylist()


def test_nanoseconds(connect: Callable[..., Client], table: str) -> None:
    """Python's datetime has none; Arrow does."""
    client = connect()
    stamps = pa.array([1704209400123456789, 946684799999999999], pa.timestamp("ns", "UTC"))
    client.insert_arrow(table, pa.table({"id": pa.array([1, 2]), "at": stamps}))
    rows = client.query(f"SELECT toUnixTimestamp64Nano(at) FROM {table} ORDER BY id").result_columns[0]
    assert list(rows) == stamps.cast(pa.int64()).to_pylist()
    assert client.query_arrow(f"SELECT at FROM {table} ORDER BY id").column("at").combine_chunks() == stamps


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_every_block_of_an_insert_arrives(connect: Callable[..., Client], compression: bool | str) -> None:
    """A client compresses each block by itself: 200,000 rows are many frames in one body."""
    client = connect(compress=compression)
    client.command("CREATE DATABASE IF NOT EXISTS flowforge")
    table = "flowforge.engines_blocks"
    client.command(f"CREATE OR REPLACE TABLE {table} (n Int64, s String) ENGINE = MergeTree ORDER BY n")
    count = 200_000
    context = client.create_insert_context(table, data=[[n, f"value {n}"] for n in range(count)])
    context.block_row_count = 7_001
    assert client.data_insert(context).written_rows == count
    got = client.query(f"SELECT count(), sum(n), uniqExact(s) FROM {table}").result_rows
    assert got == [(count, count * (count - 1) // 2, count)]
    read_back = client.query(f"SELECT n, s FROM {table} ORDER BY n")
    assert read_back.row_count == count
    assert read_back.result_rows[-1] == (count - 1, f"value {count - 1}")
    client.command(f"DROP TABLE {table}")


def test_bound_parameters(connect: Callable[..., Client]) -> None:
    rows = connect().query(
        "SELECT {n:Int64} + 1, {s:String}, {d:Decimal(18, 6)}, {l:Array(String)}",
        parameters={"n": 9007199254740993, "s": "it's \\ a 'test'", "d": Decimal("1.5"), "l": ["a", "b'c"]},
    )
    assert rows.result_rows == [(9007199254740994, "it's \\ a 'test'", Decimal("1.5"), ["a", "b'c"])]


def test_settings_do_not_leak_between_requests(connect: Callable[..., Client]) -> None:
    client = connect()
    statement = "SELECT getSetting('max_threads')"
    assert client.query(statement, settings={"max_threads": 7}).result_rows == [(7,)]
    assert client.query(statement).result_rows != [(7,)]


def test_a_session_keeps_what_was_set(connect: Callable[..., Client]) -> None:
    client = connect(session_id="engines-session")
    client.command("SET max_threads = 5")
    assert client.command("SELECT getSetting('max_threads')") == 5
    assert connect(session_id="engines-other-session").command("SELECT getSetting('max_threads')") != 5


def test_database_of_the_client(connect: Callable[..., Client]) -> None:
    connect().command("CREATE DATABASE IF NOT EXISTS flowforge")
    assert connect(database="flowforge").command("SELECT currentDatabase()") == "flowforge"


def test_the_summary_counts_rows(connect: Callable[..., Client]) -> None:
    result = connect().query("SELECT sum(number) FROM numbers(1000) GROUP BY number % 10")
    assert result.summary["read_rows"] == "1000"
    assert result.summary["result_rows"] == "10"
