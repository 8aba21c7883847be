"""Node types, by hand."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from oracle import Overflow, Relation, Unspecified, evaluate
from oracle.relation import Choice
from oracle.tables import chain, table

D = Decimal


def at(minute: int) -> datetime:
    return datetime(2024, 1, 2, 14, minute, tzinfo=UTC)


TRADES = table(
    {
        "symbol": "string",
        "time": "datetime",
        "sequence": "int64",
        "price": "decimal(18,6)",
        "quantity": "decimal(18,4)?",
    },
    ["B", at(1), 2, D("10.5"), D("100")],
    ["A", at(1), 1, D("10"), D("50")],
    ["A", at(0), 3, D("12"), None],
    ["B", at(2), 1, D("9.5"), D("0")],
    trade_order=("time", "sequence"),
)


def run(*steps: tuple[str, dict[str, Any]], rows: Relation = TRADES) -> Relation:
    return evaluate(chain(*steps), "target", {"t.rows": rows})


def test_filter_select_sort() -> None:
    found = run(
        ("filter", {"filters": [{"column": "price", "operator": ">=", "value": 10}]}),
        ("select", {"columns": ["price", "symbol"]}),
        ("sort", {"sorts": [{"column": "symbol"}, {"column": "price", "direction": "desc"}]}),
    )
    assert found.rows == ((D(12), "A"), (D(10), "A"), (D("10.5"), "B"))
    assert found.ranks == (0, 1, 2)


def test_null_comes_last_in_either_direction() -> None:
    for direction, first in (("asc", D(0)), ("desc", D(100))):
        found = run(("sort", {"sorts": [{"column": "quantity", "direction": direction}]}))
        assert (found.rows[0][4], found.rows[-1][4]) == (first, None)


def test_an_earlier_sort_breaks_ties() -> None:
    found = run(("sort", {"sorts": [{"column": "price"}]}), ("sort", {"sorts": [{"column": "symbol"}]}))
    assert [row[3] for row in found.rows] == [D(10), D(12), D("9.5"), D("10.5")]


@pytest.mark.parametrize(
    ("condition", "prices"),
    [
        ({"column": "quantity", "operator": "!=", "value": 50}, ["10.5", "9.5"]),
        ({"column": "quantity", "operator": "NOT IN", "value": [50, "100.0"]}, ["9.5"]),
        ({"column": "quantity", "operator": "NOT IN", "value": []}, ["10.5", "10", "12", "9.5"]),
        ({"column": "quantity", "operator": "IN", "value": []}, []),
        ({"column": "quantity", "operator": "IS NULL"}, ["12"]),
        ({"column": "quantity", "operator": "BETWEEN", "value": [0, 50]}, ["10", "9.5"]),
        ({"column": "symbol", "operator": "LIKE", "value": "_"}, ["10.5", "10", "12", "9.5"]),
        ({"column": "symbol", "operator": "NOT LIKE", "value": "a%"}, ["10.5", "10", "12", "9.5"]),
        ({"column": "time", "operator": ">", "value": "2024-01-02T15:01:00+01:00"}, ["9.5"]),
        (
            {
                "logic": "OR",
                "filters": [
                    {"column": "quantity", "operator": "=", "value": 0},
                    {"column": "price", "operator": "=", "value": 12},
                ],
            },
            ["12", "9.5"],
        ),
        ({"logic": "OR", "filters": []}, ["10.5", "10", "12", "9.5"]),
    ],
)  # fmt: skip
def test_filter(condition: dict[str, Any], prices: list[str]) -> None:
    found = run(("filter", {"filters": [condition]}))
    assert [row[3] for row in found.rows] == [D(price) for price in prices]


def test_like_takes_what_follows_a_backslash_literally() -> None:
    texts = table({"s": "string"}, ["a%"], ["ab"], ["a\\"], ["a\nb"])
    for pattern, expected in (
        (r"a\%", ["a%"]),
        ("a\\\\", ["a\\"]),
        ("a_b", ["a\nb"]),
        ("a%", ["a%", "ab", "a\\", "a\nb"]),
    ):
        found = run(
            ("filter", {"filters": [{"column": "s", "operator": "LIKE", "value": pattern}]}), rows=texts
        )
        assert [row[0] for row in found.rows] == expected


AGGREGATIONS = [
    {"function": "count"},
    {"function": "count", "column": "quantity"},
    {"function": "sum", "column": "quantity"},
    {"function": "avg", "column": "price"},
    {"function": "median", "column": "price"},
    {"function": "stddev", "column": "price"},
    {"function": "first", "column": "price"},
    {"function": "last", "column": "price"},
    {"function": "vwap", "column": "price", "weight": "quantity"},
    {"function": "count_distinct", "column": "time", "alias": "times"},
]


def test_group_by() -> None:
    found = run(
        ("group_by", {"group_by": ["symbol"], "aggregations": AGGREGATIONS}),
        ("sort", {"sorts": [{"column": "symbol"}]}),
    )
    names = [column.name for column in found.schema]
    assert names[:4] == ["symbol", "count", "count_quantity", "sum_quantity"]
    assert names[-2:] == ["vwap_price", "times"]
    a, b = found.rows
    assert a == ("A", 2, 1, D(50), D(11), D(11), math.sqrt(2), D(12), D(10), D(10), 2)
    assert b == ("B", 2, 2, D(100), D(10), D(10), math.sqrt(0.5), D("10.5"), D("9.5"), D("10.5"), 2)
    assert [str(column.type) for column in found.schema[1:9]] == [
        "int64", "int64", "decimal(38,4)", "decimal(38,12)", "decimal(38,12)", "float64", "decimal(18,6)", "decimal(18,6)",
    ]  # fmt: skip


def test_no_rows() -> None:
    nothing = Relation(TRADES.schema, ())
    assert run(("group_by", {"group_by": ["symbol"], "aggregations": AGGREGATIONS}), rows=nothing).rows == ()
    (row,) = run(("group_by", {"aggregations": AGGREGATIONS}), rows=nothing).rows
    assert row == (0, 0, None, None, None, None, None, None, None, 0)


def test_vwap_keeps_its_digits() -> None:
    trades = table(
        {"p": "decimal(18,6)", "q": "decimal(18,4)"}, [D("100.123456"), D(3)], [D("100.123457"), D(4)]
    )
    found = run(
        ("group_by", {"aggregations": [{"function": "vwap", "column": "p", "weight": "q"}]}), rows=trades
    )
    assert found.rows == ((D("100.123456571429"),),)


def test_last_of_one_instant_is_decided_by_the_trade_order() -> None:
    config = {"aggregations": [{"function": "last", "column": "price", "by": "time"}]}
    tied = [["A", at(1), 2, D(2), None], ["A", at(1), 1, D(1), None]]
    for rows in (tied, tied[::-1]):
        names = {column.name: str(column.type) + "?" * column.nullable for column in TRADES.schema}
        trades = table(names, *rows, trade_order=("time", "sequence"))
        assert run(("group_by", config), rows=trades).rows == ((D(2),),)
        with pytest.raises(Unspecified):
            run(("group_by", config), rows=table(names, *rows))


def test_limit_after_a_total_order() -> None:
    by_price = ("sort", {"sorts": [{"column": "price"}]})
    found = run(by_price, ("limit", {"rows": 2, "offset": 1}), ("select", {"columns": ["price"]}))
    assert found.rows == ((D(10),), (D("10.5"),))
    assert run(by_price, ("limit", {"rows": 9, "offset": 9})).rows == ()


def test_limit_that_cuts_ties_leaves_a_choice() -> None:
    found = run(
        ("sort", {"sorts": [{"column": "symbol"}]}),
        ("limit", {"rows": 3}),
        ("select", {"columns": ["price"]}),
    )
    assert found.rows == ((D(10),), (D(12),))
    assert found.choices == (Choice(2, 1, ((D("10.5"),), (D("9.5"),))),)
    with pytest.raises(Unspecified):
        run(
            ("limit", {"rows": 1}),
            ("filter", {"filters": [{"column": "price", "operator": ">", "value": 0}]}),
        )


def test_overflow_harms_only_who_looks() -> None:
    big = table({"i": "int64"}, [2**62], [1])
    square = ("formula", {"expression": "[i] * [i]", "output_column": "square"})
    assert run(square, ("select", {"columns": ["i"]}), rows=big).overflowed
    with pytest.raises(Overflow):
        run(square, ("sort", {"sorts": [{"column": "square"}]}), rows=big)


def test_formula_replaces_a_column_in_its_place() -> None:
    found = run(("formula", {"expression": "[price] * 2", "output_column": "price"}))
    assert [column.name for column in found.schema] == [column.name for column in TRADES.schema]
    assert found.rows[0][3] == D(21)


def test_charts_give_the_encoded_columns() -> None:
    found = run(("bar_chart", {"x": "symbol", "y": ["price", "sequence"], "series": "time"}))
    assert [column.name for column in found.schema] == ["symbol", "price", "sequence", "time"]


def test_a_table_view_shows_its_page_unless_another_is_asked_for() -> None:
    graph = chain(("sort", {"sorts": [{"column": "price"}]}), ("table_view", {"page": 1, "page_size": 3}))
    assert [row[3] for row in evaluate(graph, "target", {"t.rows": TRADES}).rows] == [D(12)]
    shown = evaluate(graph, "target", {"t.rows": TRADES}, page=(0, 2))
    assert [row[3] for row in shown.rows] == [D("9.5"), D(10)]
