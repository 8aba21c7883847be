"""Uploads: typed, bounded, the tenant's own; tables of them in graphs, alone and beside ClickHouse."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flowforge.settings import settings

from .graphs import Graph, chain, source
from .test_federation import ask, graph, node, preview, table, wire

pytestmark = pytest.mark.engines

UPLOADS = "/api/v1/uploads"

WEIGHTS = """symbol,weight,since,checked,note,size,id,ratio
AAPL,0.10,2024-01-02,2024-03-05T14:30:00.123456789Z,=1+1,9007199254740993,007,1e3
MSFT,12345678901234567890.123456789,2024-02-29,2024-03-05T09:30:00-05:00,"a, ""quoted"" one",-1,010,2.5e-1
JPM,,2024-01-03,2024-03-05T14:30,,0,100,0.5
"""


async def send(client: Any, name: str, content: bytes | str) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return await client.post(UPLOADS, params={"filename": name}, content=body)


async def uploaded(
    client: Any, table_name: str, name: str, content: bytes | str, **more: Any
) -> dict[str, Any]:
    staged = await send(client, name, content)
    assert staged.status_code == 201, staged.text
    answer = await client.post(f"{UPLOADS}/{staged.json()['id']}/commit", json={"name": table_name, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def parquet(**columns: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


async def test_a_csv_file_is_shown_with_its_types(call) -> None:
    answer = await send(call("execute"), "weights.csv", WEIGHTS)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert {each["name"]: each["type"] for each in found["columns"]} == {
        "symbol": "string",
        "weight": "decimal(38,9)",
        "since": "date",
        "checked": "datetime",
        "note": "string",
        "size": "int64",
        "id": "string",
        "ratio": "float64",
    }
    assert {each["name"] for each in found["columns"] if each["nullable"]} == {"weight", "note"}
    assert found["rows"][0] == [
        "AAPL", "0.1", "2024-01-02", "2024-03-05T14:30:00.123456789Z", "=1+1", "9007199254740993", "007", 1000.0,
    ]  # fmt: skip
    assert found["rows"][1][1] == "12345678901234567890.123456789"
    assert found["rows"][1][3] == "2024-03-05T14:30:00Z"
    assert found["rows"][2][1] is None
    assert (found["format"], found["row_count"], found["truncated"]) == ("csv", 3, False)


async def test_an_upload_is_a_table_of_its_tenant_only(call) -> None:
    answer = await uploaded(call("execute", tenant="firm-alpha"), "weights", "weights.csv", WEIGHTS)
    assert (answer["database"], answer["table"], answer["rows"]) == ("uploads", "weights", 3)
    question = chain(
        source("uploads", "weights"), ("sort", {"sorts": [{"column": "weight", "direction": "desc"}]})
    )
    rows = (await preview(call("preview", tenant="firm-alpha"), question, "sort"))["rows"]
    assert [row[0] for row in rows] == ["MSFT", "AAPL", "JPM"]
    listed = (await call("schema", tenant="firm-alpha").get("/api/v1/schema")).json()["tables"]
    (found,) = [each for each in listed if each["database"] == "uploads"]
    assert (found["table"], found["store"], found["rows"]) == ("weights", "uploads", 3)
    for tenant in ("firm-beta", "demo"):
        other = await call("preview", tenant=tenant).post(
            "/api/v1/preview", json={"graph": question, "target_node_id": "sort"}
        )
        assert (other.status_code, other.json()["code"]) == (422, "unknown_table")
        listed = (await call("schema", tenant=tenant).get("/api/v1/schema")).json()["tables"]
        assert not [each for each in listed if each["database"] == "uploads"]


async def test_another_tenants_upload_cannot_be_committed(call) -> None:
    staged = (await send(call("execute", tenant="firm-alpha"), "a.csv", "a\n1\n")).json()
    for tenant, path in (("firm-beta", staged["id"]), ("firm-alpha", "../../etc"), ("firm-alpha", "0" * 36)):
        answer = await call("execute", tenant=tenant).post(
            f"{UPLOADS}/{path}/commit", json={"name": "stolen"}
        )
        assert answer.status_code == 404, answer.text
    viewer = call("execute", tenant="firm-alpha", roles="viewer")
    assert (await send(viewer, "a.csv", "a\n1\n")).status_code == 403
    assert (await send(call("execute", tenant="stranger"), "a.csv", "a\n1\n")).status_code == 403


async def test_a_name_is_taken_until_it_is_replaced(call) -> None:
    client = call("execute", tenant="firm-beta")
    await uploaded(client, "numbers", "n.csv", "n\n1\n2\n")
    question = chain(source("uploads", "numbers"))
    assert (await preview(call("preview", tenant="firm-beta"), question, "data_source"))["row_count"] == 2
    assert (await preview(call("preview", tenant="firm-beta"), question, "data_source"))["cache_hit"] is True
    staged = (await send(client, "n.csv", "n\n3\n")).json()["id"]
    taken = await client.post(f"{UPLOADS}/{staged}/commit", json={"name": "numbers"})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    again = await client.post(f"{UPLOADS}/{staged}/commit", json={"name": "numbers", "replace": True})
    assert again.status_code == 201, again.text
    answer = await preview(call("preview", tenant="firm-beta"), question, "data_source")
    assert (answer["rows"], answer["cache_hit"]) == ([["3"]], False)
    gone = await client.post(f"{UPLOADS}/{staged}/commit", json={"name": "other"})
    assert gone.status_code == 404


async def test_an_upload_joins_trades(call) -> None:
    await uploaded(
        call("execute", tenant="firm-alpha"), "mine", "w.csv", "symbol,weight\nAAPL,0.5\nJPM,0.25\n"
    )
    question = graph(
        [
            table("mine", "uploads", "mine"),
            table("trades", "flowforge", "raw_trades"),
            node(
                "last",
                "group_by",
                group_by=["symbol"],
                aggregations=[{"function": "last", "column": "price"}],
            ),
            node("both", "join", left_key="symbol", right_key="symbol", join_type="left"),
            node("value", "formula", expression="[weight] * [last_price]", output_column="value"),
            node("columns", "select", columns=["symbol", "value"]),
            node("order", "sort", sorts=[{"column": "symbol", "direction": "asc"}]),
        ],
        wire("mine", "both", "left"),
        wire("trades", "last"),
        wire("last", "both", "right"),
        wire("both", "value"),
        wire("value", "columns"),
        wire("columns", "order"),
    )
    answer = await preview(call("preview", tenant="firm-alpha"), question, "order")
    assert answer["rows"] == [["AAPL", "5.0000595"], ["JPM", None]]
    explained = (await ask(call("compile", tenant="firm-alpha"), "/api/v1/compile", question, "order")).json()
    assert explained["nodes"]["mine"]["store"] == "uploads"
    assert explained["reads"]["tables"][:2] == ["uploads.mine", "flowforge.raw_trades"]
    exported = await ask(
        call("execute", tenant="firm-alpha"),
        "/api/v1/execute",
        question,
        "order",
        headers={"accept": "text/csv"},
    )
    assert exported.text.splitlines() == ['"symbol","value"', '"AAPL",5.0000595', '"JPM",']


async def test_parquet_keeps_its_values(call) -> None:
    moment = datetime(2024, 3, 5, 14, 30, tzinfo=UTC)
    content = parquet(
        price=pa.array([Decimal("0.1"), None], pa.decimal128(20, 4)),
        size=pa.array([2**63 - 1, 1], pa.uint64()),
        day=pa.array([date(2024, 2, 29), None]),
        at=pa.array([moment, None], pa.timestamp("ms", tz="America/New_York")),
        name=pa.array(["x", "y"]).dictionary_encode(),
        yes=pa.array([True, None]),
    )
    answer = await send(call("execute"), "p.parquet", content)
    assert answer.status_code == 201, answer.text
    assert answer.json()["rows"] == [
        ["0.1", "9223372036854775807", "2024-02-29", "2024-03-05T14:30:00Z", "x", True],
        [None, "1", None, None, "y", None],
    ]
    assert [each["type"] for each in answer.json()["columns"]][:2] == ["decimal(38,4)", "int64"]


def zipped() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a\n" + b"0\n" * 1_000_000)
    return sink.getvalue()


def bomb() -> bytes:
    """A small file of two million equal rows in many columns."""
    ones = pa.array([1], pa.int64())
    column = pa.chunked_array([pa.DictionaryArray.from_arrays(pa.array([0] * 2_000_000, pa.int8()), ones)])
    sink = io.BytesIO()
    pq.write_table(pa.table({f"c{index}": column for index in range(100)}), sink)
    return sink.getvalue()


HOSTILE: list[tuple[str, str, Any, int, str]] = [
    ("no ending", "weights", "a\n1\n", 415, "neither CSV nor Parquet"),
    ("another ending", "weights.xlsx", "a\n1\n", 415, "neither CSV nor Parquet"),
    ("empty", "a.csv", "", 422, "empty"),
    ("a zip file", "a.csv", zipped, 422, "ZIP"),
    ("parquet named csv", "a.csv", lambda: parquet(a=[1]), 422, "it is Parquet"),
    ("csv named parquet", "a.parquet", "a\n1\n", 422, "named as Parquet"),
    ("cut parquet", "a.parquet", lambda: parquet(a=[1])[:-30], 422, "broken"),
    ("parquet with a broken footer", "a.parquet", b"PAR1" + b"\xff" * 500 + b"PAR1", 422, "broken"),
    ("a parquet bomb", "a.parquet", bomb, 422, "once it is unpacked"),
    ("10,000 columns", "a.csv", ",".join(f"c{n}" for n in range(10_000)) + "\n", 422, "10,000 columns"),
    ("ragged", "a.csv", "a,b\n1,2\n3\n", 422, "Line 3 has 1 cells; the header has 2"),
    ("two of a name", "a.csv", "a,a\n1,2\n", 422, "Two columns"),
    ("no name", "a.csv", "a,\n1,2\n", 422, "Column 2 has no name"),
    ("brackets in a name", "a.csv", "a,[b]\n1,2\n", 422, "cannot be named"),
    ("latin-1", "a.csv", "name\nM\xfcller\n".encode("latin-1"), 422, "not UTF-8"),
    ("binary", "a.csv", b"\x00\x01\x02\x03", 422, "not text"),
    ("a list in parquet", "a.parquet", lambda: parquet(a=[[1, 2]]), 422, "'a' is list"),
    ("a path as name", "../../../etc/passwd", "a\n1\n", 415, "neither CSV nor Parquet"),
]


@pytest.mark.parametrize(
    ("name", "content", "status", "words"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE]
)
async def test_what_is_not_taken_says_why(call, name: str, content: Any, status: int, words: str) -> None:
    answer = await send(call("execute"), name, content() if callable(content) else content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"], answer.text


async def test_a_body_beyond_the_limit_is_refused_while_it_arrives(call, monkeypatch) -> None:
    monkeypatch.setenv("FLOWFORGE_MAX_UPLOAD_BYTES", "1000")
    settings.cache_clear()
    try:
        answer = await send(call("execute"), "a.csv", "a\n" + "1\n" * 1000)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.b", "a/b", "..", "a" * 64, "tábla"])
async def test_a_table_needs_a_plain_name(call, name: str) -> None:
    client = call("execute")
    staged = (await send(client, "a.csv", "a\n1\n")).json()["id"]
    answer = await client.post(f"{UPLOADS}/{staged}/commit", json={"name": name})
    assert (answer.status_code, answer.json()["field"]) == (422, "name")


async def test_formulas_of_an_upload_are_texts_and_are_defused_on_the_way_out(call) -> None:
    await uploaded(call("execute"), "formulas", "f.csv", "a,b\n=cmd|' /C calc'!A0,1\n")
    question: Graph = chain(source("uploads", "formulas"))
    exported = await ask(
        call("execute"), "/api/v1/execute", question, "data_source", headers={"accept": "text/csv"}
    )
    assert exported.text.splitlines()[1] == "\"'=cmd|' /C calc'!A0\",1"
