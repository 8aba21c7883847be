"""The HTTP interface as curl sees it."""

from __future__ import annotations

import json
import zlib
from typing import Any

import lz4.frame
import pyarrow as pa
import pytest
import zstandard

pytestmark = pytest.mark.engines


def test_ping_needs_no_password(admin: Any) -> None:
    for path in ("/ping", "/"):
        reply = admin(method="GET", path=path, headers={"Authorization": ""})
        assert (reply.status, reply.text) == (200, "Ok.\n")


def test_answer_headers(admin: Any) -> None:
    reply = admin("SELECT 1 AS x FORMAT JSON", query_id="engines-1", wait_end_of_query=1)
    assert reply.status == 200
    assert reply.headers["x-clickhouse-query-id"] == "engines-1"
    assert reply.headers["x-clickhouse-format"] == "JSON"
    assert reply.headers["x-clickhouse-timezone"] == "UTC"
    assert reply.headers["content-type"].startswith("application/json")
    assert json.loads(reply.headers["x-clickhouse-summary"])["result_rows"] == "1"
    assert json.loads(reply.text)["data"] == [{"x": 1}]


@pytest.mark.parametrize(
    ("sql", "code", "name", "status"),
    [
        ("SELECT nope", 47, "UNKNOWN_IDENTIFIER", 404),
        ("SELECT * FROM nowhere.nothing", 81, "UNKNOWN_DATABASE", 404),
        ("SELECT * FROM system.nothing", 60, "UNKNOWN_TABLE", 404),
        ("SELEC 1", 62, "SYNTAX_ERROR", 400),
        ("SELECT 1; SELECT 2", 62, "SYNTAX_ERROR", 400),
        ("SELECT 1 FORMAT Nonsense", 73, "UNKNOWN_FORMAT", 404),
        ("SELECT throwIf(1)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", 500),
        ("SELECT toInt32('x')", 6, "CANNOT_PARSE_TEXT", 400),
        ("CREATE TEMPORARY TABLE t (a Int8)", 48, "NOT_IMPLEMENTED", 501),
    ],
)
def test_exceptions(admin: Any, sql: str, code: int, name: str, status: int) -> None:
    reply = admin(sql)
    assert (reply.code, reply.status) == (code, status)
    assert reply.text.startswith(f"Code: {code}. DB::Exception: ")
    assert reply.text.count(f"({name})") == 1


def test_unknown_settings_and_bad_values_are_refused(admin: Any) -> None:
    assert admin("SELECT 1", no_such_setting=1).code == 115
    assert admin("SELECT 1", max_threads="many").code != 0


def test_setting_values_cannot_smuggle_other_settings(admin: Any) -> None:
    tricky = "a&max_threads=1?'\\\n"
    reply = admin(
        "SELECT getSetting('format_csv_null_representation'), getSetting('max_threads')",
        format_csv_null_representation=tricky,
        max_threads=3,
        default_format="JSONCompactEachRow",
    )
    assert json.loads(reply.text) == [tricky, "3"] or json.loads(reply.text) == [tricky, 3]


def test_get_only_reads(admin: Any) -> None:
    admin("CREATE OR REPLACE TABLE default.engines_get (a Int8) ENGINE = MergeTree ORDER BY a")
    assert admin(method="GET", query="SELECT 1").text == "1\n"
    assert (
        admin(method="GET", query="CREATE TABLE default.engines_get_2 (a Int8) ENGINE = Memory").code == 164
    )
    assert admin(method="GET", query="INSERT INTO default.engines_get VALUES (1)").code == 164


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods(admin: Any, method: str) -> None:
    assert admin(method=method).status == 405


def test_other_paths(admin: Any) -> None:
    assert admin(method="GET", path="/play").status == 404


def test_wrong_password(admin: Any) -> None:
    for reply in (admin("SELECT 1", password="wrong"), admin("SELECT 1", headers={"Authorization": ""})):
        assert (reply.status, reply.code) == (403, 516)
    in_url = admin("SELECT 1", headers={"Authorization": ""}, user="admin", password="x")
    assert in_url.code == 516


def test_clickhouse_headers_authenticate(admin: Any) -> None:
    headers = {"Authorization": "", "X-ClickHouse-User": "admin", "X-ClickHouse-Key": admin.url.password}
    assert admin("SELECT 1", headers=headers).text == "1\n"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_web_pages_are_refused(admin: Any, origin: str) -> None:
    reply = admin("SELECT 1", headers={"Origin": origin})
    assert reply.code == 497
    assert reply.body != b"1\n"
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT format FROM (SELECT 1 AS format) ORDER BY format DESC",
        "SELECT 1 AS format",
        "SELECT 1 -- FORMAT JSON",
        "SELECT 1 /* FORMAT JSON */",
        "/* FORMAT JSON */ SELECT 1;",
        "(SELECT 1)",
        "WITH 1 AS x SELECT x",
        "FROM numbers(1) SELECT number + 1",
    ],
)
def test_the_default_format_where_none_is_asked_for(admin: Any, sql: str) -> None:
    assert admin(sql).text == "1\n"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1 AS x FORMAT CSVWithNames", '"x"\n1\n'),
        ("SELECT 1 AS x FORMAT CSVWithNames SETTINGS max_threads = 1", '"x"\n1\n'),
        ("SELECT 1 AS x SETTINGS max_threads = 1 format CSVWithNames;", '"x"\n1\n'),
        ("SELECT 1 AS x FORMAT CSVWithNames -- end", '"x"\n1\n'),
        ("SHOW DATABASES LIKE 'default' FORMAT CSV", '"default"\n'),
        ("EXISTS TABLE default.nothing FORMAT JSONCompactEachRow", "[0]\n"),
    ],
)
def test_the_format_clause(admin: Any, sql: str, expected: str) -> None:
    assert admin(sql).text == expected


