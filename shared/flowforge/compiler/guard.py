"""The tenant guard: every scan reads only the rows that its tenant may see, and nothing is evaluated first.

A predicate in the right place of the tree is not enough: an engine may evaluate ``1 / quantity`` on
a forbidden row before it looks at the symbol, and fail with the row's value in the message. So

    MergeTree table     PREWHERE of the SELECT that scans it
    view                a sub-query of its own around the scan, with the planner's moves switched off
    PostgreSQL          a sub-query (or CTE) of its own with OFFSET 0, which the planner does not flatten

The guard only adds; ``verifier`` checks the result and shares no code with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.compiler.names import column, identifier
from flowforge.compiler.written import ScanSite
from flowforge.tenancy import EVERYTHING, Access

VIEW_SETTINGS: dict[str, str | int] = {
    "optimize_move_to_prewhere": 0,
    "query_plan_optimize_prewhere": 0,
    "query_plan_filter_push_down": 0,
    "query_plan_merge_filters": 0,
    "query_plan_propagate_predicate_across_join": 0,
    "enable_join_runtime_filters": 0,
}
"""Without these, ClickHouse merges a filter outside the sub-query – one of the user's, or one that it
makes itself of a join's keys – with the guard inside it, and computes what both need first."""


def guard(scans: Sequence[ScanSite], access: Access, dialect: str) -> dict[str, str | int]:
    """Add the predicates to the tree in place; returns the engine settings that they rely on."""
    settings: dict[str, str | int] = {}
    for site in scans:
        prewhere = dialect == "clickhouse" and site.table.prewhere
        predicate = _predicate(site, access, site.alias if prewhere else None)
        if predicate is None:
            continue
        if prewhere:
            site.select.set("prewhere", exp.PreWhere(this=predicate))
            continue
        _fence(site, predicate, dialect)
        if dialect == "clickhouse":
            settings |= VIEW_SETTINGS
    return settings


def _predicate(site: ScanSite, access: Access, qualifier: str | None) -> exp.Expr | None:
    """The rows that the tenant may see; None where that is all of them."""
    protection = site.table.protection
    if protection.kind == "shared":
        return None
    if protection.column is None:
        return exp.Boolean(this=False)
    subject = column(protection.column, qualifier)
    if protection.kind == "tenant":
        return exp.EQ(this=subject, expression=exp.Literal.string(access.tenant_id))
    if access.symbols is EVERYTHING:
        return None
    assert isinstance(access.symbols, frozenset)
    if not access.symbols:
        return exp.Boolean(this=False)
    return exp.In(this=subject, expressions=[exp.Literal.string(each) for each in sorted(access.symbols)])


def _fence(site: ScanSite, predicate: exp.Expr, dialect: str) -> None:
    """Put the scan into a sub-query that selects bare columns and filters by the guard alone.

    A CTE that does nothing else is that sub-query already.
    """
    if _is_bare(site):
        _filter(site.select, predicate, dialect)
        return
    needed = site.columns or tuple(each.name for each in site.table.columns[:1])
    name = site.alias or site.table.physical[1]
    site.source.set("alias", None)
    inner = exp.Select(expressions=[column(each) for each in needed])
    fenced = exp.Subquery(this=inner, alias=exp.TableAlias(this=identifier(name)))
    site.source.replace(fenced)
    inner.set("from_", exp.From(this=site.source))
    _filter(inner, predicate, dialect)


def _is_bare(site: ScanSite) -> bool:
    """Whether the scan's SELECT is a CTE of bare columns and nothing else."""
    used = {name for name, value in site.select.args.items() if value}
    return (
        used == {"expressions", "from_"}
        and isinstance(site.select.parent, exp.CTE)
        and site.alias is None
        and all(isinstance(each, exp.Column) for each in site.select.expressions)
    )


def _filter(select: exp.Select, predicate: exp.Expr, dialect: str) -> None:
    select.set("where", exp.Where(this=predicate))
    if dialect == "postgres":
        select.set("offset", exp.Offset(expression=exp.Literal.number(0)))
