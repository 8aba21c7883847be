"""Large answers, failures in their middle, limits, cancellation, and requests side by side."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

pytestmark = pytest.mark.engines

FAILS_LATE = "SELECT sipHash64(number) AS h, throwIf(number = 3000000, 'late failure') AS x FROM numbers(5000000) FORMAT {}"


@pytest.fixture(scope="module")
def process(engines_home: Path) -> psutil.Process:
    """The engine's process, found by its command line."""
    for candidate in psutil.process_iter(["cmdline"]):
        line = candidate.info["cmdline"] or []
        if "flowforge_local.engines.clickhouse" in line and str(engines_home) in line:
            return candidate
    raise LookupError("no engine process")


def running(admin: Any, query_id: str) -> int:
    sql = f"SELECT count() FROM system.processes WHERE Settings['log_comment'] = '{query_id}'"
    return int(admin(sql).text)


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def open_stream(admin: Any, sql: str, query: str = "") -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(admin.url.hostname, admin.url.port, timeout=60)
    headers = {"X-ClickHouse-User": "admin", "X-ClickHouse-Key": admin.url.password}
    connection.request("POST", f"/?{query}", sql.encode(), headers)
    return connection


@pytest.mark.parametrize("output", ["CSV", "ArrowStream", "JSONCompactEachRow"])
def test_a_large_answer_takes_little_memory(admin: Any, process: psutil.Process, output: str) -> None:
    sql = f"SELECT number, repeat(toString(number), 8) AS s FROM numbers(8000000) FORMAT {output}"
    admin("SELECT 1")
    before = peak = process.memory_info().rss
    connection = open_stream(admin, sql, "max_threads=2&output_format_arrow_compression_method=none")
    response = connection.getresponse()
    size = 0
    while piece := response.read(1 << 20):
        size += len(piece)
        if size % (32 << 20) < (1 << 20):
            peak = max(peak, process.memory_info().rss)
    connection.close()
    assert size > 400 << 20
    assert peak - before < 250 << 20


def test_a_slow_reader_holds_the_engine_back(admin: Any, process: psutil.Process) -> None:
    before = process.memory_info().rss
    connection = open_stream(admin, "SELECT repeat('x', 1000) FROM numbers(1000000)", "query_id=engines-slow")
    response = connection.getresponse()
    response.read(1000)
    time.sleep(1.0)
    assert running(admin, "engines-slow") == 1
    # Of an answer of 1 GB a few blocks of 65 MB are on their way in each of its threads.
    assert process.memory_info().rss - before < 400 << 20
    connection.close()
    until(lambda: running(admin, "engines-slow") == 0)


@pytest.mark.parametrize("output", ["CSV", "JSONCompactEachRow", "Native", "ArrowStream"])
@pytest.mark.parametrize("coding", ["", "lz4", "zstd", "gzip"])
def test_a_failure_in_the_middle_breaks_the_answer(admin: Any, output: str, coding: str) -> None:
    connection = http.client.HTTPConnection(admin.url.hostname, admin.url.port, timeout=60)
    headers = {
        "X-ClickHouse-User": "admin",
        "X-ClickHouse-Key": admin.url.password,
        "Accept-Encoding": coding,
    }
    connection.request("POST", "/?enable_http_compression=1", FAILS_LATE.format(output).encode(), headers)
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        response.read()
    if not coding:
        tag = response.headers["X-ClickHouse-Exception-Tag"]
        assert (
            f"__exception__\r\n{tag}\r\nCode: 395. DB::Exception: late failure".encode()
            in broken.value.partial
        )
        assert broken.value.partial.endswith(f" {tag}\r\n__exception__\r\n".encode())
    connection.close()


def test_a_failure_in_the_middle_of_a_buffered_answer_is_only_a_failure(admin: Any) -> None:
    reply = admin(FAILS_LATE.format("CSV"), wait_end_of_query=1)
    assert (reply.status, reply.code) == (500, 395)
    assert reply.text.startswith("Code: 395.")


@pytest.mark.parametrize("compression", [False, "lz4", "zstd"])
def test_clients_notice_a_failure_in_the_middle(
    connect: Callable[..., Client], compression: bool | str
) -> None:
    client = connect(compress=compression)
    sql = FAILS_LATE.format("X").removesuffix(" FORMAT X")
    with pytest.raises(ClickHouseError), client.query_row_block_stream(sql) as stream:
        for _ in stream:
            pass
    with pytest.raises(ClickHouseError, match="395"):
        client.query(sql)


