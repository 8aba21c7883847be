"""Propagation: what a node's schema does not tell, and that it refuses what compiling refuses."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from flowforge.compiler import Plan, compile_graph, propagate
from flowforge.errors import ErrorCode, FlowForgeError, GraphError
from flowforge.graph import Graph, parse_graph
from flowforge_local.corpus.catalogue import CATALOG as CORPUS
from flowforge_local.corpus.graphs import graph as random_graph
from samples import CATALOGUE, EVERYONE, LIVE, TRADES, Step, chain
from samples.catalogue import HOLIDAYS, REPLACING

FIRST = {"function": "first", "column": "note"}


def group(*aggregations: dict[str, Any]) -> Step:
    return ("group_by", {"aggregations": list(aggregations)})


@pytest.mark.parametrize("table", [TRADES, LIVE], ids=lambda table: table.name)
@pytest.mark.parametrize(
    "steps",
    [
        [],
        [("filter", {"filters": []}), ("limit", {"rows": 5}), ("sort", {"sorts": [{"column": "price"}]})],
        [("select", {"columns": ["note"]}), ("rename", {"renames": {"symbol": "s"}})][:1],
        [("unique", {"columns": ["symbol"]})],
    ],
)
def test_the_trade_order_is_there_behind(table: Any, steps: list[Step]) -> None:
    graph, target = chain([*steps, group(FIRST)], table)
    assert propagate(graph, catalog=CATALOGUE).nodes[target].schema is not None
    compile_graph(graph, target, catalog=CATALOGUE, access=EVERYONE)


@pytest.mark.parametrize(
    ("table", "steps"),
    [
        (REPLACING, []),
        (REPLACING, [("sort", {"sorts": [{"column": "price"}]})]),
        (TRADES, [("group_by", {"group_by": ["note"]})]),
    ],
)
def test_first_without_an_order_is_refused_as_compiling_refuses_it(table: Any, steps: list[Step]) -> None:
    graph, target = chain([*steps, group({"function": "count"}, FIRST)], table)
    (found,) = propagate(graph, catalog=CATALOGUE).problems
    with pytest.raises(GraphError) as refused:
        compile_graph(graph, target, catalog=CATALOGUE, access=EVERYONE)
    assert found.code is ErrorCode.INVALID_CONFIG
    assert found.problem() == refused.value.problem()
    assert (found.node_id, found.field) == (target, "aggregations.1.by")


def test_a_mapping_of_ones_own_names_is_no_parameter() -> None:
    document = {
        "nodes": [
            {"id": "a", "type": "data_source", "data": {"database": "reference", "table": "holidays"}},
            {"id": "b", "type": "rename", "data": {"renames": {"name": "param"}}},
            {"id": "c", "type": "rename", "data": {"renames": {"param": "x"}}},
            {"id": "d", "type": "rename", "data": {"renames": {"x": {"param": "x"}}}},
        ],
        "edges": [
            {"source": "a", "target": "b"},
            {"source": "b", "target": "c"},
            {"source": "c", "target": "d"},
        ],
        "parameters": [{"name": "x", "default": "y"}],
    }
    nodes = propagate(parse_graph(document), catalog=CATALOGUE).nodes
    names = [[column.name for column in node.schema or ()][1] for node in nodes.values()]
    assert HOLIDAYS.columns[1].name == "name"
    assert names == ["name", "param", "x", "y"]


@pytest.mark.parametrize("seed", range(12))
def test_what_propagates_compiles_and_what_does_not_is_refused_alike(seed: int) -> None:
    random = Random(seed)
    agreed = 0
    for _ in range(25):
        document = random_graph(random)
        try:
            graph = parse_graph(document)
            found = propagate(graph, catalog=CORPUS).nodes
        except FlowForgeError:
            continue
        for node_id, outcome in found.items():
            upstream = [found[node.id] for node in graph.upstream(node_id)]
            expected = [problem for each in upstream for problem in each.problems]
            made = _compiled(graph, node_id)
            if isinstance(made, Plan):
                assert not expected
                assert made.columns == outcome.schema
            elif made.code is not ErrorCode.UNSUPPORTED_IN_STORE:
                assert made.problem() in [each.problem() for each in expected]
            agreed += 1
    assert agreed > 50


def _compiled(graph: Graph, node_id: str) -> Plan | FlowForgeError:
    try:
        return compile_graph(graph, node_id, catalog=CORPUS, access=EVERYONE)
    except FlowForgeError as error:
        return error
