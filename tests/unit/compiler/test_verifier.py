"""Every way of weakening a guarded statement is refused, in every store and protection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from datetime import UTC, datetime

import pytest
from sqlglot import exp

from flowforge.catalog import Table
from flowforge.compiler.guard import guard
from flowforge.compiler.stores import sql_store
from flowforge.compiler.verifier import verify
from flowforge.compiler.write import write
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.relation import Relation
from flowforge.tenancy import Access
from samples import CATALOGUE, EVERYONE, FIRM, LIVE, NOBODY, TRADES, VIEW, compiled
from samples.catalogue import FILLS, POSITIONS, REPLACING

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)
GUARDED = [TRADES, VIEW, REPLACING, LIVE, POSITIONS, FILLS]


class Statement:
    """A guarded tree that can be verified again after it was tampered with."""

    def __init__(self, table: Table, access: Access = FIRM) -> None:
        self.table, self.access = table, access
        store = sql_store(table.store)
        self.dialect = store.dialect
        written = write(Relation.scan(table, "n").limit(5, 0), store.dialect, AS_OF)
        self.settings = dict(store.settings) | guard(written.scans, access, store.dialect)
        self.tree: exp.Expr = written.tree

    def verify(self) -> None:
        verify(
            self.tree, "", dialect=self.dialect, settings=self.settings,
            catalog=CATALOGUE.visible_to(self.access), access=self.access,
        )  # fmt: skip

    @property
    def guarded(self) -> exp.Expr:
        """The SELECT that holds the predicate."""
        return next(
            each
            for each in self.tree.find_all(exp.Select)
            if each.args.get("prewhere") or each.args.get("where")
        )

    @property
    def clause(self) -> exp.Expr:
        return self.guarded.args.get("prewhere") or self.guarded.args["where"]  # type: ignore[no-any-return]

    def scan(self) -> exp.Expr:
        """A fresh, unguarded read of the same table."""
        schema, name = self.table.physical
        select = exp.Select(expressions=[exp.column("price")])
        select.set(
            "from_", exp.From(this=exp.Table(this=exp.to_identifier(name), db=exp.to_identifier(schema)))
        )
        return select


def predicate(statement: Statement) -> exp.Expr:
    return statement.clause.this  # type: ignore[no-any-return]


def drop(statement: Statement) -> None:
    statement.guarded.set(statement.clause.arg_key or "", None)


def weaken_with_or(statement: Statement) -> None:
    statement.clause.set("this", exp.Or(this=predicate(statement), expression=exp.Boolean(this=True)))


def negate(statement: Statement) -> None:
    statement.clause.set("this", exp.Not(this=predicate(statement)))


def become_true(statement: Statement) -> None:
    statement.clause.set("this", exp.Boolean(this=True))


def other_column(statement: Statement) -> None:
    predicate(statement).set("this", exp.column("note"))


def constant_instead_of_column(statement: Statement) -> None:
    predicate(statement).set("this", exp.Literal.string("AAPL"))


def function_around_column(statement: Statement) -> None:
    name = "toString" if statement.dialect == "clickhouse" else "UPPER"
    predicate(statement).set("this", exp.Anonymous(this=name, expressions=[predicate(statement).this]))


def another_value(statement: Statement) -> None:
    term = predicate(statement)
    if isinstance(term, exp.In):
        term.append("expressions", exp.Literal.string("JPM"))
    else:
        term.set("expression", exp.Literal.string("firm-beta"))


def value_from_a_query(statement: Statement) -> None:
    term = predicate(statement)
    if isinstance(term, exp.In):
        term.set("expressions", None)
        term.set("query", exp.Subquery(this=statement.scan()))
    else:
        term.set("expression", exp.Subquery(this=statement.scan()))


def move_outside(statement: Statement) -> None:
    condition = predicate(statement).copy()
    drop(statement)
    inner = statement.tree
    outer = exp.Select(expressions=[exp.column("price")])
    outer.set(
        "from_", exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("q"))))
    )
    outer.set("where", exp.Where(this=condition))
    statement.tree = outer


def into_where_of_the_scan(statement: Statement) -> None:
    """On MergeTree WHERE is too late; elsewhere it may not share its SELECT with anything."""
    condition, select = predicate(statement).copy(), statement.guarded
    if select.args.get("prewhere"):
        select.set("prewhere", None)
        select.set("where", exp.Where(this=condition))
    else:
        user = exp.GT(this=exp.column("price"), expression=exp.Literal.number(0))
        statement.clause.set("this", exp.And(this=condition, expression=user))


def union_arm(statement: Statement) -> None:
    statement.tree = exp.Union(this=statement.tree, expression=statement.scan(), distinct=False)


def union_arm_in_front(statement: Statement) -> None:
    statement.tree = exp.Union(this=statement.scan(), expression=statement.tree, distinct=False)


def unguarded_cte(statement: Statement) -> None:
    cte = exp.CTE(this=statement.scan(), alias=exp.TableAlias(this=exp.to_identifier("leak")))
    statement.tree.set("with_", exp.With(expressions=[cte]))


def read_an_unguarded_cte(statement: Statement) -> None:
    unguarded_cte(statement)
    statement.tree.set("joins", [exp.Join(this=exp.Table(this=exp.to_identifier("leak")), kind="CROSS")])


def scalar_query(statement: Statement) -> None:
    statement.tree.append("expressions", exp.Subquery(this=statement.scan()))


def query_in_a_condition(statement: Statement) -> None:
    statement.tree.set("having", exp.Having(this=exp.Exists(this=statement.scan())))


def join_the_table(statement: Statement) -> None:
    table = statement.scan().args["from_"].this
    statement.tree.set("joins", [exp.Join(this=table, kind="CROSS")])


def join_into_the_guarded_select(statement: Statement) -> None:
    table = statement.scan().args["from_"].this
    statement.guarded.set("joins", [exp.Join(this=table, kind="CROSS")])


def comma_join(statement: Statement) -> None:
    statement.guarded.args["from_"].set("expressions", [statement.scan().args["from_"].this])


def another_table(statement: Statement) -> None:
    statement.tree.find(exp.Table).set("this", exp.to_identifier("processes"))  # type: ignore[union-attr]


def another_database(statement: Statement) -> None:
    statement.tree.find(exp.Table).set("db", exp.to_identifier("system"))  # type: ignore[union-attr]


def no_database(statement: Statement) -> None:
    statement.tree.find(exp.Table).set("db", None)  # type: ignore[union-attr]


def table_function(statement: Statement) -> None:
    function = exp.Anonymous(this="url", expressions=[exp.Literal.string("http://x")])
    statement.tree.find(exp.Table).set("this", function)  # type: ignore[union-attr]


def alias_takes_the_column(statement: Statement) -> None:
    constant = exp.Literal.string("AAPL")
    name = statement.table.protection.column or ""
    statement.guarded.append("expressions", exp.Alias(this=constant, alias=exp.to_identifier(name)))


def alias_inside_an_expression(statement: Statement) -> None:
    alias = exp.Alias(this=exp.Literal.string("AAPL"), alias=exp.to_identifier("symbol"))
    statement.tree.append("expressions", exp.Paren(this=alias))


def computed_column(statement: Statement) -> None:
    """Beside the guard in a fence nothing may be computed; on MergeTree an unlisted function."""
    statement.guarded.append(
        "expressions", exp.Anonymous(this="file", expressions=[exp.Literal.string("/proc/self/environ")])
    )


def star(statement: Statement) -> None:
    statement.tree.set("expressions", [exp.Star()])


def into_outfile(statement: Statement) -> None:
    statement.tree.set("into", exp.Into(this=exp.Literal.string("/tmp/x")))


def settings_clause(statement: Statement) -> None:
    setting = exp.EQ(this=exp.column("readonly"), expression=exp.Literal.number(0))
    statement.tree.set("settings", [setting])


def format_clause(statement: Statement) -> None:
    statement.tree.set("format", exp.to_identifier("CSV"))


def lock(statement: Statement) -> None:
    statement.tree.set("locks", [exp.Lock(update=True)])


def sample(statement: Statement) -> None:
    statement.tree.find(exp.Table).set("sample", exp.TableSample(size=exp.Literal.number(1)))  # type: ignore[union-attr]


def recursive_cte(statement: Statement) -> None:
    inner = exp.CTE(this=statement.tree.copy(), alias=exp.TableAlias(this=exp.to_identifier("again")))
    statement.tree.set("with_", exp.With(expressions=[inner], recursive=True))


def text_as_number(statement: Statement) -> None:
    statement.tree.append("expressions", exp.Literal(this="1; DROP TABLE x", is_string=False))


def unquoted_identifier(statement: Statement) -> None:
    statement.tree.append("expressions", exp.Column(this=exp.Identifier(this="a, (SELECT 1)", quoted=False)))


def raw_text(statement: Statement) -> None:
    statement.tree.append("expressions", exp.Var(this="version()"))


def function_name_with_syntax(statement: Statement) -> None:
    statement.tree.append("expressions", exp.Anonymous(this="sum(price), url", expressions=[]))


def not_a_query(statement: Statement) -> None:
    statement.tree = exp.Drop(this=exp.to_table("flowforge.trades"), kind="TABLE")


def command(statement: Statement) -> None:
    statement.tree = exp.Command(this="KILL", expression="QUERY")


MUTATIONS: list[Callable[[Statement], None]] = [
    drop, weaken_with_or, negate, become_true, other_column, constant_instead_of_column, function_around_column,
    another_value, value_from_a_query, move_outside, into_where_of_the_scan, union_arm, union_arm_in_front,
    unguarded_cte, read_an_unguarded_cte, scalar_query, query_in_a_condition, join_the_table,
    join_into_the_guarded_select, comma_join, another_table, another_database, no_database, table_function,
    alias_takes_the_column, alias_inside_an_expression, computed_column, star, into_outfile, settings_clause,
    format_clause, lock, sample, recursive_cte, text_as_number, unquoted_identifier, raw_text,
    function_name_with_syntax, not_a_query, command,
]  # fmt: skip


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.qualified_name)
def test_the_guards_own_work_is_accepted(table: Table) -> None:
    Statement(table).verify()
    Statement(table, EVERYONE).verify()
    Statement(table, NOBODY).verify()


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.qualified_name)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_mutation(table: Table, mutation: Callable[[Statement], None]) -> None:
    statement = Statement(table)
    mutation(statement)
    with pytest.raises(FlowForgeError) as caught:
        statement.verify()
    assert caught.value.code is ErrorCode.PLAN_NOT_VERIFIED


def test_a_tenant_without_symbols_may_not_borrow_a_list() -> None:
    statement = Statement(TRADES, NOBODY)
    listed = exp.In(this=exp.column("symbol"), expressions=[exp.Literal.string("AAPL")])
    statement.clause.set("this", listed)
    with pytest.raises(FlowForgeError):
        statement.verify()


def test_an_invisible_table_is_refused_even_if_guarded() -> None:
    statement = Statement(TRADES)
    statement.access = changed(FIRM, tables=frozenset({"metrics.trades_view"}))
    with pytest.raises(FlowForgeError):
        statement.verify()


def test_a_fence_without_its_settings_is_refused() -> None:
    for name in list(guard_settings()):
        statement = Statement(VIEW)
        statement.settings.pop(name)
        with pytest.raises(FlowForgeError):
            statement.verify()


def guard_settings() -> dict[str, str | int]:
    """The settings that only the guard adds."""
    plain = sql_store("clickhouse").settings
    return {name: value for name, value in Statement(VIEW).settings.items() if name not in plain}


def test_a_postgres_fence_that_can_be_flattened_is_refused() -> None:
    statement = Statement(LIVE)
    statement.guarded.set("offset", None)
    with pytest.raises(FlowForgeError):
        statement.verify()


def test_an_alias_that_takes_the_qualifier_is_refused() -> None:
    statement = Statement(TRADES)
    predicate(statement).set("this", exp.column("symbol", table="trades"))
    statement.verify()
    constant = exp.Alias(this=exp.Literal.number(1), alias=exp.to_identifier("trades"))
    statement.tree.append("expressions", constant)
    with pytest.raises(FlowForgeError):
        statement.verify()


def test_a_proof_holds_for_one_text_only() -> None:
    statement = compiled([]).statements[0]
    assert statement.verified
    assert not changed(statement, sql=statement.sql + " ").verified
    assert not changed(statement, proof=None).verified
