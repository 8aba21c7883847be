"""Problems of a file with their lines and columns, against the tables that FlowForge comes with."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from flowforge_local.corpus.catalogue import CATALOG as CORPUS
from flowforge_local.corpus.graphs import graph as random_graph
from flowforge_local.workflow.checking import Checked, check_text
from flowforge_local.workflow.document import canonical, read
from flowforge_local.workflow.json_text import MalformedError
from flowforge_local.workflow.snapshot import SHIPPED, catalog_from, snapshot_of

CATALOG = catalog_from(SHIPPED.read_text())

SOURCE = {"id": "trades", "type": "data_source", "data": {"database": "flowforge", "table": "raw_trades"}}


def chain(*nodes: dict[str, Any], **further: Any) -> str:
    """A file in which each node feeds the next."""
    edges = [
        {"id": f"e{at}", "source": a["id"], "target": b["id"]} for at, (a, b) in enumerate(pairwise(nodes))
    ]
    return canonical(read(json.dumps({"nodes": nodes, "edges": edges} | further)))


def node(kind: str, **data: Any) -> dict[str, Any]:
    return {"id": kind, "type": kind, "data": data}


def pointed(text: str, found: Checked) -> list[tuple[str, str]]:
    """Code and the rest of the line from the place on, for each problem."""
    lines = text.splitlines()
    return [
        (each.problem.code.value, lines[each.place.line - 1][each.place.column - 1 :].rstrip(","))
        for each in found.problems
    ]


CASES: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("nothing", chain(SOURCE, node("limit", rows=5)), []),
    (
        "an unknown column",
        chain(SOURCE, node("sort", sorts=[{"column": "pricee"}])),
        [("unknown_column", '"pricee"}')],
    ),
    (
        "a place in a formula",
        chain(SOURCE, node("formula", expression='"\u202e" = [prise]', output_column="x")),
        [("unknown_column", '[prise]"')],
    ),
    (
        "a setting that is missing",
        chain(SOURCE, node("formula", expression="1")),
        [("invalid_config", "{")],
    ),
    (
        "a setting that is not one",
        chain(SOURCE, node("limit", rows=5, **{"a.b": 1})),
        [("invalid_config", "1")],
    ),
    (
        "a key with dots",
        chain(SOURCE, node("rename", renames={"price": "a", "a.b": "c"})),
        [("unknown_column", '"c"')],
    ),
    ("an unknown kind", chain(SOURCE, node("fliter")), [("unknown_node_type", '"fliter"')]),
    ("an input without a wire", chain(node("limit", rows=5)), [("missing_input", '"limit"')]),
    (
        "a wire too many",
        chain(SOURCE, node("limit", rows=5)).replace('"edges": [', '"edges": [\n  {"id": "1", "source": "trades", "target": "limit"},'),
        [("too_many_inputs", '{"id": "e0", "source": "trades", "target": "limit"}')],
    ),
    (
        "a table that is not there",
        chain({**SOURCE, "data": {"database": "flowforge", "table": "raw_trade"}}),
        [("unknown_table", '"raw_trade"')],
    ),
    (
        "first of rows without an order",
        chain(
            {**SOURCE, "data": {"database": "reference", "table": "instruments"}},
            node("group_by", aggregations=[{"function": "first", "column": "symbol"}]),
        ),
        [("invalid_config", '{"column": "symbol", "function": "first"}')],
    ),
    (
        "several problems, in the order of the file",
        chain(SOURCE, node("limit", rows=-1)).replace('"raw_trades"', '"raw"'),
        [("unknown_table", '"raw"'), ("invalid_config", "-1")],
    ),
    (
        "an integer beyond 64 bits",
        chain(SOURCE, node("limit", rows=2**63)),
        [("invalid_request", str(2**63))],
    ),
    ("a loop", chain(node("limit", rows=5)).replace('"edges": []', '"edges": [{"source": "limit", "target": "limit"}]'), [("cycle", '"limit"')]),
    ("a wire from nowhere", '{"nodes": [],\n"edges": [{"source": "gone", "target": "b"}]}', [("unknown_node", '"gone", "target": "b"}]}')]),
    ("no JSON", '{"nodes": [1,\n]}', [("bad_json", "]}")]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_problems_have_places(title: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert pointed(text, check_text(text, CATALOG)) == expected


def test_parameters_are_put_in() -> None:
    text = chain(SOURCE, node("limit", rows={"param": "rows"}), parameters=[{"name": "rows", "default": 5}])
    assert not check_text(text, CATALOG).problems
    assert [each.problem.field for each in check_text(text, CATALOG, {"rows": "x"}).problems] == ["rows"]
    assert [each.problem.code.value for each in check_text(text, CATALOG, {"row": 1}).problems] == [
        "unknown_parameter"
    ]


def test_schemas_are_given_for_every_node() -> None:
    found = check_text(chain(SOURCE, node("select", columns=["price"]), node("limit", rows=-1)), CATALOG)
    assert [
        None if schema is None else [column.name for column in schema] for schema in found.schemas.values()
    ][1:] == [["price"], None]


def test_a_snapshot_is_stable_and_says_everything_that_types_need() -> None:
    text = SHIPPED.read_text()
    again = catalog_from(snapshot_of(CATALOG))
    assert snapshot_of(CATALOG) == text
    assert again == CATALOG
    trades = CATALOG.tables["flowforge.raw_trades"]
    assert trades.trade_order == ("event_time", "sequence", "source_file", "row_no")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"flowforge_schema": 2, "tables": {}}',
        '{"flowforge_schema": 1, "tables": {"a.b": {"store": "oracle", "columns": []}}}',
        '{"flowforge_schema": 1, "tables": {"a.b": {"store": "clickhouse", "columns": [{"name": "x", "type": "decimal(99,1)"}]}}}',
        '{"flowforge_schema": 1, "tables": {"a.b": []}}',
    ],
)
def test_what_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        catalog_from(text)


def damaged(random: Random, value: Any) -> Any:
    """The value with members taken away and replaced by something else, anywhere."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if random.random() > 0.03}
        other: tuple[Any, ...] = (None, 1, "x", [], {}, True, [[]], {"a": 1})
        return {
            key: random.choice(other) if random.random() < 0.03 else damaged(random, each)
            for key, each in kept.items()
        }
    return [damaged(random, each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(60))
def test_every_problem_of_any_document_has_a_place(seed: int) -> None:
    random = Random(seed)
    document = random_graph(random)
    for text in (json.dumps(document), json.dumps(damaged(random, document), indent=1)):
        lines = text.splitlines()
        for each in check_text(text, CORPUS).problems:
            assert 1 <= each.place.line <= len(lines)
            assert 1 <= each.place.column <= len(lines[each.place.line - 1])
