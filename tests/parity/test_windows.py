"""Windows and samples on both engines: exact, and the same whatever the order that rows were stored in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from flowforge.catalog import Catalog
from oracle.relation import Relation, Row
from oracle.strategies import Case
from oracle.strategies.tables import Table
from oracle.tables import chain, table
from parity.checking import check, compiled
from parity.engine import ParityEngine, described

pytestmark = pytest.mark.engines

D = Decimal
MILLISECOND = datetime(2024, 3, 11, 13, 30, 0, 1000, tzinfo=UTC)

FUNCTIONS: tuple[dict[str, Any], ...] = (
    {"function": "lag"},
    {"function": "lead", "offset": 2},
    {"function": "lag", "offset": 1_000_000},
    {"function": "rolling_sum", "frame": {"rows": 1}},
    {"function": "rolling_sum", "frame": {"rows": 3}},
    {"function": "rolling_sum", "frame": {"rows": 1_000_000}},
    {"function": "rolling_avg", "frame": {"rows": 3}},
    {"function": "rolling_min", "frame": {"rows": 2}},
    {"function": "rolling_max", "frame": {"rows": 2}},
    {"function": "rolling_stddev", "frame": {"rows": 3}},
    {"function": "cumulative_sum"},
    {"function": "pct_change"},
)


def case(rows: Relation, *steps: tuple[str, dict[str, Any]], trade_order: Sequence[str] = ()) -> Case:
    source = Table("series", rows, tuple(trade_order))
    return Case((source,), chain(*steps, source="flowforge.series"), "target", None)


def every_function(
    columns: Sequence[str], order: Sequence[str], **more: Any
) -> list[tuple[str, dict[str, Any]]]:
    """A graph of one window after the other."""
    order_by = [{"column": name} for name in order]
    return [
        (
            "window",
            {**config, "column": column, "order_by": order_by, "output_column": f"{column}{index}", **more},
        )
        for column in columns
        for index, config in enumerate(FUNCTIONS)
    ]


@pytest.mark.parametrize("partition", [[], ["symbol"], ["half"]], ids=["all", "by symbol", "by a float"])
@pytest.mark.parametrize("values", ["exact", "empty", "nothing but null"])
def test_every_function(partition: list[str], values: str, parity_engines: tuple[ParityEngine, ...]) -> None:
    prices = [D("0.1"), D("0.2"), None, D("-0.3"), D(0), D("123456789012.345678"), D("0.000001")]
    counts = [9007199254740993, None, -3, 0, 9007199254740993, 7, 1]
    made = [
        ("AB"[index % 2], index, (index % 3) / 2, price, count)
        for index, (price, count) in enumerate(zip(prices, counts, strict=True))
    ]
    rows = {
        "exact": made,
        "empty": [],
        "nothing but null": [(symbol, seq, half, None, None) for symbol, seq, half, _, _ in made],
    }[values]
    columns = {
        "symbol": "string", "seq": "int64", "half": "float64", "price": "decimal(18,6)?", "count": "int64?",
    }  # fmt: skip
    steps = every_function(["price", "count"], ["seq"], partition_by=partition)
    check(case(table(columns, *rows), *steps), parity_engines)


def test_texts_times_and_truths(parity_engines: tuple[ParityEngine, ...]) -> None:
    columns = {
        "symbol": "string",
        "seq": "int64",
        "t": "datetime",
        "d": "date?",
        "b": "boolean?",
        "s": "string",
    }
    day = MILLISECOND.date()
    rows = table(
        columns,
        ("A", 1, MILLISECOND, day, True, "é"),
        ("A", 2, MILLISECOND, None, None, ""),
        ("A", 3, MILLISECOND, day, False, "a"),
    )
    order_by = [{"column": "seq", "direction": "desc"}]
    neighbours = [
        ("window", {"function": function, "column": column, "order_by": order_by})
        for function in ("lag", "lead")
        for column in ("t", "d", "b", "s")
    ]
    extremes = [
        ("window", {"function": function, "column": column, "order_by": order_by, "frame": {"rows": 2}})
        for function in ("rolling_min", "rolling_max")
        for column in ("t", "d", "s")
    ]
    constant = [
        ("formula", {"expression": "'x'", "output_column": "c"}),
        ("formula", {"expression": "IF([seq] > 1, 2147483647, 0)", "output_column": "n"}),
        ("window", {"function": "lag", "column": "c", "order_by": [{"column": "c"}, {"column": "seq"}]}),
        ("window", {"function": "lead", "column": "n", "partition_by": ["c"], "order_by": order_by}),
        ("formula", {"expression": "[lead_n] + 1", "output_column": "sum"}),
        ("window", {"function": "rolling_sum", "column": "n", "order_by": order_by, "frame": {"rows": 3}}),
    ]
    check(case(rows, *neighbours, *extremes, *constant), parity_engines)


def test_missing_keys_come_last_in_either_direction(parity_engines: tuple[ParityEngine, ...]) -> None:
    rows = table(
        {"symbol": "string", "seq": "int64", "k": "int64?"},
        *[("A", seq, key) for seq, key in enumerate([2, None, 1, 2, None])],
    )
    steps = [
        ("window", {"function": function, "order_by": terms, "output_column": f"{function}_{index}"})
        for function in ("rank", "row_number")
        for index, terms in enumerate(
            (
                [{"column": "k"}],
                [{"column": "k", "direction": "desc"}],
                [{"column": "k"}, {"column": "seq", "direction": "desc"}],
            )
        )
        if function == "rank" or len(terms) == 2
    ]
    check(case(rows, *steps), parity_engines)


TIES = [
    ("B", 1, MILLISECOND, D("10.01"), D(5)),
    ("A", 3, MILLISECOND, D("10.02"), D(3)),
    ("A", 2, MILLISECOND, D("10.03"), None),
    ("A", 1, MILLISECOND, D("10.02"), D(3)),
    ("B", 2, MILLISECOND, D("10.02"), D(3)),
]
TAPE = {
    "symbol": "string",
    "seq": "int64",
    "t": "datetime",
    "price": "decimal(18,6)",
    "size": "decimal(18,4)?",
}


@pytest.mark.parametrize(
    "trade_order", [("t", "seq"), ()], ids=["by the trade order", "by the other columns"]
)
@pytest.mark.parametrize("kind", ["window", "sample"])
def test_ties_at_one_millisecond(
    kind: str, trade_order: tuple[str, ...], parity_engines: tuple[ParityEngine, ...]
) -> None:
    """Either insert order gives the same rows, and so do several."""
    steps = {
        "window": every_function(["price"], ["t"], partition_by=["symbol"]),
        "sample": [("sample", {"rows": 3, "seed": 5})],
    }[kind]
    for engine in parity_engines if kind == "window" else parity_engines[:1]:
        arrangements = [TIES, TIES[::-1], TIES[2:] + TIES[:2]]
        answers = [answer(engine, table(TAPE, *rows), steps, trade_order) for rows in arrangements]
        assert answers[0] == answers[1] == answers[2]


def answer(
    engine: ParityEngine,
    rows: Relation,
    steps: Sequence[tuple[str, dict[str, Any]]],
    trade_order: tuple[str, ...],
) -> list[Row]:
    """An engine's rows, sorted."""
    asked = case(rows, *steps, trade_order=trade_order)
    (source,) = asked.tables
    engine.load(source, "ties")
    try:
        catalog = Catalog.of([described(engine, source, "ties")])
        plan = compiled(asked, catalog, merge=True)
        return sorted(engine.run(plan.statements[0], plan.columns), key=repr)
    finally:
        engine.drop("ties")


