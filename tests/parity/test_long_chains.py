"""Graphs of a hundred nodes that build on each other run, however often each uses the one before."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from parity.engine import ParityEngine
from parity.test_exactness import Node, engine, node, run, table, trade

__all__ = ["engine"]
pytestmark = pytest.mark.engines

NODES = 96
"""Between the source and the group-by, for a hundred in all."""


def choice(latest: str) -> str:
    """Written out, two to the power of all of them."""
    return f"IF([{latest}] > 0, [{latest}], 0)"


def rounding(latest: str) -> str:
    """Stores have no such ROUND and SQRT of floats: each asks its argument for its sign."""
    return f"ROUND(SQRT([{latest}] * [{latest}]), 3)"


def average(latest: str) -> str:
    return f"([{latest}] + [{latest}] + [{latest}] + [{latest}]) / 4"


def above_zero(node_id: str, source: str, column: str) -> Node:
    return node(node_id, "filter", source, filters=[{"column": column, "operator": ">", "value": 0}])


def built(formula: Callable[[str], str], *, filtered: bool) -> list[Node]:
    made: list[Node] = []
    latest, column = "trades", "price"
    for index in range(NODES):
        if filtered and index % 2:
            made.append(above_zero(f"n{index}", latest, column))
        else:
            name = f"level_{index}"
            expression = formula(column)
            made.append(node(f"n{index}", "formula", latest, expression=expression, output_column=name))
            column = name
        latest = f"n{index}"
    most = [{"function": "max", "column": column, "alias": "most"}]
    return [
        *made,
        above_zero("last", latest, column),
        node("group", "group_by", "last", group_by=["symbol"], aggregations=most),
    ]


@pytest.mark.parametrize("filtered", [False, True], ids=["formulas", "formulas and filters"])
@pytest.mark.parametrize("formula", [choice, rounding, average], ids=lambda formula: formula.__name__)
def test_a_hundred_nodes_run(engine: ParityEngine, formula: Callable[[str], str], filtered: bool) -> None:
    trades = table("trades", [trade(1, "2.25"), trade(2, "1")])
    ((symbol, most),) = run(engine, [trades], *built(formula, filtered=filtered))
    assert symbol == "A"
    assert Decimal(str(most)) == Decimal("2.25")


def test_steps_of_which_only_the_last_is_asked_for_nest_no_deeper_than_stores_read(
    engine: ParityEngine,
) -> None:
    made, column = [], "price"
    for index in range(380):
        halfway = f"[{column}] * 0.5 + [price] * 0.5"
        column = f"level_{index}"
        source = f"n{index - 1}" if index else "trades"
        made.append(node(f"n{index}", "formula", source, expression=halfway, output_column=column))
    made.append(node("last", "select", "n379", columns=["symbol", column]))
    ((symbol, price),) = run(engine, [table("trades", [trade(1, "2.25")])], *made)
    assert (symbol, Decimal(str(price))) == ("A", Decimal("2.25"))


def test_one_formula_of_two_hundred_products_runs(engine: ParityEngine) -> None:
    """Written in one SELECT it would nest deeper than ClickHouse reads."""
    product = node(
        "p", "formula", "trades", expression="[price]" + " * 0.5 * 2" * 99, output_column="hidden_1"
    )
    chosen = node("s", "select", "p", columns=["hidden_1"])
    ((price,),) = run(engine, [table("trades", [trade(1, "2.25")])], product, chosen)
    assert Decimal(str(price)) == Decimal("2.25")
