"""Expressions in WITH: they compute from guarded columns, hold no query and take no name that a guard uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlglot import exp

from flowforge.catalog import Table
from flowforge.compiler.guard import guard
from flowforge.compiler.stores import sql_store
from flowforge.compiler.verifier import verify
from flowforge.compiler.write import write
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.formula import analyse
from flowforge.relation import Relation
from samples import CATALOGUE, FIRM, LIVE, TRADES, VIEW
from samples.catalogue import FILLS

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)
CLICKHOUSE = [TRADES, VIEW, FILLS]


class Statement:
    """A guarded statement whose WITH names the product that it uses twice."""

    def __init__(self, table: Table) -> None:
        store = sql_store(table.store)
        scan = Relation.scan(table, "source")
        made = scan.extend("notional", analyse("[price] * [quantity]", scan.schema))
        kept = made.filter(analyse("[notional] > 1000", made.schema))
        root = kept.extend("root", analyse("SQRT([notional])", kept.schema)).project(["symbol", "root"])
        written = write(root, store.dialect, AS_OF)
        self.dialect, self.protection = store.dialect, table.protection
        self.settings = dict(store.settings) | guard(written.scans, FIRM, store.dialect)
        self.tree: exp.Expr = written.tree

    def verify(self) -> None:
        verify(
            self.tree, "", dialect=self.dialect, settings=self.settings,
            catalog=CATALOGUE.visible_to(FIRM), access=FIRM,
        )  # fmt: skip

    @property
    def scalar(self) -> exp.Expr:
        """The expression in WITH, with its name."""
        found: exp.Expr = self.tree.args["with_"].expressions[0]
        return found


def _unguarded() -> exp.Select:
    table = exp.Table(this=exp.to_identifier("trades"), db=exp.to_identifier("flowforge"))
    return exp.Select(expressions=[exp.column("price")], from_=exp.From(this=table))


def _name(statement: Statement, name: str) -> None:
    statement.scalar.set("alias", exp.TableAlias(this=exp.to_identifier(name)))


def a_query(statement: Statement) -> None:
    statement.scalar.set("this", _unguarded())


def a_query_in_parentheses(statement: Statement) -> None:
    statement.scalar.set("this", exp.Subquery(this=_unguarded()))


def a_query_inside(statement: Statement) -> None:
    statement.scalar.this.set("expression", exp.Subquery(this=_unguarded()))


def a_union(statement: Statement) -> None:
    statement.scalar.set("this", exp.Union(this=_unguarded(), expression=_unguarded()))


def an_unlisted_function(statement: Statement) -> None:
    statement.scalar.set("this", exp.Anonymous(this="dictGet", expressions=[exp.Literal.string("d")]))


def a_literal(statement: Statement) -> None:
    statement.scalar.set("this", exp.Literal.string("AAPL"))


def a_column(statement: Statement) -> None:
    statement.scalar.set("this", exp.column("price"))


def the_name_of_the_guarded_column(statement: Statement) -> None:
    _name(statement, str(statement.protection.column))


def the_name_of_the_table(statement: Statement) -> None:
    _name(statement, next(each.name for each in statement.tree.find_all(exp.Table)))


def a_name_twice(statement: Statement) -> None:
    statement.tree.args["with_"].append("expressions", statement.scalar.copy())


def no_name(statement: Statement) -> None:
    statement.scalar.set("alias", None)


def columns_of_a_name(statement: Statement) -> None:
    statement.scalar.args["alias"].set("columns", [exp.to_identifier("a")])


def materialized(statement: Statement) -> None:
    statement.scalar.set("materialized", True)
    statement.settings["enable_materialized_cte"] = 1


def a_cte_that_is_said_to_be_one(statement: Statement) -> None:
    statement.scalar.set("this", _unguarded())
    statement.scalar.set("scalar", None)


def of_a_union(statement: Statement) -> None:
    with_ = statement.tree.args["with_"]
    statement.tree.set("with_", None)
    arms = exp.Union(this=statement.tree, expression=statement.tree.copy(), distinct=False)
    arms.set("with_", with_)
    statement.tree = arms


def recursive(statement: Statement) -> None:
    statement.tree.args["with_"].set("recursive", True)


MUTATIONS: list[Callable[[Statement], None]] = [
    a_query, a_query_in_parentheses, a_query_inside, a_union, an_unlisted_function, a_literal, a_column,
    the_name_of_the_guarded_column, the_name_of_the_table, a_name_twice, no_name, columns_of_a_name, materialized,
    a_cte_that_is_said_to_be_one, of_a_union, recursive,
]  # fmt: skip


@pytest.mark.parametrize("table", CLICKHOUSE, ids=lambda table: table.name)
def test_a_repeated_expression_is_named_and_accepted(table: Table) -> None:
    statement = Statement(table)
    assert statement.scalar.args["scalar"]
    assert statement.scalar.alias == "notional"
    statement.verify()


@pytest.mark.parametrize("table", CLICKHOUSE, ids=lambda table: table.name)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_nothing_else_is(table: Table, mutation: Callable[[Statement], None]) -> None:
    statement = Statement(table)
    mutation(statement)
    with pytest.raises(FlowForgeError) as caught:
        statement.verify()
    assert caught.value.code is ErrorCode.PLAN_NOT_VERIFIED


def test_postgres_has_none() -> None:
    statement = Statement(LIVE)
    assert statement.tree.args.get("with_") is None
    named = exp.CTE(
        this=exp.Add(this=exp.column("price"), expression=exp.Literal.number(1)),
        alias=exp.TableAlias(this=exp.to_identifier("more")), scalar=True,
    )  # fmt: skip
    statement.tree.set("with_", exp.With(expressions=[named]))
    with pytest.raises(FlowForgeError):
        statement.verify()
