"""Which questions a rollup answers, and near misses that it must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flowforge.catalog import Catalog, Protection, Table
from flowforge.compiler import Plan, compile_graph
from flowforge.graph import parse_graph
from flowforge.schema.rollups import ROLLUPS
from flowforge.tenancy import Access
from flowforge.types import BOOLEAN, DATE, DATETIME, INT64, STRING, Column, decimal
from samples import EVERYONE, FIRM, Step

KEYS = (
    Column("symbol", STRING),
    Column("trade_date", DATE),
    Column("side", STRING),
    Column("session", STRING),
    Column("suspicious", BOOLEAN),
    Column("ohlc_eligible", BOOLEAN),
    Column("volume_eligible", BOOLEAN),
    Column("status", STRING),
    Column("source", STRING),
)
PRICE, QUANTITY = decimal(18, 6), decimal(18, 4)
RAW = Table(
    "flowforge",
    "raw_trades",
    "clickhouse",
    (
        *KEYS,
        Column("event_time", DATETIME),
        Column("price", PRICE),
        Column("quantity", QUANTITY),
        Column("notional", decimal(38, 10)),
        Column("venue", STRING),
        Column("sequence", INT64),
        Column("source_file", STRING),
        Column("row_no", INT64),
        Column("ingest_time", DATETIME),
    ),
    Protection("symbol", "symbol"),
    ("flowforge", "raw_trades"),
    trade_order=("event_time", "sequence", "source_file", "row_no"),
    prewhere=True,
    as_text=frozenset({"side", "session", "status"}),
    computed=(("notional", "[price] * [quantity]"),),
)
PLACE = [("time", DATETIME), ("sequence", INT64), ("file", STRING), ("row", INT64)]
ROLLUP = Table(
    "metrics",
    "trades_5min",
    "clickhouse",
    (
        *KEYS,
        Column("bucket_start", DATETIME),
        Column("trade_count", INT64),
        Column("volume", decimal(38, 4)),
        Column("notional", decimal(38, 10)),
        Column("price_sum", decimal(38, 6)),
        Column("high", PRICE),
        Column("low", PRICE),
        Column("open", PRICE),
        Column("close", PRICE),
        *[Column(f"{end}_{name}", type_) for end in ("open", "close") for name, type_ in PLACE],
    ),
    RAW.protection,
    ("metrics", "trades_5min"),
    prewhere=True,
    final=True,
    as_text=RAW.as_text,
)
CATALOGUE = Catalog.of([RAW, ROLLUP], "1", ROLLUPS)


def compiled(*steps: Step, catalog: Catalog = CATALOGUE, access: Access = EVERYONE, **options: Any) -> Plan:
    chain: list[Step] = [("data_source", {"database": "flowforge", "table": "raw_trades"}), *steps]
    nodes = [{"id": f"n{i}", "type": kind, "data": data} for i, (kind, data) in enumerate(chain)]
    edges = [{"source": f"n{i}", "target": f"n{i + 1}"} for i in range(len(steps))]
    graph = parse_graph({"nodes": nodes, "edges": edges})
    return compile_graph(
        graph, f"n{len(steps)}", catalog=catalog.visible_to(access), access=access, **options
    )


def formula(expression: str, name: str = "made") -> Step:
    return ("formula", {"expression": expression, "output_column": name})


def only(column: str, operator: str, value: Any = None) -> Step:
    return ("filter", {"filters": [{"column": column, "operator": operator, "value": value}]})


def grouped(*keys: str, **aggregate: Any) -> Step:
    return ("group_by", {"group_by": list(keys), "aggregations": [aggregate or {"function": "count"}]})


COUNT = grouped("symbol")
VWAP = grouped("symbol", function="vwap", column="price", weight="quantity")


def bucket(size: str, **more: Any) -> Step:
    return ("time_bucket", {"column": "event_time", "size": size, **more})


@pytest.mark.parametrize(
    "steps",
    [
        [COUNT],
        [VWAP],
        [only("event_time", ">=", "2024-01-03T15:05:00Z"), VWAP],
        [only("event_time", "<", "2024-01-03T15:05:00+02:00"), VWAP],
        [only("session", "!=", "extended"), only("volume_eligible", "=", True), VWAP],
        [bucket("5m"), grouped("bucket")],
        [bucket("1h"), grouped("bucket")],
        [bucket("1w"), grouped("bucket")],
        [bucket("1M"), grouped("bucket")],
        [bucket("35m"), grouped("bucket")],
        [formula("DATE_TRUNC('quarter', [event_time])"), grouped("made")],
        [formula("[quantity] * [price]"), grouped("symbol", function="sum", column="made")],
        [grouped("symbol", function="avg", column="notional")],
        [grouped("symbol", function="first", column="price")],
        [formula("UPPER([session])"), grouped("made", function="max", column="trade_date")],
        [("sort", {"sorts": [{"column": "price", "direction": "asc"}]}), VWAP, ("limit", {"rows": 3})],
        [grouped("symbol", "session"), grouped("session", function="median", column="count")],
    ],
)  # fmt: skip
def test_answered(steps: list[Step]) -> None:
    plan = compiled(*steps)
    (use,) = [report.rollup for report in plan.nodes.values() if report.rollup is not None]
    assert (use.table, use.base, use.used) == ("metrics.trades_5min", "flowforge.raw_trades", True)
    assert plan.tables == ("flowforge.raw_trades", "metrics.trades_5min")
    assert "FROM metrics.trades_5min" in plan.statements[0].sql
    assert "raw_trades" not in plan.statements[0].sql
    assert any("; answered from metrics.trades_5min because" in each.detail for each in plan.nodes.values())
    plain = compiled(*steps, use_rollups=False)
    assert plain.tables == ("flowforge.raw_trades",)
    assert plain.columns == plan.columns
    assert plain.lineage == plan.lineage
    assert plain.plan_hash != plan.plan_hash
    assert all(report.rollup is None for report in plain.nodes.values())


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([only("quantity", ">", 0), VWAP], "[quantity] is not the same"),
        ([only("venue", "=", "Q"), VWAP], "[venue] is not the same"),
        ([only("notional", ">", 1), COUNT], "[notional] is not the same"),
        ([only("ingest_time", "<", "2024-01-01T00:00:00Z"), COUNT], "[ingest_time] is not the same"),
        ([("filter", {"logic": "OR", "filters": [{"column": "side", "operator": "=", "value": "BUY"}, {"column": "price", "operator": "<", "value": 1}]}), COUNT], "[price]"),
        ([only("event_time", ">=", "2024-01-03T15:04:00Z"), VWAP], "finer than its buckets"),
        ([only("event_time", ">=", "2024-01-03T15:05:00.000001Z"), VWAP], "finer than its buckets"),
        ([only("event_time", ">", "2024-01-03T15:05:00Z"), VWAP], "finer than its buckets"),
        ([only("event_time", "<=", "2024-01-03T15:05:00Z"), VWAP], "finer than its buckets"),
        ([only("event_time", "=", "2024-01-03T15:05:00Z"), VWAP], "finer than its buckets"),
        ([only("event_time", "BETWEEN", ["2024-01-03T15:05:00Z", "2024-01-03T15:10:00Z"]), VWAP], "finer than its buckets"),
        ([bucket("7m"), grouped("bucket")], "finer than its buckets"),
        ([bucket("1m"), grouped("bucket")], "finer than its buckets"),
        ([bucket("301s"), grouped("bucket")], "finer than its buckets"),
        ([bucket("1h", anchor="zone", timezone="Asia/Kathmandu"), grouped("bucket")], "finer than its buckets"),
        ([bucket("1d", anchor="session"), grouped("bucket")], "finer than its buckets"),
        ([formula("DATE_TRUNC('minute', [event_time])"), grouped("made")], "finer than its buckets"),
        ([formula("MINUTE([event_time])"), grouped("made")], "finer than its buckets"),
        ([formula("DATE_ADD('hour', 1, [event_time])"), grouped("made")], "finer than its buckets"),
        ([grouped("event_time")], "[event_time] is not the same"),
        ([grouped("price")], "[price] is not the same"),
        ([grouped("symbol", function="count_distinct", column="symbol")], "count distinct cannot be worked out from parts"),
        ([grouped("symbol", function="median", column="price")], "median"),
        ([grouped("symbol", function="stddev", column="price")], "stddev cannot be worked out from parts"),
        ([grouped("symbol", function="min", column="quantity")], "[quantity] is not the same"),
        ([grouped("symbol", function="max", column="event_time")], "[event_time] is not the same"),
        ([grouped("symbol", function="first", column="quantity")], "no first of [quantity]"),
        ([grouped("symbol", function="first", column="price", by="ingest_time")], "another order than the trade order"),
        ([formula("[price] * [quantity] * [price]"), grouped("symbol", function="sum", column="made")], "no sum of this formula"),
        ([formula("[price] * [quantity] + 0"), grouped("symbol", function="sum", column="made")], "no sum of this formula"),
        ([formula("ROUND([price] * [quantity], 2)"), grouped("symbol", function="sum", column="made")], "no sum of this formula"),
        ([formula("IF([price] > 1, [quantity], 0)"), grouped("symbol", function="sum", column="made")], "[price]"),
        ([formula("IF([side] = 'BUY', [quantity], 1)"), grouped("symbol", function="sum", column="made")], "no sum"),
        ([grouped("symbol", function="vwap", column="quantity", weight="quantity")], "no sum of this formula"),
    ],
)  # fmt: skip
def test_near_misses(steps: list[Step], reason: str) -> None:
    plan = compiled(*steps)
    assert "FROM flowforge.raw_trades" in plan.statements[0].sql
    (use,) = [report.rollup for report in plan.nodes.values() if report.rollup is not None]
    assert not use.used
    assert reason in use.reason
    assert plan.tables == ("flowforge.raw_trades",)
    assert any(
        "; not answered from metrics.trades_5min because" in each.detail for each in plan.nodes.values()
    )


@pytest.mark.parametrize(
    "steps",
    [
        [("limit", {"rows": 5}), COUNT],
        [("unique", {"columns": ["symbol"]}), COUNT],
        [("sample", {"rows": 10}), COUNT],
        [("window", {"function": "row_number", "order_by": [{"column": "event_time", "direction": "asc"}]}), grouped("row_number")],
        [("sort", {"sorts": [{"column": "price", "direction": "asc"}]})],
        [],
    ],
)  # fmt: skip
def test_not_even_tried(steps: list[Step]) -> None:
    plan = compiled(*steps)
    assert plan.tables == ("flowforge.raw_trades",)
    assert all(report.rollup is None for report in plan.nodes.values())


def test_only_if_the_tenant_may_know_the_rollup() -> None:
    blind = replace(EVERYONE, tables=frozenset({"flowforge.raw_trades"}))
    plan = compiled(VWAP, access=blind)
    assert plan.tables == ("flowforge.raw_trades",)
    assert plan.nodes["n1"].rollup is None


def test_the_rollup_is_guarded_and_verified_like_any_table() -> None:
    plan = compiled(VWAP, access=FIRM)
    assert plan.verified
    assert "PREWHERE\n  symbol IN ('AAPL', 'MSFT')" in plan.statements[0].sql
    assert plan.symbols == FIRM.symbols
    assert "FALSE" in compiled(VWAP, access=replace(FIRM, symbols=frozenset())).statements[0].sql


@pytest.mark.parametrize(
    "table",
    [
        replace(ROLLUP, as_text=frozenset()),
        replace(ROLLUP, columns=tuple(each for each in ROLLUP.columns if each.name != "notional")),
        replace(ROLLUP, columns=tuple(each for each in ROLLUP.columns if each.name != "bucket_start")),
        replace(ROLLUP, columns=tuple(Column(each.name, each.type, True) for each in ROLLUP.columns)),
        replace(
            ROLLUP,
            columns=tuple(
                Column(each.name, decimal(38, 8)) if each.name == "notional" else each for each in ROLLUP.columns
            ),
        ),
    ],
)  # fmt: skip
def test_a_rollup_that_is_not_as_declared_does_not_answer(table: Table) -> None:
    catalog = Catalog.of([RAW, table], "1", ROLLUPS)
    plan = compiled(
        bucket("1h"),
        only("side", "=", "BUY"),
        grouped("bucket", function="sum", column="notional"),
        catalog=catalog,
    )
    assert plan.tables == ("flowforge.raw_trades",)


def test_a_column_that_no_constraint_holds_equal_is_only_itself() -> None:
    catalog = Catalog.of([replace(RAW, computed=()), ROLLUP], "1", ROLLUPS)
    assert compiled(grouped("symbol", function="sum", column="notional"), catalog=catalog).tables == (
        "flowforge.raw_trades",
    )
    other = replace(RAW, computed=(("notional", "[price] * [quantity] * [price]"),))
    catalog = Catalog.of([other, ROLLUP], "1", ROLLUPS)
    assert compiled(grouped("symbol", function="sum", column="notional"), catalog=catalog).tables == (
        "flowforge.raw_trades",
    )


def test_withheld_rollups_say_why() -> None:
    lagging = Table(
        "metrics", "vwap_5min", "clickhouse", ROLLUP.columns, RAW.protection, ("metrics", "vwap_5min")
    )
    use = compiled(VWAP, catalog=Catalog.of([RAW, lagging], "1", ROLLUPS)).nodes["n1"].rollup
    assert use is not None
    assert "lags" in use.reason


def test_a_scan_that_two_groupings_read_is_answered_for_each_alone() -> None:
    nodes = [
        {"id": "s", "type": "data_source", "data": {"database": "flowforge", "table": "raw_trades"}},
        {"id": "a", "type": "group_by", "data": VWAP[1]},
        {"id": "b", "type": "group_by", "data": grouped("symbol", function="median", column="price")[1]},
        {"id": "j", "type": "join", "data": {"left_key": "symbol", "right_key": "symbol"}},
    ]
    edges = [
        {"source": "s", "target": "a"},
        {"source": "s", "target": "b"},
        {"source": "a", "target": "j", "targetHandle": "left"},
        {"source": "b", "target": "j", "targetHandle": "right"},
    ]
    plan = compile_graph(parse_graph({"nodes": nodes, "edges": edges}), "j", catalog=CATALOGUE, access=FIRM)
    assert [plan.nodes[each].rollup.used for each in "ab"] == [True, False]  # type: ignore[union-attr]
    assert plan.tables == ("flowforge.raw_trades", "metrics.trades_5min")
    assert plan.statements[0].sql.count("IN ('AAPL', 'MSFT')") == 2
