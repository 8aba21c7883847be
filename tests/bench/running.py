"""``flowforge bench run``: performance rows 2 and 3 on ten million rows in the embedded ClickHouse."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.market import Market, market
from bench.measure import Contender, Row, Target, alternate
from bench.questions import ALLOWED, QUESTIONS, ROLLUP, Question, Step, long_chain
from flowforge.compiler import Plan, compile_graph
from flowforge.graph import parse_graph
from flowforge.tenancy import EVERYTHING, Access

BY_HAND = 1.05
ACCESS = Access("bench", frozenset(ALLOWED), EVERYTHING, 1)


def rows(home: Path, rounds: int, count: int) -> list[Row]:
    """Everything measured."""
    with market(home / f"market-{count}", count) as found:
        made = [_by_hand(found, each, rounds) for each in QUESTIONS]
        made += [_nested(found, nodes, max(3, rounds // 6)) for nodes in (20, 100)]
        return [*made, _rollup(found, rounds)]


def _by_hand(found: Market, question: Question, rounds: int) -> Row:
    """Both under the engine settings that give times their range and decimals their checks."""
    plan = _plan(found, question.steps, use_rollups=False)
    settings = plan.statements[0].settings
    contenders: dict[str, Contender] = {
        "ours": partial(_run, found, plan),
        "by hand": lambda _: found.seconds(question.by_hand, settings),
        "by hand, guard in WHERE": lambda _: found.seconds(question.unguarded, settings),
    }
    medians, notes, ratios = alternate(contenders, rounds)
    target = Target(f"≤ {BY_HAND} × by hand", "by hand", BY_HAND)
    return Row(2, f"run 5 nodes: {question.what}", medians, [target], notes, ratios)


def _nested(found: Market, nodes: int, rounds: int) -> Row:
    """Merged against one sub-query per node, which a parser's depth may end."""
    merged, nested = (
        _plan(found, long_chain(nodes), merge=merge, use_rollups=False) for merge in (True, False)
    )
    contenders: dict[str, Contender] = {
        "ours": partial(_run, found, merged),
        "a CTE per node": partial(_run, found, nested),
        "nested": lambda _: found.seconds(_nested_by_hand(nodes), {}),
    }
    medians, notes, ratios = alternate(contenders, rounds)
    if "nested" in notes:
        notes["nested"] = f"fails: {notes['nested'].split('DB::Exception:')[-1].strip()[:80]}"
    target = Target("runs, however deep", seconds=float("inf"))
    return Row(2, f"run {nodes} nodes", medians, [target], notes, ratios)


def _nested_by_hand(nodes: int) -> str:
    """What one sub-query per node looks like in many tools."""
    listed = ", ".join(f"'{each}'" for each in ALLOWED)
    query = f"SELECT symbol, price, quantity FROM flowforge.raw_trades WHERE symbol IN ({listed})"
    latest = "price"
    for kind, data in long_chain(nodes)[1:-2]:
        if kind == "filter":
            query = f"SELECT * FROM ({query}) WHERE {latest} > 0"
        else:
            made = str(data["output_column"])
            query = f"SELECT *, {latest} + toDecimal128(quantity, 4) * toDecimal64('0.5', 1) AS {made} FROM ({query})"
            latest = made
    return f"SELECT symbol, max({latest}) AS most FROM ({query}) GROUP BY symbol ORDER BY most DESC"


def _rollup(found: Market, rounds: int) -> Row:
    """The same graph with and without the rollups that are registered."""
    with_, without = (_plan(found, ROLLUP.steps, use_rollups=use) for use in (True, False))
    used = [
        report.rollup for report in with_.nodes.values() if report.rollup is not None and report.rollup.used
    ]
    contenders: dict[str, Contender] = {
        "ours": partial(_run, found, with_),
        "from raw rows": partial(_run, found, without),
    }
    medians, notes, ratios = alternate(contenders, rounds)
    notes["explained"] = f"from {used[0].table}" if used else "no rollup answers it"
    target = Target("reported: less than from raw rows", "from raw rows", 1.0)
    return Row(3, ROLLUP.what, medians, [target] if used else [], notes, ratios)


def _plan(found: Market, steps: Sequence[Step], *, merge: bool = True, use_rollups: bool) -> Plan:
    nodes = [
        {"id": f"node_{index}", "type": kind, "position": {"x": 0, "y": 0}, "data": data}
        for index, (kind, data) in enumerate(steps)
    ]
    edges = [
        {"id": f"edge_{index}", "source": f"node_{index}", "target": f"node_{index + 1}"}
        for index in range(len(nodes) - 1)
    ]
    graph = parse_graph({"nodes": nodes, "edges": edges})
    return compile_graph(
        graph,
        str(nodes[-1]["id"]),
        catalog=found.catalog.visible_to(ACCESS),
        access=ACCESS,
        merge=merge,
        use_rollups=use_rollups,
    )


def _run(found: Market, plan: Plan, _: int) -> float:
    (statement,) = plan.statements
    return found.seconds(statement.sql, statement.settings)
