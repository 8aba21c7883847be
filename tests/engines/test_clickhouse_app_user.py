"""The read-only user: what the compiler writes runs, everything else is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flowforge.compiler.verifier_grammar import FUNCTIONS

pytestmark = pytest.mark.engines

HOSTILE = [
    # files, network, processes
    "SELECT file('/proc/self/environ')",
    "SELECT * FROM file('/proc/self/environ', 'LineAsString')",
    "SELECT * FROM file('/proc/self/environ', LineAsString, 'x String')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    "SELECT * FROM s3('http://127.0.0.1:1/x', 'CSV', 'a String')",
    "SELECT * FROM executable('id', 'CSV', 'a String')",
    "SELECT * FROM python('x')",
    "SELECT * FROM sqlite('/etc/passwd', 'x')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM filesystem('/etc')",
    "DESCRIBE TABLE file('/etc/passwd', 'CSV')",
    "DESCRIBE (SELECT file('/etc/passwd'))",
    "EXPLAIN SELECT file('/etc/passwd')",
    "EXPLAIN QUERY TREE SELECT * FROM file('/etc/passwd')",
    "SELECT 1 WHERE 1 IN (SELECT * FROM file('/etc/passwd'))",
    "WITH (SELECT file('/etc/passwd')) AS x SELECT x",
    "WITH x AS (SELECT * FROM file('/etc/passwd', 'LineAsString')) SELECT * FROM x",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT * APPLY(file) FROM (SELECT '/etc/passwd' AS x)",
    "SELECT COLUMNS('x') APPLY file FROM (SELECT '/etc/passwd' AS x)",
    "SELECT a FROM flowforge.engines_app ORDER BY file('/etc/passwd')",
    "SELECT a FROM flowforge.engines_app LIMIT length(file('/etc/hostname'))",
    "SELECT 1 INTO OUTFILE '/tmp/engines_outfile'",
    "SELECT 1 INTO OUTFILE '/tmp/engines_outfile' TRUNCATE FORMAT CSV",
    "(SELECT 1) INTO OUTFILE '/tmp/engines_outfile' APPEND",
    "EXPLAIN SELECT 1 INTO OUTFILE '/tmp/engines_outfile'",
    "DESCRIBE TABLE flowforge.engines_app INTO OUTFILE '/tmp/engines_outfile'",
    # other data
    "SELECT * FROM engines_other.secret",
    "SELECT * FROM `engines_other`.`secret`",
    'SELECT * FROM "engines_other" . "secret"',
    "SELECT 1 IN engines_other.secret",
    "SELECT 1 IN (engines_other.secret)",
    "SELECT 1 WHERE (1, 'x') NOT IN `engines_other`.secret",
    "SELECT in(1, engines_other.secret)",
    "SELECT engines_other.secret.a FROM flowforge.engines_app",
    "SELECT joinGet('engines_other.secret', 'a', 1)",
    "SELECT dictGet('engines_other.secret', 'a', 1)",
    "SELECT * FROM flowforge.engines_app UNION ALL SELECT * FROM engines_other.secret",
    "SELECT * FROM flowforge.engines_app AS x JOIN engines_other.secret AS y USING a",
    "SELECT (SELECT max(a) FROM engines_other.secret)",
    "WITH x AS (SELECT * FROM engines_other.secret) SELECT * FROM x",
    "DESCRIBE TABLE engines_other.secret",
    "EXISTS TABLE engines_other.secret",
    "SHOW CREATE TABLE engines_other.secret",
    "SHOW TABLES FROM engines_other",
    "SHOW PROCESSLIST",
    "SELECT * FROM merge('engines_other', '.*')",
    "SELECT * FROM merge('.*')",
    "SELECT * FROM remote('127.0.0.1', engines_other.secret)",
    "SELECT * FROM cluster('default', engines_other.secret)",
    "SELECT * FROM view(SELECT * FROM engines_other.secret)",
    "SELECT * FROM viewIfPermitted(SELECT 1 AS a ELSE null('a Int8'))",
    "SELECT * FROM loop(engines_other.secret)",
    "SELECT * FROM dictionary('engines_other.secret')",
    "SELECT * FROM mergeTreeIndex('engines_other', 'secret')",
    "SELECT * FROM input('a String')",
    "SELECT * FROM system.processes",
    "SELECT * FROM system.parts",
    "SELECT * FROM system.server_settings",
    "SELECT 'x' IN system.processes",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM INFORMATION_SCHEMA.TABLES",
    "SELECT 1 AS engines_other, 1 IN engines_other.secret",
    "WITH engines_other AS (SELECT 1 AS secret) SELECT 1 IN engines_other.secret FROM engines_other",
    # the engine's state
    "SELECT getServerSetting('max_connections')",
    "SELECT getMacro('x')",
    "SELECT hostName(), FQDN()",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(1) FROM numbers(3)",
    "SELECT generateSerialID('x')",
    "SELECT logTrace('x')",
    "SELECT evalMLMethod(1)",
    "SELECT addressToLine(1)",
    # writes and control
    "INSERT INTO flowforge.engines_app VALUES (3, 'x')",
    "INSERT INTO flowforge.engines_app SELECT 3, 'x'",
    "INSERT INTO FUNCTION file('/tmp/engines_outfile', 'CSV', 'a Int8') VALUES (1)",
    "WITH x AS (SELECT 3, 'x') INSERT INTO flowforge.engines_app SELECT * FROM x",
    "CREATE TABLE flowforge.engines_new (a Int8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE engines_new (a Int8)",
    "CREATE FUNCTION engines_f AS x -> x",
    "ALTER TABLE flowforge.engines_app DELETE WHERE 1",
    "DELETE FROM flowforge.engines_app WHERE 1",
    "TRUNCATE TABLE flowforge.engines_app",
    "DROP TABLE flowforge.engines_app",
    "RENAME TABLE flowforge.engines_app TO flowforge.x",
    "OPTIMIZE TABLE flowforge.engines_app",
    "BACKUP DATABASE flowforge TO Disk('x', 'y')",
    "ATTACH TABLE flowforge.x",
    "DETACH TABLE flowforge.engines_app",
    "KILL QUERY WHERE 1",
    "KILL QUERY WHERE query_id = 'x'",
    "SYSTEM SHUTDOWN",
    "SYSTEM DROP MARK CACHE",
    "GRANT ALL ON *.* TO app",
    "USE engines_other",
    "SET readonly = 0",
    "EXECUTE AS admin SELECT 1",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_threads = 1",
    "SELECT * FROM (SELECT 1 SETTINGS readonly = 0)",
    "SELECT 1 FORMAT CSV SETTINGS readonly = 0",
    "SELECT * FROM flowforge.engines_app SETTINGS additional_table_filters = {'x': '1'}",
    # several statements, and what hides one
    "SELECT 1; DROP TABLE flowforge.engines_app",
    "SELECT 1; SELECT 2",
    "SELECT 1;;SELECT 2",
    "SELECT 1 /* ; */; SELECT file('/etc/passwd')",
    "SELECT 1 -- x\n; SELECT 2",
    "/* SELECT 1 */ DROP TABLE flowforge.engines_app",
    "-- SELECT\nDROP TABLE flowforge.engines_app",
    "#!\nDROP TABLE flowforge.engines_app",
    "SELECT 1 AS `x\n  Function plus`, file('/etc/passwd')",
    "SELECT $$x$$, file('/etc/passwd')",
    "",
    ";",
    "SELECT",
    "graph = 1 SELECT 1",
    "\0SELECT 1",
]

ALLOWED = [
    ("SELECT a, b FROM flowforge.engines_app ORDER BY a", "1\tone\n2\ttwo\n"),
    (
        "SELECT count(), sum(a), any(b) FROM flowforge.engines_app WHERE b IN ('one', 'two') AND a BETWEEN 1 AND 1",
        "1\t1\tone\n",
    ),
    ("SELECT a FROM flowforge.engines_app PREWHERE b = 'one'", "1\n"),
    ("WITH x AS (SELECT a FROM flowforge.engines_app) SELECT max(a) FROM x", "2\n"),
    (
        "SELECT t.a FROM flowforge.engines_app AS t ASOF JOIN flowforge.engines_app AS u ON t.b = u.b AND t.a >= u.a ORDER BY 1",
        "1\n2\n",
    ),
    ("SELECT flowforge.engines_app.a FROM flowforge.engines_app ORDER BY a LIMIT 1", "1\n"),
    (
        "SELECT a, row_number() OVER (PARTITION BY a ORDER BY b) AS r FROM flowforge.engines_app ORDER BY a",
        "1\t1\n2\t1\n",
    ),
    (
        "SELECT sumIf(a, b = 'one'), quantileExactInclusive(0.5)(a), argMaxIf(b, a, a < 9), stddevSampOrNull(a) > 0 FROM flowforge.engines_app",
        "1\t1.5\ttwo\t1\n",
    ),
    (
        "SELECT multiIf(1 = 2, 'x', 'y'), if(1, 2, 3), CASE WHEN 1 THEN 2 END, ifNull(NULL, 1), toDecimal128('1.5', 10), divideDecimal(toDecimal128(1, 4), toDecimal128(3, 4), 12)",
        "y\t2\t2\t1\t1.5\t0.333333333333\n",
    ),
    (
        "SELECT toStartOfInterval(toDateTime64('2024-01-01 10:07:00', 9, 'UTC'), INTERVAL 5 MINUTE), toTimeZone(toDateTime('2024-01-01 00:00:00', 'UTC'), 'America/New_York')",
        "2024-01-01 10:05:00\t2023-12-31 19:00:00\n",
    ),
    ("SELECT 'it''s a\nnew line', 'file(''x'')'", "it\\'s a\\nnew line\tfile(\\'x\\')\n"),
    ("SELECT {n:Int64} + 1", "42\n"),
    (
        "SELECT name FROM system.columns WHERE database = 'flowforge' AND table = 'engines_app' ORDER BY position",
        "a\nb\n",
    ),
    ("SELECT name FROM system.tables WHERE database = 'flowforge' AND name = 'engines_app'", "engines_app\n"),
    (
        "SELECT system.columns.name FROM system.columns WHERE table = 'engines_app' ORDER BY position LIMIT 1",
        "a\n",
    ),
    ("EXISTS TABLE flowforge.engines_app", "1\n"),
    ("SELECT number FROM numbers(2)", "0\n1\n"),
    ("SELECT readonly FROM system.settings WHERE name = 'max_threads'", "0\n"),
    ("SELECT version() != '', timezone()", "1\tUTC\n"),
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_refused(app: Any, admin: Any, sql: str) -> None:
    reply = app(sql)
    assert reply.code != 0, reply.text
    assert reply.status >= 400
    assert "root:" not in reply.text
    assert not Path("/tmp/engines_outfile").exists()
    assert admin("SELECT * FROM flowforge.engines_app ORDER BY a").text == "1\tone\n2\ttwo\n"


@pytest.mark.parametrize(("sql", "expected"), ALLOWED)
def test_allowed(app: Any, sql: str, expected: str) -> None:
    for _ in range(2):  # the second answer comes from the remembered approval
        reply = app(sql, param_n="41")
        assert reply.text == expected


def test_every_function_of_the_compiler_is_allowed(app: Any) -> None:
    calls = ", ".join(f"`{name}`(1, 2)" for name in sorted(FUNCTIONS["clickhouse"]))
    reply = app(f"EXPLAIN AST SELECT {calls}")
    assert reply.status == 200, reply.text


def test_an_identifier_parameter_is_a_name_like_any_other(app: Any) -> None:
    sql = "SELECT count() FROM {d:Identifier}.{t:Identifier}"
    assert app(sql, param_d="flowforge", param_t="engines_app").text == "2\n"
    assert app(sql, param_d="engines_other", param_t="secret").code == 497
    assert app(sql, param_d="system", param_t="processes").code == 497
    assert app("SELECT {f:Identifier}", param_f="engines_other.secret").code != 0


@pytest.mark.parametrize("database", ["engines_other", "system", "information_schema", "nowhere"])
def test_other_databases_cannot_be_the_default(app: Any, database: str) -> None:
    assert app("SELECT * FROM secret", database=database).code == 497


def test_a_served_database_can_be_the_default(app: Any) -> None:
    assert app("SELECT count() FROM engines_app", database="flowforge").text == "2\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("readonly", 0),
        ("readonly", 2),
        ("allow_ddl", 1),
        ("allow_introspection_functions", 1),
        ("dialect", "prql"),
        ("implicit_select", 1),
        ("output_format_schema", "/tmp/engines_outfile"),
        ("format_schema", "/tmp/x"),
        ("format_template_resultset", "/etc/passwd"),
        ("additional_table_filters", "{'flowforge.engines_app': '1'}"),
        ("s3_max_redirects", 1),
        ("limit", 1),
    ],
)
def test_settings_that_are_not_its_to_change(app: Any, name: str, value: object) -> None:
    assert app("SELECT 1", **{name: value}).code in (115, 164)


def test_settings_that_it_may_send(app: Any) -> None:
    settings = {
        "join_use_nulls": 1,
        "max_execution_time": 3,
        "max_memory_usage": 100_000_000,
        "max_result_rows": 10,
        "max_rows_to_read": 10,
        "optimize_move_to_prewhere": 0,
        "output_format_json_quote_decimals": 1,
        "query_plan_optimize_prewhere": 0,
        "session_timezone": "UTC",
    }
    assert app("SELECT a FROM flowforge.engines_app ORDER BY a", **settings).text == "1\n2\n"


def test_readonly_binds_even_what_the_guard_lets_through(app: Any) -> None:
    assert app("SELECT value FROM system.settings WHERE name = 'readonly'").text == "2\n"
    assert (
        app(
            "SELECT value FROM system.settings AS s JOIN system.one AS o ON 1 = 1 WHERE name = 'readonly'"
        ).text
        == "1\n"
    )


def test_it_never_inserts_by_body(app: Any) -> None:
    assert app("INSERT INTO flowforge.engines_app FORMAT CSV", body=b"3,x\n").code == 497
    assert app(body=b"INSERT INTO flowforge.engines_app FORMAT CSV\n3,x\n").code == 497