@pytest.mark.parametrize(
    ("output", "header"),
    [
        ("CSVWithNames", '"a ""quoted""\nname","b"\n'),
        ("CSVWithNamesAndTypes", '"a ""quoted""\nname","b"\n"UInt64","String"\n'),
        ("TSVWithNames", 'a "quoted"\\nname\tb\n'),
        ("JSONCompactEachRowWithNamesAndTypes", '["a \\"quoted\\"\\nname", "b"]\n["UInt64", "String"]\n'),
    ],
)
def test_headers_appear_once(admin: Any, output: str, header: str) -> None:
    """Across many blocks, and also where there is no row."""
    select = "SELECT number AS `a \"quoted\"\nname`, 'x' AS b FROM numbers({}) FORMAT " + output
    body = admin(select.format(300_000)).text
    assert body.startswith(header)
    assert body.count(header) == 1
    assert body.count("\n") == header.count("\n") + 300_000
    assert admin(select.format(0)).text == header


def test_arrow_stream_across_blocks(admin: Any) -> None:
    for count in (0, 1, 300_000):
        reply = admin(
            f"SELECT number, toString(number) AS s, toLowCardinality('x') AS l FROM numbers({count})",
            default_format="ArrowStream",
        )
        table = pa.ipc.open_stream(reply.body).read_all()
        assert table.column_names == ["number", "s", "l"]
        assert table.num_rows == count
        assert table.column("number").to_pylist() == list(range(count))


def test_totals_are_kept(admin: Any) -> None:
    sql = "SELECT number % 2 AS k, count() FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k FORMAT CSV"
    assert admin(sql).text == "0,5\n1,5\n\n0,10\n"


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("lz4", lz4.frame.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
        ("gzip", lambda data: zlib.decompress(data, zlib.MAX_WBITS | 16)),
        ("deflate", zlib.decompress),
    ],
)
@pytest.mark.parametrize("count", [0, 3, 400_000])
def test_compressed_answers(admin: Any, coding: str, decode: Any, count: int) -> None:
    headers = {"Accept-Encoding": f"{coding}, identity"}
    reply = admin(f"SELECT number FROM numbers({count})", headers=headers, enable_http_compression=1)
    assert reply.headers["content-encoding"] == coding
    assert decode(reply.body).decode().splitlines() == [str(n) for n in range(count)]
    assert "content-encoding" not in admin("SELECT 1", headers=headers).headers


@pytest.mark.parametrize(
    ("statement", "data"),
    [
        ("INSERT INTO default.engines_in FORMAT CSV\n", b'1,"a"\n2,"b"\n'),
        (
            "INSERT INTO default.engines_in (a, b) FORMAT JSONEachRow ",
            b'{"a": 1, "b": "a"} {"a": 2, "b": "b"}',
        ),
        ("INSERT INTO default.engines_in SETTINGS max_insert_threads = 1 FORMAT TSV\n", b"1\ta\n2\tb\n"),
        ("insert into default.engines_in values ", b"(1, 'a'), (2, 'b')"),
        ("INSERT INTO default.engines_in /* FORMAT X */ Format Values ", b"(1, 'a'), (2, 'b')"),
        ("INSERT INTO default.engines_in SELECT number + 1, char(97 + number) FROM numbers(2)", b""),
        ("INSERT INTO default.engines_in (SELECT number + 1, char(97 + number) FROM numbers(2))", b""),
    ],
)
@pytest.mark.parametrize("place", ["body", "url"])
def test_inserts(admin: Any, statement: str, data: bytes, place: str) -> None:
    admin("CREATE OR REPLACE TABLE default.engines_in (a Int64, b String) ENGINE = MergeTree ORDER BY a")
    reply = (
        admin(body=statement.encode() + data)
        if place == "body" or not data
        else admin(statement.strip(), body=data)
    )
    assert reply.status == 200, reply.text
    assert json.loads(reply.headers["x-clickhouse-summary"])["written_rows"] == "2"
    assert admin("SELECT * FROM default.engines_in ORDER BY a FORMAT CSV").text == '1,"a"\n2,"b"\n'


def test_a_truncated_insert_is_an_error_and_writes_nothing(admin: Any) -> None:
    admin("CREATE OR REPLACE TABLE default.engines_cut (a Int64) ENGINE = MergeTree ORDER BY a")
    native = admin("SELECT toInt64(number) AS a FROM numbers(1000) FORMAT Native").body
    for coding, encode in (
        ("", bytes),
        ("lz4", lz4.frame.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ):
        body = encode(native)
        headers = {"Content-Encoding": coding} if coding else {}
        insert = "INSERT INTO default.engines_cut FORMAT Native"
        reply = admin(insert, body=body[: len(body) // 2], headers=headers)
        assert reply.code != 0, coding
        assert admin(insert, body=body, headers=headers).status == 200
    assert admin("SELECT count() FROM default.engines_cut").text == "3000\n"


def test_unsupported_requests_are_refused_not_misread(admin: Any) -> None:
    assert admin("SELECT 1", decompress=1).code == 48
    assert admin("SELECT 1", compress=1).code == 48
    assert admin("SELECT 1", headers={"Content-Encoding": "br"}).code == 48
    assert admin("SELECT 1", headers={"Content-Type": "multipart/form-data; boundary=x"}).code == 48


def test_the_process_environment_holds_no_secret(admin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = admin("SELECT file('/proc/self/environ')").text
    names = {item.partition("=")[0] for item in environment.replace("\\0", "\0").split("\0")}
    assert "TZ" in names
    assert not {
        name for name in names if "TOKEN" in name or "SECRET" in name or "PASSWORD" in name or "KEY" in name
    }
