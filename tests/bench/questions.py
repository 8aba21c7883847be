"""Five-node graphs over the generated trades, and the SQL that a good author writes for them by hand.

By hand means: exact decimals (a product of two Decimal(18, …) overflows 64 bits), rounding where a
quotient is asked for, one SELECT, and the symbols of the tenant in PREWHERE, so that no row of another
tenant is evaluated. It does not notice an overflow of 128 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.market import SYMBOLS

ALLOWED = SYMBOLS[:10]
_LISTED = ", ".join(f"'{each}'" for each in ALLOWED)

Step = tuple[str, dict[str, Any]]
SOURCE: Step = ("data_source", {"database": "flowforge", "table": "raw_trades"})


def condition(column: str, operator: str, value: object) -> Step:
    """A filter with one condition."""
    return "filter", {"logic": "AND", "filters": [{"column": column, "operator": operator, "value": value}]}


def formula(name: str, expression: str) -> Step:
    """A computed column."""
    return "formula", {"expression": expression, "output_column": name}


def sort(column: str, direction: str) -> Step:
    """An order by one column."""
    return "sort", {"sorts": [{"column": column, "direction": direction}]}


@dataclass(frozen=True)
class Question:
    """A chain of nodes, and the statement by hand."""

    what: str
    steps: tuple[Step, ...]
    by_hand: str

    @property
    def unguarded(self) -> str:
        """By hand where rows of other tenants may be evaluated: ClickHouse chooses what it reads first."""
        return self.by_hand.replace(" WHERE ", " AND ").replace("PREWHERE ", "WHERE ")


QUESTIONS = (
    Question(
        "turnover per symbol",
        (
            SOURCE,
            condition("price", ">", 105),
            formula("notional", "[price] * [quantity]"),
            ("group_by", {"group_by": ["symbol"], "aggregations": [
                {"function": "sum", "column": "notional", "alias": "turnover"},
                {"function": "sum", "column": "quantity", "alias": "volume"},
                {"function": "count", "alias": "trades"},
            ]}),
            sort("turnover", "desc"),
        ),
        f"""SELECT symbol, sum(toDecimal128(price, 6) * quantity) AS turnover, sum(quantity) AS volume,
                count() AS trades
            FROM flowforge.raw_trades PREWHERE symbol IN ({_LISTED}) WHERE price > 105
            GROUP BY symbol ORDER BY turnover DESC""",
    ),
    Question(
        "VWAP per hour",
        (
            SOURCE,
            condition("side", "=", "BUY"),
            formula("hour", "DATE_TRUNC('hour', [event_time])"),
            ("group_by", {"group_by": ["hour"], "aggregations": [
                {"function": "vwap", "column": "price", "weight": "quantity", "alias": "vwap"},
                {"function": "max", "column": "price", "alias": "high"},
                {"function": "min", "column": "price", "alias": "low"},
            ]}),
            sort("hour", "asc"),
        ),
        f"""SELECT toStartOfHour(event_time) AS hour,
                round(toDecimal256(sum(toDecimal128(price, 6) * quantity), 13) / sum(quantity), 12) AS vwap,
                max(price) AS high, min(price) AS low
            FROM flowforge.raw_trades PREWHERE symbol IN ({_LISTED}) WHERE side = 'BUY'
            GROUP BY hour ORDER BY hour""",
    ),
    Question(
        "the dearest trades",
        (
            SOURCE,
            condition("quantity", ">=", 9000),
            ("select", {"columns": ["symbol", "event_time", "price", "quantity"]}),
            sort("price", "desc"),
            ("limit", {"rows": 100}),
        ),
        f"""SELECT symbol, event_time, price, quantity FROM flowforge.raw_trades
            PREWHERE symbol IN ({_LISTED}) WHERE quantity >= 9000 ORDER BY price DESC LIMIT 100""",
    ),
    Question(
        "large trades per venue",
        (
            SOURCE,
            formula("notional", "[price] * [quantity]"),
            condition("notional", ">", 1_000_000),
            ("group_by", {"group_by": ["venue"], "aggregations": [
                {"function": "count", "alias": "trades"},
                {"function": "max", "column": "notional", "alias": "largest"},
            ]}),
            sort("trades", "desc"),
        ),
        f"""WITH toDecimal128(price, 6) * quantity AS notional
            SELECT venue, count() AS trades, max(notional) AS largest FROM flowforge.raw_trades
            PREWHERE symbol IN ({_LISTED}) WHERE notional > 1000000 GROUP BY venue ORDER BY trades DESC""",
    ),
)  # fmt: skip

ROLLUP = Question(
    "VWAP per symbol and hour from the rollup",
    (
        SOURCE,
        formula("hour", "DATE_TRUNC('hour', [event_time])"),
        ("group_by", {"group_by": ["symbol", "hour"], "aggregations": [
            {"function": "vwap", "column": "price", "weight": "quantity", "alias": "vwap"},
        ]}),
        sort("hour", "asc"),
    ),
    "",
)  # fmt: skip


def long_chain(nodes: int) -> tuple[Step, ...]:
    """Formulas that build on each other and filters that let every row through."""
    steps: list[Step] = [SOURCE]
    latest = "price"
    for index in range(nodes - 3):
        if index % 2 == 0:
            steps.append(condition(latest, ">", 0))
        else:
            name = f"level_{index // 2 + 1}"
            steps.append(formula(name, f"[{latest}] + [quantity] * 0.5"))
            latest = name
    keys = {"group_by": ["symbol"], "aggregations": [{"function": "max", "column": latest, "alias": "most"}]}
    return (*steps, ("group_by", keys), sort("most", "desc"))
