"""Relations → one SQLGlot statement per store, closed SELECTs as CTEs; nothing is guarded yet.

CTEs rather than nesting: a parser's depth does not limit how many barriers a graph may have.
"""

from __future__ import annotations

from datetime import datetime

from sqlglot import exp

from flowforge.compiler.expressions import ExpressionWriter
from flowforge.compiler.layers import Layer, layers
from flowforge.compiler.names import column, free, identifier
from flowforge.compiler.select import SelectWriter
from flowforge.compiler.written import ScanSite, Written
from flowforge.formula.sql import conjunction, func, negation, number
from flowforge.formula.tree import Call, Reference
from flowforge.relation import Barrier, Derived, Joined, Relation, Scan, United

__all__ = ["ScanSite", "Written", "write"]

ALL_ROWS = 2**63 - 1
MATERIALIZED: dict[str, str | int] = {"enable_materialized_cte": 1}
"""ClickHouse writes a CTE out at every use; only a materialized one is computed once."""


def write(relation: Relation, dialect: str, as_of: datetime) -> Written:
    """The relation in one store's SQL."""
    return _Statement(layers(relation), dialect, as_of).written()


class _Statement:
    """Writes the layers of one statement, each after those it reads."""

    def __init__(self, stack: list[Layer], dialect: str, as_of: datetime) -> None:
        self._stack, self._dialect = stack, dialect
        self._taken = {each.name for layer in stack for each in layer.fields}
        self._taken.update(name for layer in stack for name in layer.reads)
        self._written = Written(exp.Select(), texts=list(self._taken), reserved=_reserved(stack))
        self._writer = ExpressionWriter(dialect, as_of, self._written.texts, self._written.pieces)
        self._names: dict[int, str] = {}
        self._too_large = {
            each.key
            for layer in stack
            if layer.relation.barrier is Barrier.FORMULA_TOO_LARGE_TO_INLINE
            for each in layer.inputs
        }
        self._arms: dict[int, tuple[exp.Select, list[str]]] = {}
        self._ctes: list[exp.Expr] = []

    def written(self) -> Written:
        """The statement."""
        purposes = _purposes(self._stack)
        for layer in self._stack[:-1]:
            select = self._select(layer, self._sources(layer))
            if layer.arm:
                self._arms[layer.key] = select, [field.name for field in layer.fields]
            else:
                self._names[layer.key] = self._cte(select, purposes[layer.key], once=layer.uses < 2)
        last = self._stack[-1]
        if isinstance(last.relation.source, United) and _is_whole_union(last):
            self._written.tree = self._union(last, [field.name for field in last.fields])
        else:
            self._written.tree = self._select(last, self._sources(last))
        if self._ctes:
            own = self._written.tree.args.get("with_")
            scalars = own.expressions if own is not None else []
            self._written.tree.set("with_", exp.With(expressions=[*self._ctes, *scalars]))
        return self._written

    def _select(self, layer: Layer, sources: tuple[str, ...]) -> exp.Select:
        outermost = layer is self._stack[-1]
        select = SelectWriter(
            layer, self._written, self._writer, self._dialect, sources, self._taken, outermost=outermost
        ).select()
        if layer.key in self._too_large:
            self._keep_apart(layer, select)
        return select

    def _keep_apart(self, layer: Layer, select: exp.Select) -> None:
        """Let the engine's planner move nothing into this SELECT, and nothing out of it.

        It would write its formulas out in those of the SELECTs that read them, in time and memory that
        double with every formula that uses another one twice. PostgreSQL stops at OFFSET 0, ClickHouse at
        a LIMIT that takes no row away over a condition that always holds (without it the LIMIT moves).
        """
        if layer.relation.keys is not None or select.args.get("limit") or select.args.get("offset"):
            return
        if self._dialect == "postgres":
            select.set("offset", exp.Offset(expression=number(0)))
            return
        made = [
            column(each.name)
            for each in layer.fields
            if isinstance(each.expression, Call) and not each.expression.window
        ]
        if made:
            terms = [where.this] if (where := select.args.get("where")) is not None else []
            select.set("where", exp.Where(this=conjunction([*terms, negation(func("ignore", *made))])))
            select.set("limit", exp.Limit(expression=number(ALL_ROWS)))

    def _sources(self, layer: Layer) -> tuple[str, ...]:
        """Names of the CTEs that a layer reads."""
        if isinstance(layer.relation.source, United):
            names = self._arms[layer.inputs[0].key][1]
            return (self._cte(self._union(layer, names), "united", once=True),)
        return tuple([self._names[each.key] for each in layer.inputs])

    def _union(self, layer: Layer, names: list[str]) -> exp.Select | exp.Union:
        """The union in a layer's FROM, its columns in this order."""
        source = layer.relation.source
        assert isinstance(source, United)
        first, *others = [self._arm(each.key, names) for each in layer.inputs]
        union: exp.Select | exp.Union = first
        for other in others:
            union = exp.Union(this=union, expression=other, distinct=source.distinct)
        self._written.pieces[layer.relation.opened_by].append(union)
        return union

    def _arm(self, key: int, names: list[str]) -> exp.Select:
        select, written = self._arms.pop(key)
        if names != written:
            columns = dict(zip(written, select.expressions, strict=True))
            select.set("expressions", [columns[name] for name in names])
        return select

    def _cte(self, query: exp.Expr, purpose: str, *, once: bool) -> str:
        name = free(purpose, self._taken)
        self._taken.add(name)
        self._written.names.add(name)
        cte = exp.CTE(this=query, alias=exp.TableAlias(this=identifier(name)))
        if not once and self._dialect == "clickhouse":
            cte.set("materialized", True)
            self._written.settings |= MATERIALIZED
        self._ctes.append(cte)
        return name


def _reserved(stack: list[Layer]) -> frozenset[str]:
    """Names that an expression in WITH must not have in any SELECT: those that some guard uses."""
    tables = [layer.relation.source.table for layer in stack if isinstance(layer.relation.source, Scan)]
    protecting = {each.protection.column for each in tables if each.protection.column is not None}
    return frozenset({"t", *protecting, *[each.physical[1] for each in tables]})


def _purposes(stack: list[Layer]) -> dict[int, str]:
    """What each CTE holds, as its name: a side of a join is called after its table."""
    joined = {
        each.key for layer in stack if isinstance(layer.relation.source, Joined) for each in layer.inputs
    }
    return {layer.key: _purpose(layer.relation, named=layer.key in joined) for layer in stack}


def _purpose(relation: Relation, *, named: bool) -> str:
    source = relation.source
    if relation.window is not None:
        return "sampled" if relation.window.sampled else "limited"
    if relation.keys is not None:
        return "grouped"
    if isinstance(source, Joined):
        return "joined"
    while named and isinstance(source, Derived) and source.relation.keys is None:
        source = source.relation.source
    return source.table.physical[1] if named and isinstance(source, Scan) else "computed"


def _is_whole_union(layer: Layer) -> bool:
    """Whether it is the union in its FROM, with its columns in some order."""
    relation, source = layer.relation, layer.relation.source
    assert isinstance(source, United)
    if relation.where or relation.keys is not None or relation.window is not None or layer.ordered:
        return False
    names = source.arms[0].fields.by_name if source.distinct else layer.reads
    return len(layer.fields) == len(names) and all(
        isinstance(field.expression, Reference) and field.expression.name == field.name
        for field in layer.fields
    )