NUMBERED = {"symbol": "string", "seq": "int64", "v": "int64?"}


def chosen(engine: ParityEngine, **config: Any) -> list[int]:
    rows = table(NUMBERED, *[("A", seq, None if seq % 3 else seq) for seq in range(1000)])
    return [row[1] for row in answer(engine, rows, [("sample", config)], ())]


def test_a_seed_is_a_choice(parity_engines: tuple[ParityEngine, ...]) -> None:
    clickhouse = parity_engines[0]
    some = chosen(clickhouse, rows=100, seed=1)
    assert len(set(some)) == 100
    assert some == chosen(clickhouse, rows=100, seed=1)
    assert some != chosen(clickhouse, rows=100, seed=2)
    assert 15 <= sum(seq % 3 == 0 for seq in some) <= 55, "rows with a NULL are as likely as others"


def test_a_fraction_is_a_share(parity_engines: tuple[ParityEngine, ...]) -> None:
    clickhouse = parity_engines[0]
    assert len(chosen(clickhouse, fraction=1.0)) == 1000
    assert chosen(clickhouse, fraction=5e-324) == []
    half, tenth = chosen(clickhouse, fraction=0.5, seed=-7), chosen(clickhouse, fraction=0.1, seed=-7)
    assert 400 <= len(half) <= 600
    assert 60 <= len(tenth) <= 140
    assert set(tenth) < set(half)


def test_more_than_an_int64_can_hold(parity_engines: tuple[ParityEngine, ...]) -> None:
    """A sum beyond int64 is an error; the change between its ends is not."""
    most = 2**63 - 1
    rows = table(NUMBERED, ("A", 1, -most), ("A", 2, most), ("A", 3, most))
    order = {"column": "v", "order_by": [{"column": "seq"}]}
    check(case(rows, ("window", {"function": "cumulative_sum", **order})), parity_engines)
    check(case(rows, ("window", {"function": "pct_change", **order})), parity_engines)
    few = replace(rows, rows=rows.rows[:2])
    check(case(few, ("window", {"function": "cumulative_sum", **order})), parity_engines)


def test_frames_of_many_rows(parity_engines: tuple[ParityEngine, ...]) -> None:
    """ClickHouse is given their sums as differences, which must be as exact."""
    columns = {
        "symbol": "string",
        "seq": "int64",
        "n": "int64",
        "p": "decimal(18,6)",
        "w": "decimal(38,10)",
        "v": "decimal(60,20)",
    }
    rows = [
        (
            "AB"[seq % 2],
            seq,
            (-1) ** seq * 2**60,
            D(10**11 + seq).scaleb(-6),
            D(-seq - 10**20),
            D(seq).scaleb(-20),
        )
        for seq in range(300)
    ]
    order_by = [{"column": "seq"}]
    steps = [
        ("window", {
            "function": function, "column": column, "frame": {"rows": count}, "partition_by": partition,
            "order_by": order_by, "output_column": f"{function}_{column}_{count}",
        })
        for function in ("rolling_sum", "rolling_avg")
        for column in ("n", "p", "w", "v")
        for count, partition in ((101, ["symbol"]), (1_000_000, []))
    ]  # fmt: skip
    check(case(table(columns, *rows), *steps), parity_engines)
