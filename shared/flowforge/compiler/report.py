"""The barrier report: for each node, whose SELECT it shares or why it needed its own."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.compiler.generate import Span
from flowforge.compiler.plan import NodeReport
from flowforge.graph import Node
from flowforge.relation import REASONS, Relation

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


def node_report(node: Node, before: Relation | None, after: Relation, span: Span | None) -> NodeReport:
    """How the relation ``before`` the node became the one ``after`` it."""
    if before is None:
        return NodeReport(after.schema, None, None, f"opens a query on {_source(after)}", span)
    if after.opened_by == node.id and after.barrier is not None:
        reason = REASONS[after.barrier]
        return NodeReport(after.schema, None, after.barrier.value, f"new query because {reason}", span)
    clause = after.clause if after is not before else "FROM"
    into = after.place if clause == "SOURCE" else after.opened_by
    detail = f"merged into {into} because {_BECAUSE[clause]}"
    return NodeReport(after.schema, into, None, detail, span)


def _source(relation: Relation) -> str:
    table = getattr(relation.source, "table", None)
    return table.qualified_name if table is not None else "the query before it"


def reports(
    steps: Mapping[str, tuple[Node, Relation | None, Relation]], spans: Mapping[str, Span]
) -> dict[str, NodeReport]:
    """One report per node, in topological order."""
    return {
        node_id: node_report(node, before, after, spans.get(node_id))
        for node_id, (node, before, after) in steps.items()
    }
