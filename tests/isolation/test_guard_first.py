"""The guard is evaluated before anything that a user wrote: forbidden rows neither fail a query nor leak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flowforge.catalog import Table
from samples import EVERYONE, FIRM, LIVE, NOBODY, TRADES, VIEW, Step, compiled

if TYPE_CHECKING:
    from isolation.conftest import Engines

pytestmark = pytest.mark.engines

TABLES = [TRADES, VIEW, LIVE]

EXPRESSIONS = [
    "1 / [quantity]",
    "[sequence] * [sequence]",
    "[sequence] + [sequence]",
    "-[sequence] * 2",
    "ABS([sequence]) * [sequence]",
    "[sequence] % NULLIF([quantity], 0)",
    "[price] * [price] * [price] * [price]",
    "[price] / [quantity] * [price] * [price]",
    "ROUND([price] * [price] * [price], 2)",
    "CEIL([price] * [price]) * [price] * [price]",
    "[ratio] * [ratio]",
    "EXP([ratio])",
    "POWER([ratio], [ratio])",
    "LN([ratio] * 0)",
    "TO_NUMBER([note])",
    "TO_NUMBER([note]) * TO_NUMBER([note])",
    "TO_DATE([note])",
    "LEFT([note], [sequence])",
    "DATE_ADD('year', [sequence], [trade_date])",
    "DATE_ADD('second', [sequence], [event_time])",
    "DATE_DIFF('second', [event_time], DATE_ADD('year', 200, [event_time]))",
    "CASE WHEN [sequence] > 5 THEN [sequence] * [sequence] ELSE 0 END",
    "IF([note] = 'forbidden-secret', [sequence] * [sequence], 1)",
]


def shapes(expression: str) -> dict[str, list[Step]]:
    """Where a user can put an expression."""
    made: Step = ("formula", {"expression": expression, "output_column": "made"})
    test: Step = ("formula", {"expression": f"({expression}) IS NOT NULL", "output_column": "test"})
    holds: Step = ("filter", {"filters": [{"column": "test", "operator": "=", "value": True}]})
    wanted = [
        {"column": "symbol", "operator": "IN", "value": ["JPM", "BAC", "AAPL"]},
        {"column": "test", "operator": "=", "value": True},
    ]
    grouped: Step = (
        "group_by",
        {"group_by": ["made"], "aggregations": [{"function": "sum", "column": "sequence"}]},
    )
    return {
        "projected": [made, ("select", {"columns": ["made", "symbol"]})],
        "filtered": [test, holds, ("select", {"columns": ["symbol", "note"]})],
        "filtered for forbidden symbols": [test, ("filter", {"filters": wanted}), ("select", {"columns": ["symbol", "note"]})],
        "either": [
            test,
            ("filter", {"logic": "OR", "filters": [{"column": "symbol", "operator": "=", "value": "JPM"}, *wanted]}),
            ("select", {"columns": ["symbol", "note"]}),
        ],
        "grouped": [made, grouped],
        "sorted and limited": [made, ("sort", {"sorts": [{"column": "made", "direction": "desc"}]}), ("limit", {"rows": 1})],
        "behind a barrier": [("limit", {"rows": 100}), made, ("sort", {"sorts": [{"column": "made"}]})],
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_forbidden_rows_neither_fail_nor_leak(trades: Engines, table: Table, expression: str) -> None:
    for title, steps in shapes(expression).items():
        for access in (FIRM, NOBODY):
            rows = trades.run(compiled(steps, table, access=access).statements[0])
            shown = repr(rows)
            assert "JPM" not in shown, title
            assert "BAC" not in shown, title
            assert "forbidden" not in shown, title
            assert access is FIRM or not rows, title


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_forbidden_rows_do_fail_for_who_may_read_them(trades: Engines, table: Table) -> None:
    """The cases above have teeth: without the guard in front they would be errors."""
    for expression in ("[sequence] * [sequence]", "[price] * [price] * [price] * [price]"):
        plan = compiled(shapes(expression)["projected"], table, access=EVERYONE)
        with pytest.raises(RuntimeError):
            trades.run(plan.statements[0])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_hostile_text_is_only_ever_a_value(trades: Engines, table: Table) -> None:
    hostile = [
        "' OR 1=1 --", "\\' OR 1=1 --", "\\", "'", '"', "`", "/*", "*/", "--", ";", "x'; DROP TABLE trades; --",
        "{x:String}", "%s", "$1", ":x", "?", "]", "[", "\n", "\t", "\x1b", "\ufeff", "\ue000\ue001\ue002",
        "ÄÖÜ", "ＡＡＰＬ", "\u0430apl", "__SQLGLOT__LBREAK__", "x" * 9_000, "'" * 500, "\\" * 501, "1e309", "NaN", "0x41",
    ]  # fmt: skip
    for text in hostile:
        literal = "'" + text.replace("'", "''") + "'"
        steps: list[Step] = [
            ("filter", {"logic": "OR", "filters": [
                {"column": "note", "operator": "=", "value": text},
                {"column": "symbol", "operator": "IN", "value": [text, "JPM"]},
                {"column": "symbol", "operator": "!=", "value": text},
            ]}),
            ("formula", {"expression": literal, "output_column": "echo"}),
            ("select", {"columns": ["symbol", "echo"]}),
            ("sort", {"sorts": [{"column": "symbol"}]}),
        ]  # fmt: skip
        rows = trades.run(compiled(steps, table).statements[0])
        assert rows == [["AAPL", text], ["MSFT", text]], ascii(text[:40])
