"""Every scan of every plan, weakened in every way: the verifier refuses all of it.

The plans are the golden ones and those of random graphs – joins, unions, shared CTEs, windows, values
in WITH, rollups – for a tenant who may see two symbols. A mutation changes the tree as it was verified,
one scan at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from sqlglot import exp

import flowforge.compiler.statement
from flowforge.catalog import Catalog, Table
from flowforge.compiler import compile_graph
from flowforge.compiler.verifier import verify
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import parse_graph
from flowforge_local.corpus.catalogue import CATALOG as CORPUS
from flowforge_local.corpus.graphs import graph as random_graph
from samples import FIRM
from samples.golden import FILES, answer, cases

GRAPHS = 250


@dataclass
class Plan:
    """What the verifier was asked: a guarded tree with everything it is judged by."""

    tree: exp.Expr
    arguments: Mapping[str, Any]

    def tables(self) -> list[Table]:
        """The table behind each scan that must be guarded, in the order of ``scans``."""
        return [self._known(scan) for scan in self.scans()]

    def scans(self) -> list[exp.Table]:
        """The scans that the tenant's rights restrict."""
        return [scan for scan in self.tree.find_all(exp.Table) if self._is_guarded(scan)]

    def _is_guarded(self, scan: exp.Table) -> bool:
        return bool(scan.args.get("db")) and self._known(scan).protection.kind != "shared"

    def _known(self, scan: exp.Table) -> Table:
        catalog: Catalog = self.arguments["catalog"]
        place = (scan.text("db"), scan.name)
        return next(each for each in catalog.tables.values() if each.physical == place)

    def accepted(self) -> bool:
        """Whether the verifier lets the tree pass; anything but its refusal is an error."""
        try:
            verify(self.tree, "", **self.arguments)
        except FlowForgeError as error:
            if error.code is not ErrorCode.PLAN_NOT_VERIFIED:
                raise
            return False
        return True


@dataclass
class Scan:
    """One guarded scan of a tree that may be changed."""

    tree: exp.Expr
    node: exp.Table
    table: Table
    arguments: dict[str, Any]

    @property
    def select(self) -> exp.Select:
        found = self.node.find_ancestor(exp.Select)
        assert found is not None
        return found

    @property
    def clause(self) -> exp.Expr:
        """The PREWHERE, or in a fence the WHERE, that holds the guard."""
        found: exp.Expr = self.select.args.get("prewhere") or self.select.args["where"]
        return found

    @property
    def predicate(self) -> exp.Expr:
        """The guard's own term; the compiler writes it in front of all others, or alone."""
        return next(
            each
            for each in self.clause.find_all(exp.In, exp.EQ)
            if isinstance(each.this, exp.Column) and each.this.name == self.table.protection.column
        )

    def unguarded(self) -> exp.Select:
        """A fresh read of the same table."""
        select = exp.Select(expressions=[exp.column(self.table.columns[0].name)])
        return select.from_(exp.Table(this=self.node.this.copy(), db=self.node.args["db"].copy()))


def drop(scan: Scan) -> None:
    scan.select.set(scan.clause.arg_key or "", None)


def weaken_with_or(scan: Scan) -> None:
    either = exp.Or(this=scan.predicate.copy(), expression=exp.Boolean(this=True))
    scan.predicate.replace(exp.Paren(this=either))


def weaken_the_clause(scan: Scan) -> None:
    scan.clause.set("this", exp.Or(this=scan.clause.this.copy(), expression=exp.Boolean(this=True)))


def widen(scan: Scan) -> None:
    term = scan.predicate
    if isinstance(term, exp.In):
        term.append("expressions", exp.Literal.string("JPM"))
    else:
        term.set("expression", exp.Literal.string("firm-beta"))


def negate(scan: Scan) -> None:
    scan.predicate.replace(exp.Not(this=scan.predicate.copy()))


def become_true(scan: Scan) -> None:
    scan.predicate.replace(exp.Boolean(this=True))


def another_column(scan: Scan) -> None:
    scan.predicate.set("this", exp.column("side"))


def another_qualifier(scan: Scan) -> None:
    scan.predicate.set("this", exp.column(scan.table.protection.column or "", table="elsewhere"))


def constant_subject(scan: Scan) -> None:
    scan.predicate.set("this", exp.Literal.string("AAPL"))


def values_from_a_query(scan: Scan) -> None:
    query = exp.Subquery(this=scan.unguarded())
    if isinstance(scan.predicate, exp.In):
        scan.predicate.set("expressions", None)
        scan.predicate.set("query", query)
    else:
        scan.predicate.set("expression", query)


def move_to_where(scan: Scan) -> None:
    """From PREWHERE to WHERE, which errors of other terms may come before; in a fence, beside another term."""
    moved = scan.predicate.copy()
    if scan.select.args.get("prewhere"):
        drop(scan)
        scan.select.set("where", exp.Where(this=moved))
    else:
        other = exp.GT(this=exp.column("price"), expression=exp.Literal.number(0))
        scan.clause.set("this", exp.And(this=moved, expression=other))


