"""The stores on real engines: wire values, limits, cancellation, exports, failures without engine text."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
import time
from typing import Any

import orjson
import pyarrow as pa
import pytest

from flowforge.catalog import Store
from flowforge.compiler import Proof, Statement
from flowforge.compiler.plan import digest
from flowforge.errors import ErrorCode, StoreError
from flowforge.resources import close_all
from flowforge.settings import settings
from flowforge.stores import EXECUTE, Limits, export, read
from flowforge.stores.cache import cache
from flowforge.types import Column, ColumnType, Schema

pytestmark = pytest.mark.engines


def columns(*types: str) -> Schema:
    return tuple(Column(f"c{n}", ColumnType.parse(each), True) for n, each in enumerate(types))


def statement(sql: str, store: Store = "clickhouse") -> Statement:
    """A statement with a proof of its own making: what the verifier says is tested elsewhere."""
    dialect = "clickhouse" if store == "clickhouse" else "postgres"
    return Statement(store, dialect, sql, {}, Proof(digest(sql)))


async def rows(sql: str, *types: str, store: Store = "clickhouse", limits: Limits = EXECUTE) -> list[Any]:
    found = await read(statement(sql, store), limits, columns(*types))
    return orjson.loads(found.json())


async def refusal(sql: str, *types: str, store: Store = "clickhouse", limits: Limits = EXECUTE) -> StoreError:
    with pytest.raises(StoreError) as caught:
        await rows(sql, *types, store=store, limits=limits)
    return caught.value


CLICKHOUSE_VALUES = [
    ("toInt64(9007199254740993)", "int64", "9007199254740993"),
    ("toUInt64(18446744073709551615)", "int64", "18446744073709551615"),
    ("toUInt8(7)", "int64", "7"),
    ("toNullable(toInt32(-7))", "int64", "-7"),
    ("CAST(NULL, 'Nullable(UInt16)')", "int64", None),
    ("toDecimal64('0.1', 4)", "decimal(18,4)", "0.1"),
    ("toDecimal256('12345678901234567890123456789.123456789012', 12)", "decimal(76,12)", None),
    ("toFloat64(0.1)", "float64", 0.1),
    ("nan", "float64", None),
    ("-inf", "float64", None),
    ("true", "boolean", True),
    ("toDate('2024-02-29')", "date", "2024-02-29"),
    ("toDateTime64('2024-03-05 14:30:00.123456789', 9, 'UTC')", "datetime", "2024-03-05T14:30:00.123456789Z"),
    ("toDateTime('2024-03-05 14:30:00', 'UTC')", "datetime", "2024-03-05T14:30:00Z"),
    ("CAST('BUY', 'Enum8(''BUY'' = 1)')", "string", "BUY"),
    ("'Ω / \"q\" \\n 📈'", "string", 'Ω / "q" \n 📈'),
    ("CAST(NULL, 'Nullable(String)')", "string", None),
]

POSTGRES_VALUES = [
    ("9007199254740993::bigint", "int64", "9007199254740993"),
    ("7::smallint", "int64", "7"),
    ("0.100::numeric", "decimal(18,4)", "0.1"),
    ("1e20::numeric", "decimal(38,4)", "100000000000000000000"),
    ("'NaN'::numeric", "decimal(18,4)", None),
    ("0.1::float8", "float64", 0.1),
    ("'Infinity'::float8", "float64", None),
    ("true", "boolean", True),
    ("'2024-02-29'::date", "date", "2024-02-29"),
    ("'2024-03-05 14:30:00.5+00'::timestamptz", "datetime", "2024-03-05T14:30:00.500000Z"),
    ("'2024-03-05 09:30:00-05'::timestamptz", "datetime", "2024-03-05T14:30:00Z"),
    ("'line\nbreak'::text", "string", "line\nbreak"),
    ("NULL::text", "string", None),
]


@pytest.mark.parametrize(("sql", "kind", "value"), CLICKHOUSE_VALUES)
async def test_clickhouse_values_on_the_wire(stores, sql: str, kind: str, value: Any) -> None:
    if "Decimal256" in sql:
        value = "12345678901234567890123456789.123456789012"
    assert await rows(f"SELECT {sql} AS c0", kind) == [[value]]


@pytest.mark.parametrize(("sql", "kind", "value"), POSTGRES_VALUES)
async def test_postgres_values_on_the_wire(stores, sql: str, kind: str, value: Any) -> None:
    assert await rows(f"SELECT {sql} AS c0", kind, store="postgres") == [[value]]


async def test_no_rows_and_many_rows(stores) -> None:
    assert await rows("SELECT toInt64(number) AS c0 FROM numbers(0)", "int64") == []
    many = await rows("SELECT toInt64(number) AS c0 FROM numbers(70000)", "int64")
    assert [int(row[0]) for row in many] == list(range(70000))


@pytest.mark.parametrize(
    ("sql", "limits", "code"),
    [
        ("SELECT count() AS c0 FROM numbers(100000000000)", Limits(0.5, 10**9), ErrorCode.QUERY_TIMEOUT),
        (
            "SELECT count() AS c0 FROM (SELECT number FROM numbers(30000000) GROUP BY number)",
            Limits(20, 50_000_000),
            ErrorCode.QUERY_MEMORY,
        ),
        ("SELECT count() AS c0 FROM numbers(5000000)", Limits(20, 10**9, 1_000_000), ErrorCode.QUERY_ROWS),
        (
            "SELECT toDecimal64('99999999999999', 4) * toDecimal64('99999999999999', 4) AS c0",
            EXECUTE,
            ErrorCode.NUMERIC_OVERFLOW,
        ),
        ("SELECT toInt64(materialize('value of firm-beta')) AS c0", EXECUTE, ErrorCode.QUERY_FAILED),
        ("SELECT nope AS c0 FROM flowforge.raw_trades", EXECUTE, ErrorCode.QUERY_FAILED),
    ],
)
async def test_a_limit_has_its_own_code_and_no_engine_text(
    stores, sql: str, limits: Limits, code: ErrorCode
) -> None:
    error = await refusal(sql, "int64", limits=limits)
    assert error.code is code
    assert "firm-beta" not in str(error.problem())
    assert "DB::Exception" not in str(error.problem())


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT pg_catalog.pg_sleep(5)::text AS c0", ErrorCode.QUERY_TIMEOUT),
        (
            "SELECT (10::numeric ^ 70000 * 10::numeric ^ 70000 * 10::numeric ^ 70000)::text",
            ErrorCode.NUMERIC_OVERFLOW,
        ),
        ("SELECT 'value of firm-beta'::int::text", ErrorCode.QUERY_FAILED),
        ("SELECT nope", ErrorCode.QUERY_FAILED),
    ],
)
async def test_postgres_failures(stores, sql: str, code: ErrorCode) -> None:
    error = await refusal(sql, "string", store="postgres", limits=Limits(0.5, 10**9))
    assert error.code is code
    assert "firm-beta" not in str(error.problem())


async def test_the_live_store_is_read_only(stores) -> None:
    error = await refusal("DELETE FROM public.live_quotes RETURNING symbol", "string", store="postgres")
    assert error.code is ErrorCode.QUERY_FAILED


async def test_what_is_not_verified_is_not_run(stores) -> None:
    proof = Proof(digest("SELECT 1 AS c0"))
    changed = Statement("clickhouse", "clickhouse", "SELECT 2 AS c0", {}, proof)
    for unverified in (changed, Statement("clickhouse", "clickhouse", "SELECT 1 AS c0", {})):
        with pytest.raises(StoreError) as caught:
            await read(unverified, EXECUTE, columns("int64"))
        assert caught.value.code is ErrorCode.PLAN_NOT_VERIFIED


async def test_leaving_cancels_the_query_in_the_engine(stores) -> None:
    marker = f"cancelled-{time.time_ns()}"
    sql = f"SELECT count() AS c0, '{marker}' AS c1 FROM numbers(1000000000000)"
    task = asyncio.create_task(rows(sql, "int64", "string"))
    await asyncio.sleep(0.7)
    started = time.perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    quick = await rows("SELECT count() AS c0 FROM numbers(1000000)", "int64")
    assert quick == [["1000000"]]
    assert time.perf_counter() - started < 5


async def exported(sql: str, *types: str, fmt: Any = "csv", store: Store = "clickhouse") -> bytes:
    pieces = await export(statement(sql, store), EXECUTE, columns(*types), fmt)
    return b"".join([piece async for piece in pieces])


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
HARMLESS = ["a=1", 'say "=1"', "line\nbreak", "", ",=1", '","=1', 'a,"=b']


@pytest.mark.parametrize("store", ["clickhouse", "postgres"])
async def test_csv_defuses_formulas_and_nothing_else(stores, store: Store) -> None:
    texts = DANGEROUS + HARMLESS

    def literal(text: str) -> str:
        if store == "clickhouse":
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + text.replace("'", "''") + "'"

    selects = [
        f"SELECT {literal(text)} AS c0, {n} AS c1, {literal(text)} AS c2" for n, text in enumerate(texts)
    ]
    sql = f"SELECT c0, -c1 AS c1, c2 FROM ({' UNION ALL '.join(selects)}) AS t ORDER BY c1 DESC"
    body = (await exported(sql, "string", "int64", "string", store=store)).decode()
    header, *found = list(csv.reader(io.StringIO(body, newline="")))
    assert header == ["c0", "c1", "c2"]
    expected = ["'" + text for text in DANGEROUS] + HARMLESS
    assert [row[0] for row in found] == expected
    assert [row[2] for row in found] == expected
    assert [int(row[1]) for row in found] == [-n for n in range(len(texts))]


async def test_csv_null_is_empty_and_numbers_are_exact(stores) -> None:
    sql = "SELECT CAST(NULL, 'Nullable(String)') AS c0, toDecimal64('-1.50', 2) AS c1, toInt64(9007199254740993) AS c2"
    assert (
        await exported(sql, "string", "decimal(18,2)", "int64") == b'"c0","c1","c2"\n,-1.5,9007199254740993\n'
    )


@pytest.mark.parametrize(
    ("store", "sql"),
    [
        ("clickhouse", "SELECT toInt64(number) AS c0, toDecimal64(number, 2) AS c1 FROM numbers(200000)"),
        (
            "postgres",
            "SELECT n::bigint AS c0, n::numeric(18,2) AS c1 FROM generate_series(0, 4999) AS n",
        ),
    ],
)
async def test_arrow_streams_the_whole_result(stores, store: Store, sql: str) -> None:
    body = await exported(sql, "int64", "decimal(18,2)", fmt="arrow", store=store)
    table = pa.ipc.open_stream(body).read_all()
    assert table.schema.names == ["c0", "c1"]
    assert table.column("c0").to_pylist() == list(range(table.num_rows))
    assert table.num_rows in (200_000, 5_000)


@pytest.mark.parametrize("fmt", ["csv", "arrow"])
async def test_a_stream_that_fails_in_the_middle_is_not_taken_for_the_whole(stores, fmt: str) -> None:
    sql = "SELECT throwIf(number = 3000000, 'value of firm-beta') AS c0 FROM numbers(4000000)"
    with pytest.raises(StoreError) as caught:
        await exported(sql, "int64", fmt=fmt)
    assert "firm-beta" not in str(caught.value.problem())


async def test_an_export_that_fails_at_once_fails_before_its_first_byte(stores) -> None:
    with pytest.raises(StoreError):
        await export(statement("SELECT nope AS c0"), EXECUTE, columns("int64"), "csv")


@pytest.mark.parametrize(
    ("variable", "address", "store"),
    [
        ("FLOWFORGE_CLICKHOUSE_URL", "http://127.0.0.1:1", "clickhouse"),
        ("FLOWFORGE_LIVE_DSN", "postgresql://x:y@127.0.0.1:1/live", "postgres"),
    ],
)
async def test_a_store_that_is_away(stores, monkeypatch, variable: str, address: str, store: Store) -> None:
    await close_all()
    monkeypatch.setenv(variable, address)
    settings.cache_clear()
    try:
        error = await refusal("SELECT 1 AS c0", "int64", store=store)
        assert error.code is ErrorCode.STORE_UNAVAILABLE
        assert "127.0.0.1" not in str(error.problem())
    finally:
        await close_all()
        monkeypatch.undo()
        settings.cache_clear()


async def test_a_cache_that_is_away_finds_nothing_and_is_left_alone(stores, monkeypatch, caplog) -> None:
    await close_all()
    monkeypatch.setenv("FLOWFORGE_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    try:
        client = await cache()
        with caplog.at_level(logging.WARNING):
            assert await client.get_many(["a", "b"]) == [None, None]
            await client.put({"a": b"1"}, 5)
            assert await client.get_many(["a"]) == [None]
        assert caplog.text.count("The cache is out of reach") == 1
    finally:
        await close_all()
        monkeypatch.undo()
        settings.cache_clear()
