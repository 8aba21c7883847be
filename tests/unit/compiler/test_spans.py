"""Where in the statement each node's work stands, and every node's report, over joins and unions too."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from flowforge.catalog import Catalog
from flowforge.compiler import Plan, compile_graph
from flowforge.errors import GraphError
from flowforge.graph import parse_graph
from flowforge.relation import REASONS
from oracle.strategies import Case, graphs
from oracle.strategies.further import BINARY, UNARY
from oracle.strategies.nodes import WEIGHTED
from parity.checking import compiled as compiled_case
from parity.engine import described
from parity.test_reads import Nowhere
from samples import CATALOGUE, FIRM

NODES = [
    ("trades", "data_source", {"database": "flowforge", "table": "trades"}),
    ("cheap", "filter", {"filters": [{"column": "price", "operator": ">", "value": 1}]}),
    ("sums", "group_by", {"group_by": ["symbol"], "aggregations": [{"function": "sum", "column": "quantity"}]}),
    ("seen", "data_source", {"database": "metrics", "table": "trades_view"}),
    ("chosen", "select", {"columns": ["symbol", "price", "note"]}),
    ("named", "rename", {"renames": {"note": "remark"}}),
    ("both", "join", {"left_key": "symbol", "right_key": "symbol"}),
    ("double", "formula", {"expression": "[sum_quantity] * 2", "output_column": "x"}),
    ("place", "window", {"function": "row_number", "order_by": [{"column": "price", "direction": "asc"}]}),
    ("apple", "filter", {"filters": [{"column": "x", "operator": ">", "value": 3}]}),
    ("sorted", "sort", {"sorts": [{"column": "x", "direction": "desc"}]}),
    ("some", "limit", {"rows": 5}),
    ("shown", "table_view", {}),
]  # fmt: skip
EDGES = [
    ("trades", "cheap", None), ("cheap", "sums", None), ("seen", "chosen", None), ("chosen", "named", None),
    ("sums", "both", "left"), ("named", "both", "right"), ("both", "double", None), ("double", "place", None),
    ("place", "apple", None), ("apple", "sorted", None), ("sorted", "some", None), ("some", "shown", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    graph = parse_graph(
        {
            "nodes": [{"id": id_, "type": kind, "data": data} for id_, kind, data in NODES],
            "edges": [{"source": a, "target": b, "targetHandle": port} for a, b, port in EDGES],
        }
    )
    return compile_graph(graph, "shown", catalog=CATALOGUE, access=FIRM)


@pytest.mark.parametrize(
    ("node", "written"),
    [
        ("trades", "flowforge.trades"),
        ("cheap", "price > 1"),
        ("sums", "GROUP BY symbol"),
        ("seen", "metrics.trades_view"),
        ("chosen", "symbol, price"),
        ("named", "note AS remark"),
        ("both", "JOIN trades_view AS r ON l.symbol = r.symbol"),
        ("double", "toDecimal128(toDecimal256(l.sum_quantity, 4) * 2, 4) AS x"),
        ("place", "row_number() OVER (ORDER BY"),
        ("apple", "x > 3"),
        ("sorted", "x DESC"),
        ("some", "LIMIT 5"),
    ],
)
def test_span(plan: Plan, node: str, written: str) -> None:
    span = plan.nodes[node].sql_span
    assert span is not None
    text = " ".join(plan.statements[plan.nodes[node].statement or 0].sql[slice(*span)].split())
    assert text.removesuffix(",").startswith(written), text


def test_what_only_passes_rows_on_leaves_no_text(plan: Plan) -> None:
    assert plan.nodes["shown"].sql_span is None
    assert plan.nodes["shown"].merged_into == plan.nodes["some"].merged_into


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=graphs((*WEIGHTED, *UNARY, *BINARY)))
def test_every_node_has_a_report_that_holds_together(case: Case) -> None:
    catalog = Catalog.of(described(Nowhere(), each, each.name) for each in case.tables)  # type: ignore[arg-type]
    try:
        plan = compiled_case(case, catalog, merge=True)
    except GraphError:
        assume(False)
        return
    upstream = parse_graph(case.graph).upstream(case.target)
    assert set(plan.nodes) == {node.id for node in upstream}
    for node in upstream:
        report = plan.nodes[node.id]
        assert report.detail
        assert report.merged_into is None or report.merged_into in plan.nodes
        assert report.barrier is None or (report.merged_into is None and report.barrier in {*REASONS})
        assert (report.sql_span is None) == (report.statement is None)
        if report.sql_span is not None:
            start, end = report.sql_span
            text = plan.statements[report.statement or 0].sql[start:end]
            assert text == text.strip() != ""
    assert set(plan.lineage) == {column.name for column in plan.columns}
    known = {table.qualified_name: {each.name for each in table.columns} for table in catalog.tables.values()}
    for origins in plan.lineage.values():
        assert all(column in known[f"{database}.{table}"] for database, table, column in origins)