def evaluate_first(scan: Scan) -> None:
    """A term that can fail on a row, in front of the guard."""
    term = exp.GT(
        this=exp.Div(this=exp.Literal.number(1), expression=exp.column("price")),
        expression=exp.Literal.number(0),
    )
    scan.clause.set("this", exp.And(this=term, expression=scan.clause.this.copy()))


def move_to_having(scan: Scan) -> None:
    moved = scan.predicate.copy()
    drop(scan)
    scan.select.set("having", exp.Having(this=moved))


def move_outside(scan: Scan) -> None:
    """Into the WHERE of a SELECT around everything."""
    moved = scan.predicate.copy()
    drop(scan)
    inner = exp.Subquery(this=scan.tree, alias=exp.TableAlias(this=exp.to_identifier("inner")))
    scan.tree = exp.Select(expressions=[exp.column("symbol")]).from_(inner).where(moved)


def alias_takes_the_column(scan: Scan) -> None:
    qualifier = scan.predicate.this.text("table")
    name = qualifier or scan.table.protection.column or ""
    scan.select.append(
        "expressions", exp.Alias(this=exp.Literal.string("AAPL"), alias=exp.to_identifier(name))
    )


def union_arm(scan: Scan) -> None:
    scan.tree = exp.Union(this=scan.tree, expression=scan.unguarded(), distinct=False)


def union_arm_beside_the_scan(scan: Scan) -> None:
    """In place, whatever the SELECT is part of: a CTE, a sub-query, the arm of another union."""
    both = exp.Union(this=scan.select.copy(), expression=scan.unguarded(), distinct=False)
    if scan.select is scan.tree:
        scan.tree = both
    else:
        scan.select.replace(both)


def join_beside_the_scan(scan: Scan) -> None:
    joined = exp.Join(this=scan.unguarded().args["from_"].this, on=exp.Boolean(this=True), kind="INNER")
    scan.select.append("joins", joined)


def join_of_the_outermost(scan: Scan) -> None:
    select = scan.tree.find(exp.Select)
    assert select is not None
    alias = exp.TableAlias(this=exp.to_identifier("more"))
    joined = exp.Join(
        this=exp.Subquery(this=scan.unguarded(), alias=alias), on=exp.Boolean(this=True), kind="INNER"
    )
    select.append("joins", joined)


def unguarded_cte(scan: Scan) -> None:
    cte = exp.CTE(this=scan.unguarded(), alias=exp.TableAlias(this=exp.to_identifier("leak")))
    with_ = scan.tree.args.get("with_")
    scan.tree.set("with_", exp.With(expressions=[*(with_.expressions if with_ else ()), cte]))


def sub_query_instead(scan: Scan) -> None:
    alias = exp.TableAlias(this=exp.to_identifier("again"))
    source = exp.Subquery(this=scan.unguarded(), alias=alias)
    (scan.node.parent if isinstance(scan.node.parent, exp.Final) else scan.node).replace(source)


def scalar_sub_query(scan: Scan) -> None:
    scan.select.append("expressions", exp.Subquery(this=scan.unguarded()))


def exists(scan: Scan) -> None:
    condition = exp.Exists(this=scan.unguarded())
    scan.clause.set("this", exp.And(this=scan.clause.this.copy(), expression=condition))


def table_function(scan: Scan) -> None:
    scan.node.set("this", exp.Anonymous(this="url", expressions=[exp.Literal.string("http://127.0.0.1")]))


def another_table(scan: Scan) -> None:
    scan.node.set("this", exp.to_identifier("processes"))
    scan.node.set("db", exp.to_identifier("system"))


def no_database(scan: Scan) -> None:
    """Whatever a session calls so; a CTE that is called as the table is would be guarded itself."""
    scan.node.set("db", None)
    scan.node.set("this", exp.to_identifier("temporary"))


def table_of_another_protection(scan: Scan) -> None:
    """The same text reads a table that this predicate does not protect."""
    names = {"tenant": "symbol", "symbol": "tenant_id"}
    kind = "tenant" if scan.table.protection.kind == "symbol" else "symbol"
    column = names[scan.table.protection.kind]
    swapped = replace(scan.table, protection=replace(scan.table.protection, kind=kind, column=column))
    others = [
        table for table in scan.arguments["catalog"].tables.values() if table.physical != swapped.physical
    ]
    scan.arguments["catalog"] = Catalog.of([*others, swapped])


def not_in_the_catalogue(scan: Scan) -> None:
    others = [
        table for table in scan.arguments["catalog"].tables.values() if table.physical != scan.table.physical
    ]
    scan.arguments["catalog"] = Catalog.of(others)


