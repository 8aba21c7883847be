"""Joins, unions and shared CTEs: each scan in them is guarded by itself, and nothing comes in beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlglot import exp

from flowforge.catalog import Table
from flowforge.compiler.guard import guard
from flowforge.compiler.stores import sql_store
from flowforge.compiler.verifier import verify
from flowforge.compiler.write import write
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.formula.tree import Constant, Reference, call
from flowforge.relation import AsOf, Relation, joined, joined_as_of, united
from flowforge.types import BOOLEAN, DATETIME
from samples import CATALOGUE, FIRM, LIVE, TRADES, VIEW
from samples.catalogue import LIVE_QUOTES, POSITIONS, QUOTES

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)
KEYS = [("symbol", "symbol")]

Shape = Callable[[Table, Table], Relation]


def _columns(table: Table, *names: str) -> Relation:
    return Relation.scan(table, "n").project(names)


def join(one: Table, other: Table) -> Relation:
    """Both sides computed on, so that neither scan stands alone in its SELECT."""
    dear = call(
        ">",
        (Reference("price", one.columns[3].type, False), Constant(1, one.columns[3].type)),
        BOOLEAN,
        False,
    )
    left = _columns(one, "symbol", "price").filter(dear)
    return joined(
        left, _columns(other, "symbol", "sequence"), "left", KEYS, ["symbol", "price", "symbol_right", "n"]
    )


def as_of(one: Table, other: Table) -> Relation:
    """The nearest row in time."""
    left, right = _columns(one, "symbol", "event_time"), _columns(other, "symbol", "event_time", "sequence")
    names = ["symbol", "event_time", "symbol_right", "event_time_right", "n"]
    return joined_as_of(left, right, "left", KEYS, AsOf(("event_time", "event_time")), names)


def union(one: Table, other: Table) -> Relation:
    """Rows of both, of which some are kept."""
    rows = [_columns(each, "symbol", "event_time") for each in (one, other)]
    return united(rows, rows[0].schema, distinct=False).limit(5, 0)


def union_alone(one: Table, other: Table) -> Relation:
    """A statement that is a union and nothing else."""
    rows = [_columns(each, "symbol", "event_time") for each in (one, other)]
    return united(rows, rows[0].schema, distinct=True)


def diamond(one: Table, other: Table) -> Relation:
    """One CTE that both arms of a union read, and a join with another table."""
    known = call("<", (Reference("event_time", DATETIME, False), Constant(AS_OF, DATETIME)), BOOLEAN, False)
    shared = _columns(one, "symbol", "event_time").filter(known).shared()
    both = united([shared, shared], shared.schema, distinct=False)
    return joined(both, _columns(other, "symbol"), "inner", KEYS, ["symbol", "event_time", "symbol_right"])


PAIRS = {
    "clickhouse": (TRADES, QUOTES),
    "views": (VIEW, QUOTES),
    "postgres": (LIVE, LIVE_QUOTES),
    "tenant": (POSITIONS, LIVE),
}
SHAPES: list[Shape] = [join, as_of, union, union_alone, diamond]
CASES = [
    pytest.param(shape, pair, id=f"{shape.__name__}-{name}")
    for shape in SHAPES
    for name, pair in PAIRS.items()
    if shape is not as_of or pair[0].store == "clickhouse"
]


class Statement:
    """A guarded tree that can be verified again after it was tampered with."""

    def __init__(self, shape: Shape, pair: tuple[Table, Table]) -> None:
        self.pair = pair
        store = sql_store(pair[0].store)
        self.dialect = store.dialect
        written = write(shape(*pair), store.dialect, AS_OF)
        self.settings = dict(store.settings) | written.settings | guard(written.scans, FIRM, store.dialect)
        self.tree: exp.Expr = written.tree

    def verify(self) -> None:
        verify(
            self.tree, "", dialect=self.dialect, settings=self.settings,
            catalog=CATALOGUE.visible_to(FIRM), access=FIRM,
        )  # fmt: skip

    @property
    def guards(self) -> list[exp.Expr]:
        """The clauses that hold the predicates, one for each scan."""
        return [clause for select in self.tree.find_all(exp.Select) if (clause := _guard(select)) is not None]

    def table(self, index: int = 1) -> exp.Table:
        """One of the tables, as a source without its guard."""
        schema, name = self.pair[index].physical
        return exp.Table(this=exp.to_identifier(name), db=exp.to_identifier(schema))

    def unguarded(self) -> exp.Select:
        """A fresh read of one of the tables."""
        columns: list[exp.Expr] = [exp.column("symbol"), exp.column("event_time")]
        return exp.Select(expressions=columns, from_=exp.From(this=self.table()))


def _guard(select: exp.Expr) -> exp.Expr | None:
    source = select.args["from_"].this
    table = source.this if isinstance(source, exp.Final) else source
    if not isinstance(table, exp.Table) or table.args.get("db") is None:
        return None
    found: exp.Expr = select.args.get("prewhere") or select.args["where"]
    return found


def _cte(name: str, query: exp.Expr) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


def _with(statement: Statement) -> exp.Expr:
    if statement.tree.args.get("with_") is None:
        statement.tree.set("with_", exp.With(expressions=[]))
    with_: exp.Expr = statement.tree.args["with_"]
    return with_


def _each_guard(change: Callable[[exp.Expr], None]) -> Iterator[Callable[[Statement], bool]]:
    for index in range(3):

        def mutation(statement: Statement, index: int = index) -> bool:
            if index >= len(statement.guards):
                return False
            change(statement.guards[index])
            return True

        mutation.__name__ = f"{change.__name__}_{index}"
        yield mutation


def drop(clause: exp.Expr) -> None:
    assert clause.parent is not None
    clause.parent.set(clause.arg_key or "", None)


def weaken(clause: exp.Expr) -> None:
    clause.set("this", exp.Or(this=clause.this, expression=exp.Boolean(this=True)))


def become_true(clause: exp.Expr) -> None:
    clause.set("this", exp.Boolean(this=True))


def of_another_table(clause: exp.Expr) -> None:
    clause.this.set("this", exp.column(clause.this.this.name, table="other"))


def _select(statement: Statement) -> exp.Select:
    """A SELECT that reads a CTE, or any."""
    found = [
        each for each in statement.tree.find_all(exp.Select) if each.args["from_"].this.args.get("db") is None
    ]
    return (found or list(statement.tree.find_all(exp.Select)))[0]


def cte_becomes_the_table(statement: Statement) -> bool:
    named = [each for each in statement.tree.find_all(exp.Table) if each.args.get("db") is None]
    if not named:
        return False
    alias = named[0].args.get("alias")
    table = statement.table()
    table.set("alias", alias)
    named[0].replace(table)
    return True


def join_the_table(statement: Statement) -> bool:
    same = exp.EQ(this=exp.column("symbol"), expression=exp.column("symbol"))
    _select(statement).append("joins", exp.Join(this=statement.table(), on=same))
    return True


def join_an_unguarded_cte(statement: Statement) -> bool:
    _with(statement).append("expressions", _cte("leak", statement.unguarded()))
    leak = exp.Table(this=exp.to_identifier("leak"))
    _select(statement).append("joins", exp.Join(this=leak, on=exp.Boolean(this=True)))
    return True


def an_unguarded_cte_that_nobody_reads(statement: Statement) -> bool:
    _with(statement).append("expressions", _cte("leak", statement.unguarded()))
    return True


def a_cte_of_a_name_that_is_taken(statement: Statement) -> bool:
    ctes = _with(statement).expressions
    if not ctes:
        return False
    _with(statement).append("expressions", _cte(ctes[0].alias, statement.unguarded()))
    return True


def union_arm(statement: Statement) -> bool:
    select = _select(statement)
    arm = select.copy()
    arm.set("with_", None)
    union = exp.Union(this=arm, expression=statement.unguarded(), distinct=False)
    if select is statement.tree:
        union.set("with_", select.args.get("with_"))
        statement.tree = union
    else:
        select.replace(union)
    return True


def a_query_in_the_condition(statement: Statement) -> bool:
    join = statement.tree.find(exp.Join)
    if join is None:
        return False
    join.set("on", exp.And(this=join.args["on"], expression=exp.Exists(this=statement.unguarded())))
    return True


def a_join_of_raw_text(statement: Statement) -> bool:
    join = statement.tree.find(exp.Join)
    if join is None:
        return False
    join.set("side", "CROSS JOIN flowforge.trades LEFT")
    return True


def a_join_without_a_condition(statement: Statement) -> bool:
    join = statement.tree.find(exp.Join)
    if join is None:
        return False
    join.set("on", None)
    return True


def a_cross_join(statement: Statement) -> bool:
    join = statement.tree.find(exp.Join)
    if join is None:
        return False
    join.set("kind", "CROSS")
    return True


def using(statement: Statement) -> bool:
    join = statement.tree.find(exp.Join)
    if join is None:
        return False
    join.set("using", [exp.column("symbol")])
    return True


def ctes_the_other_way_round(statement: Statement) -> bool:
    """Then one is read before it is there, and its name would be found elsewhere."""
    with_ = statement.tree.args.get("with_")
    if with_ is None or not any(table.args.get("db") is None for table in with_.find_all(exp.Table)):
        return False
    with_.set("expressions", with_.expressions[::-1])
    return True


def no_ctes(statement: Statement) -> bool:
    if statement.tree.args.get("with_") is None:
        return False
    statement.tree.set("with_", None)
    return True


def scalar_cte(statement: Statement) -> bool:
    _with(statement).append("expressions", _cte("one", exp.Literal.number(1)))
    _with(statement).expressions[-1].set("scalar", True)
    return True


def materialized_by_raw_text(statement: Statement) -> bool:
    ctes = _with(statement).expressions
    if not ctes:
        return False
    ctes[0].set("materialized", "x")
    return True


def materialized_without_its_setting(statement: Statement) -> bool:
    ctes = _with(statement).expressions
    if not ctes:
        return False
    ctes[0].set("materialized", True)
    statement.settings.pop("enable_materialized_cte", None)
    return True


def a_function_in_limit_by(statement: Statement) -> bool:
    limit = next((each for each in statement.tree.find_all(exp.Limit) if each.expressions), None)
    if limit is None:
        return False
    limit.append("expressions", exp.Anonymous(this="file", expressions=[exp.Literal.string("/etc/passwd")]))
    return True


MUTATIONS: list[Callable[[Statement], bool]] = [
    *[each for change in (drop, weaken, become_true, of_another_table) for each in _each_guard(change)],
    cte_becomes_the_table, join_the_table, join_an_unguarded_cte, an_unguarded_cte_that_nobody_reads,
    a_cte_of_a_name_that_is_taken, union_arm, a_query_in_the_condition, a_join_of_raw_text, a_join_without_a_condition,
    a_cross_join, using, ctes_the_other_way_round, no_ctes, scalar_cte, materialized_by_raw_text,
    materialized_without_its_setting, a_function_in_limit_by,
]  # fmt: skip


@pytest.mark.parametrize(("shape", "pair"), CASES)
def test_the_guards_own_work_is_accepted(shape: Shape, pair: tuple[Table, Table]) -> None:
    statement = Statement(shape, pair)
    assert len(statement.guards) == 2
    statement.verify()


@pytest.mark.parametrize(("shape", "pair"), CASES)
def test_every_mutation_is_refused(shape: Shape, pair: tuple[Table, Table]) -> None:
    applied = []
    for mutation in MUTATIONS:
        statement = Statement(shape, pair)
        if not mutation(statement):
            continue
        applied.append(mutation.__name__)
        with pytest.raises(FlowForgeError) as caught:
            statement.verify()
        assert caught.value.code is ErrorCode.PLAN_NOT_VERIFIED, mutation.__name__
    assert len(applied) >= 10


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_every_mutation_applies_to_some_shape(mutation: Callable[[Statement], bool]) -> None:
    assert any(mutation(Statement(*case.values)) for case in CASES) or mutation.__name__.endswith("_2")


def test_a_constant_may_not_take_the_guards_place_in_a_side() -> None:
    statement = Statement(join, (TRADES, QUOTES))
    (left, _) = [clause.parent for clause in statement.guards]
    assert left is not None
    left.append("expressions", exp.Alias(this=exp.Literal.string("AAPL"), alias=exp.to_identifier("symbol")))
    with pytest.raises(FlowForgeError):
        statement.verify()
