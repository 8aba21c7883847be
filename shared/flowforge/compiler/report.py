"""The barrier report: for each node, whose SELECT it shares or why it needed its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from flowforge.compiler.apply import Steps
from flowforge.compiler.federate import MEMORY, Statements, origins, places
from flowforge.compiler.generate import Span
from flowforge.compiler.implied import implied_joins
from flowforge.compiler.plan import NodeReport, RollupUse
from flowforge.graph import Node
from flowforge.relation import REASONS, Barrier, Relation, tables

_BECAUSE = {
    "SELECT": "choosing or computing columns fits its projection",
    "WHERE": "its condition fits WHERE, before anything that depends on all rows",
    "SOURCE": "the same rows remain if its condition is asked before the rows of several inputs meet",
    "HAVING": "its condition reads aggregates and fits HAVING, after GROUP BY",
    "ORDER BY": "its order fits ORDER BY, and the order so far breaks ties",
    "GROUP BY": "nothing before it in this SELECT depends on groups or on a number of rows",
    "LIMIT": "LIMIT is the last step of a SELECT",
    "FROM": "it only passes rows on",
}

_MEETINGS = frozenset({Barrier.JOIN_INPUT, Barrier.UNION_ARM})
"""Barriers of nodes that bring the rows of several inputs together."""


def node_report(
    node: Node,
    before: Relation | None,
    after: Relation,
    store: str,
    place: tuple[int, Span] | None,
    *,
    joined: bool = False,
) -> NodeReport:
    """How the relation ``before`` the node became the one ``after`` it; ``joined``: a source's implied join is done."""
    statement, span = place if place is not None else (None, None)
    report = partial(NodeReport, after.schema, sql_span=span, store=store, statement=statement)
    if before is None:
        return report(None, None, f"opens a query on {_source(after, joined)}")
    if after.opened_by == node.id and after.barrier is not None:
        if store == MEMORY and after.barrier in _MEETINGS:
            where = f"in memory because {REASONS[Barrier.OTHER_STORE]}: {origins(after)}"
            return report(None, Barrier.OTHER_STORE.value, where)
        return report(None, after.barrier.value, f"new query because {REASONS[after.barrier]}")
    clause = after.clause if after is not before else "FROM"
    into = after.place if clause == "SOURCE" else after.opened_by
    return report(into, None, f"merged into {into} because {_BECAUSE[clause]}")


def _source(after: Relation, joined: bool) -> str:
    mine, *others = [each.qualified_name for each in tables(after)]
    if not others:
        return mine
    (join,) = implied_joins(after)
    left_out = f"no column is used that {' and '.join(others)} adjusts, so that it is not read"
    return f"{mine}, {join.implied}" if joined else f"{mine}; {left_out}"


def reports(
    steps: Steps, made: Statements, rollups: Mapping[str, RollupUse], implied: Collection[str]
) -> dict[str, NodeReport]:
    """One report per node, in topological order; ``implied`` are the sources whose own join is done."""
    stores = places(steps, made)
    return {
        node_id: _with_rollup(
            node_report(
                node, before, after, stores[node_id], made.spans.get(node_id), joined=node_id in implied
            ),
            rollups.get(node_id),
        )
        for node_id, (node, before, after) in steps.items()
    }


def _with_rollup(report: NodeReport, use: RollupUse | None) -> NodeReport:
    if use is None:
        return report
    answered = "answered" if use.used else "not answered"
    detail = f"{report.detail}; {answered} from {use.table} because {use.reason}"
    return replace(report, detail=detail, rollup=use)