def open_the_fence(scan: Scan) -> None:
    """Let the planner move what users wrote below the guard; a PREWHERE is simply made a WHERE."""
    if scan.select.args.get("prewhere"):
        move_to_where(scan)
    elif scan.arguments["dialect"] == "postgres":
        scan.select.set("offset", None)
    else:
        scan.arguments["settings"] = {
            name: value for name, value in scan.arguments["settings"].items() if "filter" not in name
        }


MUTATIONS: tuple[Callable[[Scan], None], ...] = (
    drop, weaken_with_or, weaken_the_clause, widen, negate, become_true, another_column, another_qualifier,
    constant_subject, values_from_a_query, move_to_where, evaluate_first, move_to_having, move_outside, alias_takes_the_column, union_arm,
    union_arm_beside_the_scan, join_beside_the_scan, join_of_the_outermost, unguarded_cte, sub_query_instead,
    scalar_sub_query, exists, table_function, another_table, no_database, table_of_another_protection,
    not_in_the_catalogue, open_the_fence,
)  # fmt: skip

FEATURES: Mapping[str, Callable[[Plan], bool]] = {
    "several scans": lambda plan: len(plan.scans()) > 1,
    "join": lambda plan: plan.tree.find(exp.Join) is not None,
    "union": lambda plan: plan.tree.find(exp.Union) is not None,
    "CTE": lambda plan: plan.tree.find(exp.CTE) is not None,
    "CTE read twice": lambda plan: _most_read(plan.tree) > 1,
    "value in WITH": lambda plan: any(each.args.get("scalar") for each in plan.tree.find_all(exp.CTE)),
    "window": lambda plan: plan.tree.find(exp.Window) is not None,
    "fence": lambda plan: any(not table.prewhere for table in plan.tables()),
    "PREWHERE": lambda plan: plan.tree.find(exp.PreWhere) is not None,
    "tenant's own rows": lambda plan: any(table.protection.kind == "tenant" for table in plan.tables()),
    "PostgreSQL": lambda plan: plan.arguments["dialect"] == "postgres",
}
"""What the plans must cover between them."""


def _most_read(tree: exp.Expr) -> int:
    names = [each.alias for each in tree.find_all(exp.CTE)]
    read = Counter(each.name for each in tree.find_all(exp.Table) if not each.args.get("db"))
    return max((read[name] for name in names), default=0)


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    """Everything that the verifier is asked while the golden cases and the random graphs are compiled."""
    asked: list[Plan] = []

    def remember(tree: exp.Expr, sql: str, **arguments: Any) -> Any:
        asked.append(Plan(tree.copy(), arguments))
        return verify(tree, sql, **arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flowforge.compiler.statement, "verify", remember)
        for file in FILES:
            for case in cases(file):
                answer(case)
        for seed in range(GRAPHS):
            _compile_ends(random_graph(Random(seed)), _catalogue(prewhere=seed % 2 == 0))
    return [plan for plan in asked if plan.arguments["access"] == FIRM and plan.scans()]


def _catalogue(*, prewhere: bool) -> Catalog:
    """The corpus' tables, those of ClickHouse as tables or as views; one is of the tenant's own rows."""
    return Catalog.of(
        replace(
            table,
            prewhere=prewhere and table.store == "clickhouse",
            protection=replace(table.protection, kind="tenant")
            if table.name == "daily_bars"
            else table.protection,
        )
        for table in CORPUS.tables.values()
    )


def _compile_ends(document: dict[str, Any], catalog: Catalog) -> None:
    try:
        graph = parse_graph(document)
    except FlowForgeError:
        return
    read = {edge.source for edge in graph.edges}
    for node_id in graph.nodes:
        if node_id not in read:
            try:
                compile_graph(graph, node_id, catalog=catalog, access=FIRM)
            except FlowForgeError as refusal:
                if refusal.code is ErrorCode.PLAN_NOT_VERIFIED:
                    raise


def test_the_plans_cover_what_plans_can_be(plans: list[Plan]) -> None:
    assert all(plan.accepted() for plan in plans)
    seen = {name: sum(map(has, plans)) for name, has in FEATURES.items()}
    assert min(seen.values()) >= 5, seen
    assert sum(len(plan.scans()) for plan in plans) > 300


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_mutation(plans: list[Plan], mutation: Callable[[Scan], None]) -> None:
    applied = 0
    for plan in plans:
        for scan in _scans(plan):
            mutation(scan)
            changed = Plan(scan.tree, scan.arguments)
            assert not changed.accepted(), f"{mutation.__name__} passed:\n{scan.tree.sql()}"
            applied += 1
    assert applied > 300


def _scans(plan: Plan) -> Iterator[Scan]:
    """Each scan, in a copy of its own."""
    for at, table in enumerate(plan.tables()):
        copy = Plan(plan.tree.copy(), plan.arguments)
        yield Scan(copy.tree, copy.scans()[at], table, dict(plan.arguments))
