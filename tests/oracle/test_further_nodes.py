"""Joins, unions, windows and their like, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from oracle import Relation, Unspecified, evaluate
from oracle.tables import chain, table

D = Decimal


def at(minute: int) -> datetime:
    return datetime(2024, 1, 2, 14, minute, tzinfo=UTC)


def run(kind: str, config: dict[str, Any], *inputs: Relation) -> Relation:
    """One node over tables ``t.0``, ``t.1`` …"""
    ports = ["left", "right"] if kind.endswith("join") else [None] * len(inputs)
    nodes: list[dict[str, Any]] = [
        {"id": f"s{index}", "type": "data_source", "data": {"database": "t", "table": str(index)}}
        for index in range(len(inputs))
    ]
    nodes.append({"id": "target", "type": kind, "data": config})
    edges: list[Mapping[str, Any]] = [
        {"source": f"s{index}", "target": "target", "targetHandle": port} for index, port in enumerate(ports)
    ]
    tables = {f"t.{index}": relation for index, relation in enumerate(inputs)}
    return evaluate({"nodes": nodes, "edges": edges[::-1] if ports[0] else edges}, "target", tables)


LEFT = table({"k": "int64?", "v": "string"}, [1, "a"], [1, "b"], [2, "c"], [None, "d"])
RIGHT = table({"k": "decimal(9,2)?", "w": "int64"}, [D("1.00"), 10], [D(3), 30], [None, 40])


@pytest.mark.parametrize(
    ("join_type", "rows"),
    [
        ("inner", {(1, "a", D(1), 10), (1, "b", D(1), 10)}),
        ("left", {(1, "a", D(1), 10), (1, "b", D(1), 10), (2, "c", None, None), (None, "d", None, None)}),
        ("right", {(1, "a", D(1), 10), (1, "b", D(1), 10), (None, None, D(3), 30), (None, None, None, 40)}),
        ("full", {(1, "a", D(1), 10), (1, "b", D(1), 10), (2, "c", None, None), (None, "d", None, None),
                  (None, None, D(3), 30), (None, None, None, 40)}),
    ],
)  # fmt: skip
def test_join(join_type: str, rows: set[tuple[Any, ...]]) -> None:
    found = run("join", {"join_type": join_type, "left_key": "k", "right_key": "k"}, LEFT, RIGHT)
    assert set(found.rows) == rows
    assert [column.name for column in found.schema] == ["k", "v", "k_right", "w"]


def test_union_matches_by_name_and_promotes() -> None:
    swapped = table({"v": "string", "k": "decimal(9,2)"}, ["a", D("1.00")], ["z", D("9.50")])
    found = run("union", {"mode": "all"}, LEFT, swapped)
    assert [(column.name, str(column.type)) for column in found.schema] == [
        ("k", "decimal(38,2)"),
        ("v", "string"),
    ]
    assert len(found.rows) == 6
    distinct = run("union", {"mode": "distinct"}, LEFT, swapped)
    assert sorted(row[1] for row in distinct.rows) == ["a", "b", "c", "d", "z"]


def test_unique_keeps_the_first_of_the_order() -> None:
    rows = table({"k": "int64", "v": "int64"}, [1, 5], [1, 3], [2, 4], [1, 3])
    by_value = ("sort", {"sorts": [{"column": "v"}]})
    graph = chain(by_value, ("unique", {"columns": ["k"]}))
    assert evaluate(graph, "target", {"t.rows": rows}).rows == ((1, 3), (2, 4))
    assert len(evaluate(chain(("unique", {"columns": []})), "target", {"t.rows": rows}).rows) == 3
    with pytest.raises(Unspecified):
        evaluate(chain(("unique", {"columns": ["k"]})), "target", {"t.rows": rows})


def test_sample_is_any_choice_of_that_many() -> None:
    (choice,) = run("sample", {"rows": 2, "seed": 1}, LEFT).choices
    assert (choice.count, choice.candidates) == (2, LEFT.rows)
    assert run("sample", {"rows": 9, "seed": 1}, LEFT).rows == LEFT.rows


TRADES = table({"s": "string", "t": "datetime"}, ["A", at(5)], ["A", at(0)], ["B", at(5)])
QUOTES = table(
    {"s": "string", "t": "datetime", "n": "int64", "bid": "decimal(9,2)"},
    ["A", at(4), 2, D("1.2")],
    ["A", at(4), 1, D("1.1")],
    ["A", at(5), 3, D("1.3")],
    ["A", at(9), 4, D("1.4")],
    trade_order=("t", "n"),
)
ASOF = {"left_key": "s", "right_key": "s", "left_time": "t", "right_time": "t"}


@pytest.mark.parametrize(
    ("options", "bids"),
    [
        ({}, [D("1.3"), None, None]),
        ({"allow_exact": False}, [D("1.2"), None, None]),
        ({"allow_exact": False, "tolerance": "30s"}, [None, None, None]),
        ({"allow_exact": False, "tolerance": "1m"}, [D("1.2"), None, None]),
        ({"direction": "forward"}, [D("1.3"), D("1.1"), None]),
        ({"direction": "forward", "allow_exact": False}, [D("1.4"), D("1.1"), None]),
    ],
)
def test_asof_join(options: dict[str, Any], bids: list[Decimal | None]) -> None:
    found = run("asof_join", {**ASOF, **options}, TRADES, QUOTES)
    assert [row[-1] for row in found.rows] == bids


def test_pivot_makes_one_column_per_listed_value() -> None:
    rows = table(
        {"d": "int64", "s": "string?", "v": "int64?"}, [1, "A", 5], [1, "B", 7], [1, "A", 1], [2, None, 3]
    )
    config = {"rows": ["d"], "column": "s", "column_values": ["A", "C"], "value": "v", "function": "sum"}
    found = run("pivot", config, rows)
    assert [column.name for column in found.schema] == ["d", "A", "C"]
    assert found.rows == ((1, 6, None), (2, None, None))


SERIES = table(
    {"p": "string", "o": "int64", "v": "decimal(9,2)?"},
    ["x", 1, D(10)],
    ["x", 2, D(15)],
    ["x", 3, None],
    ["x", 4, D("7.5")],
    ["y", 1, D(4)],
)


@pytest.mark.parametrize(
    ("config", "type_", "cells"),
    [
        ({"function": "row_number"}, "int64", [1, 2, 3, 4, 1]),
        ({"function": "lag", "column": "v"}, "decimal(9,2)", [None, D(10), D(15), None, None]),
        ({"function": "lead", "column": "v", "offset": 2}, "decimal(9,2)", [None, D("7.5"), None, None, None]),
        ({"function": "cumulative_sum", "column": "v"}, "decimal(38,2)", [D(10), D(25), D(25), D("32.5"), D(4)]),
        ({"function": "rolling_avg", "column": "v", "frame": {"rows": 2}}, "decimal(38,12)",
         [D(10), D("12.5"), D(15), D("7.5"), D(4)]),
        ({"function": "rolling_min", "column": "v", "frame": {"rows": 3}}, "decimal(9,2)",
         [D(10), D(10), D(10), D("7.5"), D(4)]),
        ({"function": "pct_change", "column": "v"}, "decimal(38,12)", [None, D("0.5"), None, None, None]),
    ],
)  # fmt: skip
def test_window(config: dict[str, Any], type_: str, cells: list[Any]) -> None:
    full = {"partition_by": ["p"], "order_by": [{"column": "o"}], "output_column": "out", **config}
    found = run("window", full, SERIES)
    assert [row[-1] for row in found.rows] == cells
    assert str(found.schema[-1].type) == type_


def test_equal_rows_share_a_rank() -> None:
    rows = table({"v": "int64", "w": "int64"}, [3, 7], [1, 7], [3, 8], [2, 7])
    config = {"order_by": [{"column": "v", "direction": "desc"}], "output_column": "out"}
    assert [row[-1] for row in run("window", {"function": "rank", **config}, rows).rows] == [1, 4, 1, 3]
    with pytest.raises(Unspecified):
        run("window", {"function": "row_number", **config}, rows)


def test_rows_are_told_apart_by_the_sort_before_and_by_the_tape() -> None:
    rows = table({"v": "int64", "w": "int64"}, [3, 7], [3, 8], [3, 7], trade_order=["w"])
    numbered = ("window", {"function": "row_number", "order_by": [{"column": "v"}]})
    assert [row[-1] for row in evaluate(chain(numbered), "target", {"t.rows": rows}).rows] == [1, 3, 2]
    descending = ("sort", {"sorts": [{"column": "w", "direction": "desc"}]})
    by_the_sort = ("window", {"function": "row_number"})
    found = evaluate(chain(descending, by_the_sort), "target", {"t.rows": rows})
    assert found.rows == ((3, 8, 1), (3, 7, 2), (3, 7, 3))


def test_rename_and_time_bucket() -> None:
    found = run("rename", {"renames": {"v": "value"}}, LEFT)
    assert [column.name for column in found.schema] == ["k", "value"]
    config = {"column": "t", "size": "5m", "anchor": "utc", "output_column": "bucket"}
    assert [row[-1] for row in run("time_bucket", config, TRADES).rows] == [at(5), at(0), at(5)]
