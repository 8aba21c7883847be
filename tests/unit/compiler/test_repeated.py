"""What is built alike is written once, whoever wrote it and however often.

That names change no rows is proven by running both forms (tests/parity); here it is said what is named.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from flowforge.catalog import Table
from samples import LIVE, TRADES, Step, compiled

TURNOVER = "[price] * [quantity]"


def formula(name: str, expression: str) -> Step:
    return ("formula", {"expression": expression, "output_column": name})


def select(*columns: str) -> Step:
    return ("select", {"columns": list(columns)})


def text(*steps: Step) -> str:
    return " ".join(compiled(list(steps)).statements[0].sql.split())


def test_ten_formulas_that_say_the_same_are_worked_out_once() -> None:
    names = [f"n{number}" for number in range(10)]
    sql = text(*[formula(name, TURNOVER) for name in names], select(*names))
    assert sql.startswith("SELECT toDecimal128(price, 6) * quantity AS n0, n0 AS n1, n0 AS n2,")
    assert sql.count("quantity") == 1


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        (
            f"IF({TURNOVER} > 1000, {TURNOVER}, 0)",
            "WITH toDecimal128(price, 6) * quantity AS product SELECT if(product > 1000, product,",
        ),
        (
            "([price] - [quantity]) / ([price] - [quantity] + 1)",
            "WITH toDecimal128(price, 6) - quantity AS difference SELECT",
        ),
    ],
)
def test_a_part_that_a_formula_repeats_gets_a_name(expression: str, start: str) -> None:
    sql = text(formula("x", expression), select("x"))
    assert sql.startswith(start)
    assert sql.count("quantity") == 1


def test_the_name_of_a_later_column_is_used_before_it() -> None:
    sql = text(formula("a", f"{TURNOVER} + 1"), formula("b", TURNOVER), select("a", "b"))
    assert sql.startswith("SELECT b + 1 AS a, toDecimal128(price, 6) * quantity AS b FROM")


def test_a_condition_that_a_column_repeats() -> None:
    condition = f"{TURNOVER} > 1000"
    sql = text(formula("big", condition), formula("large", condition), select("big", "large"))
    assert sql.startswith("SELECT toBool(toDecimal128(price, 6) * quantity > 1000) AS big, big AS large FROM")


def test_equal_keys_are_one_key() -> None:
    buckets: list[Step] = [
        ("time_bucket", {"column": "event_time", "size": "1h", "output_column": name}) for name in ("a", "b")
    ]
    sql = text(*buckets, ("group_by", {"group_by": ["a", "b"], "aggregations": [{"function": "count"}]}))
    assert sql.startswith("SELECT toStartOfHour(event_time) AS a, a AS b,")
    assert sql.endswith("GROUP BY a")


def test_a_column_that_takes_the_place_of_one_that_it_reads() -> None:
    sql = text(formula("b", TURNOVER), formula("price", TURNOVER), select("price", "b"))
    assert sql.startswith("SELECT b AS price, toDecimal128(trades.price, 6) * trades.quantity AS b FROM")


def test_numbers_that_only_look_alike_stay_apart() -> None:
    sql = text(formula("x", "[quantity] * 2.0 + [quantity] * 2.00"), select("x"))
    assert "WITH" not in sql


def test_the_live_database_has_no_names_inside_a_select() -> None:
    steps = [formula(name, "[price] + [quantity]") for name in ("a", "b")]
    sql = " ".join(compiled([*steps, select("a", "b")], LIVE).statements[0].sql.split())
    assert "price + quantity AS a, price + quantity AS b" in sql


def test_long_steps_have_names_where_only_the_last_is_asked_for() -> None:
    names = ["price", *[f"x{number}" for number in range(40)]]
    steps = [formula(name, f"[{before}] * 1.01 + [quantity]") for before, name in pairwise(names)]
    sql = compiled([*steps, select("x39")]).statements[0].sql
    assert "round(x2 * toDecimal64('1.01', 2), 12)" in sql
    assert max(len(line) - len(line.lstrip()) for line in sql.splitlines()) <= 20


def test_hundreds_of_steps_are_cut_before_a_store_gives_up_on_their_depth() -> None:
    steps, latest = [], "price"
    for number in range(400):
        steps.append(formula(f"x{number}", f"[{latest}] * 1.01"))
        latest = f"x{number}"
    plan = compiled([*steps, select(latest)])
    assert len(plan.statements[0].sql) < 60_000
    cut = [report.barrier for report in plan.nodes.values() if report.barrier]
    assert set(cut) == {"FORMULA_TOO_LARGE_TO_INLINE"}
    assert 5 <= len(cut) <= 10


@pytest.mark.parametrize("table", [TRADES, LIVE], ids=lambda table: table.store)
@pytest.mark.parametrize("nesting", ["SQRT({})", "POWER({}, 2)", "TO_NUMBER(TO_TEXT({}))", "{} % 7"])
def test_operands_that_a_store_writes_several_times_do_not_multiply(nesting: str, table: Table) -> None:
    def length(depth: int) -> int:
        expression = "[ratio]"
        for _ in range(depth):
            expression = nesting.format(expression)
        plan = compiled([formula("x", expression), select("x")], table)
        assert plan.columns[0].name == "x"
        return len(plan.statements[0].sql)

    assert length(40) < 3 * length(20)
