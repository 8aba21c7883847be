"""What a plan says about itself: hash, page, lineage, reads, spans and the barrier report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flowforge.compiler import Page, Plan, compile_graph
from flowforge.errors import ErrorCode, FlowForgeError, GraphError
from flowforge.graph import Graph, parse_graph
from flowforge.tenancy import EVERYTHING
from samples import CATALOGUE, EVERYONE, FIRM, LIVE, NOBODY, TRADES, VIEW, Step, chain, compiled
from samples.catalogue import HOLIDAYS, POSITIONS

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)
CHEAP: Step = ("filter", {"filters": [{"column": "price", "operator": "<", "value": 10}]})
TURNOVER: Step = ("formula", {"expression": "[price] * [quantity]", "output_column": "turnover"})
NOW: Step = ("formula", {"expression": "DATE_DIFF('day', [trade_date], NOW())", "output_column": "age"})
TOTAL: Step = (
    "group_by",
    {
        "group_by": ["symbol"],
        "aggregations": [{"function": "sum", "column": "turnover"}, {"function": "count"}],
    },
)


def of(graph: Graph, target: str, **options: Any) -> Plan:
    return compile_graph(graph, target, **{"catalog": CATALOGUE, "access": FIRM, "as_of": AS_OF} | options)


def document(steps: list[Step]) -> dict[str, Any]:
    graph, _ = chain(steps)
    return {
        "nodes": [{"id": n.id, "type": n.type, "data": n.data, "position": {"x": 0, "y": 0}} for n in graph.nodes.values()],
        "edges": [{"id": f"{e.source}-{e.target}", "source": e.source, "target": e.target} for e in graph.edges],
    }  # fmt: skip


def test_the_hash_ignores_layout_ids_and_what_does_not_lead_to_the_target() -> None:
    plain = document([CHEAP, TURNOVER])
    target = plain["nodes"][-1]["id"]
    before = of(parse_graph(plain), target).plan_hash
    moved = document([CHEAP, TURNOVER])
    for node in moved["nodes"]:
        node |= {"position": {"x": 500, "y": -3}, "selected": True, "measured": {"width": 1}}
    moved["viewport"] = {"zoom": 2}
    moved["nodes"].append({"id": "aside", "type": "note", "data": {"text": "x"}})
    moved["nodes"].append({"id": "later", "type": "limit", "data": {"rows": 1}})
    moved["edges"].append({"source": target, "target": "later"})
    assert of(parse_graph(moved), target).plan_hash == before
    renamed = {"nodes": [n | {"id": f"x{n['id']}"} for n in plain["nodes"]]}
    renamed["edges"] = [{"source": f"x{e['source']}", "target": f"x{e['target']}"} for e in plain["edges"]]
    assert of(parse_graph(renamed), f"x{target}").plan_hash == before


@pytest.mark.parametrize(
    "options",
    [
        {"access": replace(FIRM, version=4)},
        {"access": replace(FIRM, tenant_id="firm-beta")},
        {"access": replace(FIRM, symbols=EVERYTHING)},
        {"access": replace(FIRM, symbols=frozenset({"AAPL"}))},
        {"catalog": replace(CATALOGUE, version="8")},
    ],
)
def test_the_hash_depends_on_the_tenant_its_access_and_the_catalogue(options: dict[str, Any]) -> None:
    graph, target = chain([CHEAP])
    assert of(graph, target, **options).plan_hash != of(graph, target).plan_hash


@pytest.mark.parametrize(
    ("expression", "asks"),
    [
        ("CONCAT([symbol], 'unknown')", False),
        ("IF([price] > 1, 'snowy', 'NOW_OR_NEVER')", False),
        ("DATE_DIFF('day', [trade_date], now ( ))", True),
        ("DATE_DIFF('day',[trade_date],NOW())+1", True),
    ],
)
def test_only_what_asks_for_the_time_depends_on_it(expression: str, asks: bool) -> None:
    graph, target = chain([("formula", {"expression": expression, "output_column": "x"})])
    later = of(graph, target, as_of=AS_OF + timedelta(days=1))
    assert (later.plan_hash != of(graph, target).plan_hash) == asks
    assert (later.statements != of(graph, target).statements) == asks


def test_the_hash_depends_on_upstream_configuration_and_on_the_target() -> None:
    other: Step = ("filter", {"filters": [{"column": "price", "operator": "<", "value": 11}]})
    hashes = {
        compiled(steps).plan_hash
        for steps in ([CHEAP, TURNOVER], [other, TURNOVER], [TURNOVER, CHEAP], [CHEAP])
    }
    assert len(hashes) == 4


def test_the_as_of_time_counts_only_where_the_graph_asks_for_it() -> None:
    for steps, changes in (([CHEAP], False), ([NOW], True)):
        graph, target = chain(list(steps))
        later = of(graph, target, as_of=AS_OF + timedelta(minutes=1))
        assert (later.plan_hash != of(graph, target).plan_hash) is changes


def test_the_as_of_time_counts_where_a_parameter_asks_for_it() -> None:
    graph, target = chain([("formula", {"expression": {"param": "text"}, "output_column": "x"})])
    graph = replace(graph, parameters=({"name": "text", "default": "NOW()"},))
    hashes = {of(graph, target, as_of=AS_OF + timedelta(minutes=each)).plan_hash for each in (0, 1)}
    assert len(hashes) == 2


def test_the_page_is_the_outermost_window_and_part_of_the_cache_key_only() -> None:
    graph, target = chain([("limit", {"rows": 30, "offset": 5})])
    first, second = of(graph, target, page=Page(0, 20)), of(graph, target, page=Page(20, 20))
    assert first.statements[0].sql.endswith("LIMIT 20\nOFFSET 5")
    assert second.statements[0].sql.endswith("LIMIT 10\nOFFSET 25")
    assert first.plan_hash == second.plan_hash
    assert first.cache_key != second.cache_key


def test_a_requested_page_takes_the_place_of_the_table_views_own() -> None:
    graph, target = chain([("table_view", {"page": 3, "page_size": 10})])
    assert of(graph, target).statements[0].sql.endswith("LIMIT 10\nOFFSET 30")
    assert of(graph, target, page=Page(0, 5)).statements[0].sql.endswith("LIMIT 5")


def test_parameters_stand_for_values_and_nothing_else() -> None:
    graph = document(
        [("filter", {"filters": [{"column": "price", "operator": "<", "value": {"param": "top"}}]})]
    )
    graph["parameters"] = [{"name": "top", "type": "number", "default": 10}]
    target = graph["nodes"][-1]["id"]
    assert "price < 10" in of(parse_graph(graph), target).statements[0].sql
    raised = of(parse_graph(graph), target, params={"top": 25})
    assert "price < 25" in raised.statements[0].sql
    assert raised.plan_hash != of(parse_graph(graph), target).plan_hash
    for params, code in (
        ({"top": "x' OR 1"}, ErrorCode.TYPE_MISMATCH),
        ({"bottom": 1}, ErrorCode.UNKNOWN_PARAMETER),
    ):
        with pytest.raises(GraphError) as caught:
            of(parse_graph(graph), target, params=params)
        assert caught.value.code is code


def test_lineage_reaches_the_source_columns_through_formulas_aggregates_and_barriers() -> None:
    steps: list[Step] = [
        TURNOVER,
        ("limit", {"rows": 5}),
        TOTAL,
        ("formula", {"expression": "[sum_turnover] / [count]", "output_column": "mean"}),
    ]
    price, quantity = [("flowforge", "trades", name) for name in ("price", "quantity")]
    assert compiled(steps).lineage == {
        "symbol": (("flowforge", "trades", "symbol"),),
        "sum_turnover": (price, quantity),
        "count": (),
        "mean": (price, quantity),
    }


def test_what_a_plan_reads() -> None:
    plan = compiled([])
    assert (plan.tables, plan.symbols, plan.freshness) == (("flowforge.trades",), FIRM.symbols, "seconds")
    assert compiled([], access=EVERYONE).symbols is EVERYTHING
    assert compiled([], LIVE).freshness == "live"
    assert compiled([], HOLIDAYS).symbols == frozenset()
    assert "tenant_id = 'firm-alpha'" in compiled([], POSITIONS).statements[0].sql


def test_settings_travel_beside_the_sql() -> None:
    settings = compiled([], VIEW).statements[0].settings
    assert settings["join_use_nulls"] == 1
    assert settings["optimize_move_to_prewhere"] == 0
    assert "SETTINGS" not in compiled([], VIEW).statements[0].sql
    assert "optimize_move_to_prewhere" not in compiled([], TRADES).statements[0].settings


def test_the_report_says_where_each_node_went_and_shows_it() -> None:
    plan = compiled(
        [
            CHEAP,
            TURNOVER,
            TOTAL,
            ("sort", {"sorts": [{"column": "count"}]}),
            ("limit", {"rows": 3}),
            ("sort", {"sorts": [{"column": "symbol"}]}),
        ]
    )
    sql = plan.statements[0].sql
    shown = {
        name: sql[slice(*report.sql_span)] if report.sql_span else None for name, report in plan.nodes.items()
    }
    assert {name: " ".join((text or "").split()) for name, text in shown.items()} == {
        "data_source_0": "flowforge.trades",
        "filter_1": "price < 10",
        "formula_2": "toDecimal128(price, 6) * quantity",
        "group_by_3": "GROUP BY symbol",
        "sort_4": "count ASC",
        "limit_5": "LIMIT 3",
        "sort_6": "symbol ASC",
    }
    assert {name: report.merged_into for name, report in plan.nodes.items()} == {
        "data_source_0": None,
        **dict.fromkeys(["filter_1", "formula_2", "group_by_3", "sort_4", "limit_5"], "data_source_0"),
        "sort_6": None,
    }
    assert plan.nodes["sort_6"].barrier == "SORT_AFTER_LIMIT"
    assert plan.nodes["sort_6"].detail.startswith("new query because")
    assert plan.nodes["filter_1"].detail.startswith("merged into data_source_0 because")


@pytest.mark.parametrize("text", ["\ue000", "\ue0001\ue000x\ue001", "\ue002", "__SQLGLOT__LBREAK__"])
def test_text_that_looks_like_a_mark_stays_text(text: str) -> None:
    plan = compiled([("filter", {"filters": [{"column": "note", "operator": "=", "value": text}]})])
    assert f"'{text}'" in plan.statements[0].sql
    assert plan.verified


def test_an_unknown_and_an_invisible_table_are_one_error() -> None:
    told = []
    for access in (FIRM, NOBODY, replace(FIRM, tables=frozenset({"reference.holidays"}))):
        for table in (replace(TRADES, name="nothing"), TRADES):
            graph, target = chain([], table)
            try:
                of(graph, target, catalog=CATALOGUE.visible_to(access), access=access)
            except GraphError as error:
                told.append((error.code, error.node_id, error.field, "holidays" in (error.hint or "")))
    assert told[-2:] == [(ErrorCode.UNKNOWN_TABLE, "data_source_0", "table", True)] * 2


def test_errors_name_the_node() -> None:
    graph, target = chain([CHEAP, ("formula", {"expression": "[prise] * 2", "output_column": "x"})])
    with pytest.raises(GraphError) as caught:
        of(graph, target)
    problem = caught.value.problem()
    assert (problem["node_id"], problem["field"], problem["column"], problem["position"]) == (
        "formula_2",
        "expression",
        "prise",
        0,
    )
    assert problem["hint"] == "Did you mean price?"


def test_an_overflow_names_the_nodes_that_it_can_have_happened_in() -> None:
    one = compiled([CHEAP, TURNOVER])
    several = compiled([CHEAP, TURNOVER, TOTAL])
    for plan, node_id in ((one, "formula_2"), (several, None), (compiled([CHEAP]), None)):
        error = plan.blame(FlowForgeError(ErrorCode.NUMERIC_OVERFLOW, "Too large."))
        assert error.node_id == node_id
        assert all(name in error.detail for name in plan.arithmetic)
    assert several.arithmetic == ("formula_2", "group_by_3")
    assert one.blame(FlowForgeError(ErrorCode.QUERY_TIMEOUT, "Late.")).detail == "Late."