LIMITS = [
    ("SELECT count() FROM numbers(1000000000000)", {"max_execution_time": 0.3}, 159),
    ("SELECT groupArray(number) FROM numbers(100000000)", {"max_memory_usage": 20_000_000}, 241),
    ("SELECT count() FROM flowforge.engines_app WHERE NOT ignore(b)", {"max_rows_to_read": 1}, 158),
    ("SELECT a FROM flowforge.engines_app", {"max_result_rows": 1}, 396),
]


@pytest.mark.parametrize(("sql", "settings", "code"), LIMITS)
@pytest.mark.parametrize("output", ["JSONCompactEachRow", "JSON", "ArrowStream"])
@pytest.mark.parametrize("buffered", [0, 1])
def test_limits(app: Any, sql: str, settings: dict[str, Any], code: int, output: str, buffered: int) -> None:
    reply = app(sql, default_format=output, wait_end_of_query=buffered, **settings)
    assert reply.code == code
    assert f"Code: {code}." in reply.text


def test_a_client_that_leaves_cancels_its_read(admin: Any) -> None:
    connection = open_stream(admin, "SELECT count() FROM numbers(10000000000000)", "query_id=engines-gone")
    until(lambda: running(admin, "engines-gone") == 1)
    assert connection.sock is not None
    connection.sock.shutdown(socket.SHUT_RDWR)
    connection.close()
    until(lambda: running(admin, "engines-gone") == 0)


def test_kill_query_by_the_id_of_the_client(admin: Any) -> None:
    with ThreadPoolExecutor() as pool:
        sql = "SELECT count() FROM numbers(10000000000000)"
        waiting = pool.submit(lambda: admin(sql, query_id="engines-kill"))
        until(lambda: running(admin, "engines-kill") == 1)
        assert admin("KILL QUERY WHERE query_id = 'engines-kill' SYNC").status == 200
        assert waiting.result(10).code == 394


def test_a_client_that_leaves_does_not_cancel_a_write(admin: Any) -> None:
    admin("CREATE OR REPLACE TABLE default.engines_write (n UInt64) ENGINE = MergeTree ORDER BY n")
    sql = "INSERT INTO default.engines_write SELECT number + sleepEachRow(0.1) FROM numbers(10) SETTINGS max_block_size = 1"
    connection = open_stream(admin, sql, "query_id=engines-write")
    until(lambda: running(admin, "engines-write") == 1)
    connection.close()
    until(lambda: admin("SELECT count() FROM default.engines_write").text == "10\n")


def test_an_insert_that_breaks_off_writes_nothing(admin: Any) -> None:
    admin("CREATE OR REPLACE TABLE default.engines_broken (n UInt64) ENGINE = MergeTree ORDER BY n")
    head = (
        f"POST /?query=INSERT%20INTO%20default.engines_broken%20FORMAT%20CSV HTTP/1.1\r\nHost: x\r\n"
        f"X-ClickHouse-User: admin\r\nX-ClickHouse-Key: {admin.url.password}\r\nContent-Length: 1000000\r\n\r\n"
    )
    with socket.create_connection((admin.url.hostname, admin.url.port)) as client:
        client.sendall(head.encode() + b"1\n2\n3\n" * 1000)
        time.sleep(0.2)
    time.sleep(0.2)
    assert admin("SELECT count() FROM default.engines_broken").text == "0\n"
    assert admin("INSERT INTO default.engines_broken FORMAT CSV", body=b"1\n").status == 200


def test_requests_side_by_side(admin: Any) -> None:
    def ask(number: int) -> bool:
        sql = f"SELECT number + {number} AS n FROM numbers(30000) ORDER BY n FORMAT CSV"
        return admin(sql).text == "".join(f"{value}\n" for value in range(number, number + 30_000))

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(64)))


def test_a_slow_statement_does_not_hold_up_a_fast_one(admin: Any) -> None:
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(lambda: admin("SELECT sleep(2)"))
        time.sleep(0.2)
        began = time.monotonic()
        assert admin("SELECT 1").text == "1\n"
        assert time.monotonic() - began < 1.0
        assert slow.result().status == 200


def test_a_session_runs_one_statement_at_a_time(admin: Any) -> None:
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(lambda: admin("SELECT sleep(3)", session_id="engines-busy"))
        time.sleep(0.2)
        assert admin("SELECT 1", session_id="engines-busy").code == 373
        assert slow.result().status == 200
    assert admin("SELECT 1", session_id="engines-busy").text == "1\n"
