"""Window expressions in a guarded statement: what they may hold, and what they may not bring in."""

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
from flowforge.relation import Relation
from samples import CATALOGUE, FIRM, LIVE, TRADES, VIEW
from samples.catalogue import POSITIONS

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)
GUARDED = [TRADES, VIEW, LIVE, POSITIONS]


class Numbered:
    """The guarded statement of ``unique``, whose rows are numbered by a window."""

    def __init__(self, table: Table) -> None:
        self.table = table
        store = sql_store(table.store)
        self.dialect = store.dialect
        written = write(Relation.scan(table, "n").unique(["symbol"]), store.dialect, AS_OF)
        self.settings = dict(store.settings) | guard(written.scans, FIRM, store.dialect)
        self.tree: exp.Expr = written.tree

    @property
    def window(self) -> exp.Expr:
        found = self.tree.find(exp.Window)
        assert found is not None
        return found

    def verify(self) -> None:
        verify(
            self.tree, "", dialect=self.dialect, settings=self.settings,
            catalog=CATALOGUE.visible_to(FIRM), access=FIRM,
        )  # fmt: skip


def drop_the_guard(statement: Numbered) -> None:
    for select in statement.tree.find_all(exp.Select):
        select.set("prewhere", None)
        if select.find(exp.Window) is None or select.args["from_"].this.find(exp.Table) is not None:
            select.set("where", None)


def unlisted_function(statement: Numbered) -> None:
    statement.window.set("this", exp.Anonymous(this="file", expressions=[exp.Literal.string("/etc/passwd")]))


def query_as_partition(statement: Numbered) -> None:
    schema, name = statement.table.physical
    unguarded = exp.Select(expressions=[exp.column("price")])
    source = exp.Table(this=exp.to_identifier(name), db=exp.to_identifier(schema))
    unguarded.set("from_", exp.From(this=source))
    statement.window.set("partition_by", [exp.Subquery(this=unguarded)])


def endless_frame(statement: Numbered) -> None:
    statement.window.set("spec", exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING"))


def frame_in_words(statement: Numbered) -> None:
    start = "1 PRECEDING AND CURRENT ROW) FROM system.one --"
    statement.window.set("spec", exp.WindowSpec(kind="ROWS", start=start, end="CURRENT ROW"))


def frame_of_another_kind(statement: Numbered) -> None:
    kind = "RANGE) FROM secrets --"
    spec = exp.WindowSpec(kind=kind, start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
    statement.window.set("spec", spec)


def frame_from_a_text(statement: Numbered) -> None:
    start = exp.Literal.string("1")
    spec = exp.WindowSpec(kind="ROWS", start=start, start_side="PRECEDING", end="CURRENT ROW")
    statement.window.set("spec", spec)


def frame_from_a_query(statement: Numbered) -> None:
    start = exp.Subquery(this=exp.Select(expressions=[exp.Literal.number(1)]))
    spec = exp.WindowSpec(kind="ROWS", start=start, start_side="PRECEDING", end="CURRENT ROW")
    statement.window.set("spec", spec)


def frame_that_excludes(statement: Numbered) -> None:
    spec = exp.WindowSpec(
        kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW", exclude="TIES"
    )
    statement.window.set("spec", spec)


def named_window(statement: Numbered) -> None:
    statement.window.set("alias", exp.to_identifier("w"))


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.qualified_name)
def test_numbered_rows_are_accepted(table: Table) -> None:
    Numbered(table).verify()


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.qualified_name)
@pytest.mark.parametrize(
    "frame",
    [
        exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
        exp.WindowSpec(kind="ROWS", start=exp.Literal.number(9), start_side="PRECEDING", end="CURRENT ROW"),
        exp.WindowSpec(kind="ROWS", start="CURRENT ROW", end="CURRENT ROW"),
    ],
    ids=["all rows so far", "the last ten", "this row"],
)
def test_frames_are_accepted(table: Table, frame: exp.Expr) -> None:
    statement = Numbered(table)
    statement.window.set("spec", frame.copy())
    statement.verify()


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.qualified_name)
@pytest.mark.parametrize(
    "mutation",
    [
        drop_the_guard,
        unlisted_function,
        query_as_partition,
        endless_frame,
        frame_in_words,
        frame_of_another_kind,
        frame_from_a_text,
        frame_from_a_query,
        frame_that_excludes,
        named_window,
    ],
    ids=lambda mutation: mutation.__name__,
)
def test_mutation(table: Table, mutation: Callable[[Numbered], None]) -> None:
    statement = Numbered(table)
    mutation(statement)
    with pytest.raises(FlowForgeError) as caught:
        statement.verify()
    assert caught.value.code is ErrorCode.PLAN_NOT_VERIFIED
