"""Relations → one SQLGlot SELECT per store, closed SELECTs as CTEs; nothing is guarded yet.

CTEs rather than nesting: a parser's depth does not limit how many barriers a graph may have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlglot import exp

from flowforge.catalog import Table
from flowforge.compiler.expressions import ExpressionWriter, writes_boolean
from flowforge.compiler.layers import Layer, layers
from flowforge.compiler.names import column, identifier
from flowforge.formula import postgres_numbers
from flowforge.formula.sql import conjunction, func, number
from flowforge.formula.tree import Expression, Reference, contains_aggregate, references
from flowforge.relation import Field, Order, Relation, Scan


@dataclass(frozen=True, slots=True)
class ScanSite:
    """Where a table is read: the guard's and only the guard's to change."""

    select: exp.Select
    source: exp.Table
    table: Table
    alias: str | None
    columns: tuple[str, ...]


@dataclass(slots=True)
class Written:
    """The tree, its scans, and the pieces of it that each node put there."""

    tree: exp.Select
    scans: list[ScanSite] = field(default_factory=list)
    pieces: dict[str, list[exp.Expr]] = field(default_factory=lambda: defaultdict(list))
    texts: list[str] = field(default_factory=list)
    """Names and literals that users wrote."""


def write(relation: Relation, dialect: str, as_of: datetime) -> Written:
    """The relation in one store's SQL."""
    stack = layers(relation)
    taken = {each.name for layer in stack for each in layer.fields} | {
        name for layer in stack for name in layer.reads
    }
    written = Written(exp.Select(), texts=list(taken))
    writer = ExpressionWriter(dialect, as_of, written.texts)
    source: str | None = None
    ctes: list[exp.Expr] = []
    for layer in stack:
        outermost = layer is stack[-1]
        select = _SelectWriter(layer, written, writer, dialect, source, taken, outermost=outermost).select()
        if outermost:
            written.tree = select
        else:
            source = _free(_purpose(layer.relation), taken)
            taken.add(source)
            alias = exp.TableAlias(this=identifier(source, dialect))
            ctes.append(exp.CTE(this=select, alias=alias))
    if ctes:
        written.tree.set("with_", exp.With(expressions=ctes))
    return written


def _purpose(relation: Relation) -> str:
    """What a CTE holds, as its name."""
    if relation.window is not None:
        return "limited"
    return "grouped" if relation.keys is not None else "computed"


def _free(name: str, taken: Iterable[str]) -> str:
    candidate, index = name, 2
    while candidate in taken:
        candidate, index = f"{name}_{index}", index + 1
    return candidate


class _SelectWriter:
    """Writes one SELECT."""

    def __init__(
        self,
        layer: Layer,
        written: Written,
        writer: ExpressionWriter,
        dialect: str,
        source: str | None,
        taken: set[str],
        *,
        outermost: bool,
    ) -> None:
        self._layer, self._relation = layer, layer.relation
        self._written, self._writer, self._dialect = written, writer, dialect
        self._outermost = outermost
        scan = self._relation.source
        self._table = scan.table if isinstance(scan, Scan) else None
        self._converted = self._table.as_text if self._table and dialect == "clickhouse" else frozenset()
        self._source = source
        self._alias: str | None = None
        if self._shadows():
            # An alias that equals a column's name changes what the name means in ClickHouse.
            self._alias = source if source is not None else _free("source", taken)

    def _shadows(self) -> bool:
        read = set(self._layer.reads)
        if self._table is not None and self._table.protection.column is not None:
            read.add(self._table.protection.column)
        return any(each.name in read and not self._is_plain(each) for each in self._layer.fields)

    def _is_plain(self, each: Field) -> bool:
        return (
            isinstance(each.expression, Reference)
            and each.expression.name == each.name
            and (self._outermost or each.name not in self._converted)
        )

    def select(self) -> exp.Select:
        """The SELECT without its CTEs."""
        relation = self._relation
        select = exp.Select(expressions=[self._projection(each) for each in self._layer.fields])
        select.set("from_", exp.From(this=self._from(select)))
        if relation.where:
            terms = [self._piece(each.node, self._write(each.expression)) for each in relation.where]
            select.set("where", exp.Where(this=conjunction(terms)))
        if relation.keys:
            group = exp.Group(expressions=[self._key(each) for each in relation.keys])
            select.set("group", self._piece(relation.grouped_by, group))
        having = [self._piece(each.node, self._write(each.expression)) for each in relation.having]
        if having:
            select.set("having", exp.Having(this=conjunction(having)))
        if self._layer.ordered:
            terms = [self._ordered(each) for each in relation.order if _varies(each.expression)]
            if terms:
                select.set("order", exp.Order(expressions=terms))
        self._window(select)
        return select

    def _from(self, select: exp.Select) -> exp.Expr:
        if self._table is None:
            assert self._source is not None
            return exp.Table(this=identifier(self._source, self._dialect))
        schema, name = self._table.physical
        table = exp.Table(this=identifier(name, self._dialect), db=identifier(schema, self._dialect))
        if self._alias is not None:
            table.set("alias", exp.TableAlias(this=identifier(self._alias, self._dialect)))
        columns = tuple(each.name for each in self._table.columns if each.name in self._layer.reads)
        self._written.scans.append(ScanSite(select, table, self._table, self._alias, columns))
        source = exp.Final(this=table) if self._table.final and self._dialect == "clickhouse" else table
        return self._piece(self._relation.opened_by, source)

    def _projection(self, each: Field) -> exp.Expr:
        expression = each.expression
        if isinstance(expression, Reference) and (self._outermost or expression.name not in self._converted):
            value: exp.Expr = self._plain(expression)
            if expression.name == each.name:
                return value
        else:
            value = self._write(expression)
            if self._dialect == "clickhouse" and writes_boolean(expression):
                value = func("toBool", value)
        alias = exp.Alias(this=value, alias=identifier(each.name, self._dialect))
        grouped = bool(self._relation.keys) and contains_aggregate(expression)  # shown by its GROUP BY
        return alias if each.node is None or grouped else self._piece(each.node, alias)

    def _key(self, expression: Expression) -> exp.Expr:
        if isinstance(expression, Reference):
            return self._plain(expression)
        written = self._write(expression)
        if self._dialect == "postgres" and not references(expression):
            # A bare constant would be the position of an output column, or refused.
            return postgres_numbers.constant_of(written, expression.type)
        return written

    def _ordered(self, term: Order) -> exp.Expr:
        output = next((each for each in self._layer.fields if each.expression is term.expression), None)
        converted = isinstance(term.expression, Reference) and term.expression.name in self._converted
        if output is not None and not converted:
            value: exp.Expr = column(output.name, self._dialect)
        else:
            value = self._write(term.expression)
        # NULL last is ClickHouse's own order; PostgreSQL puts it first when descending.
        nulls_first = self._dialect == "postgres" and term.descending and not term.expression.nullable
        return self._piece(term.node, exp.Ordered(this=value, desc=term.descending, nulls_first=nulls_first))

    def _window(self, select: exp.Select) -> None:
        window = self._relation.window
        if window is None:
            return
        if window.rows is not None:
            limit = exp.Limit(expression=number(window.rows))
            select.set("limit", self._piece(window.node, limit))
        if window.offset:
            select.set("offset", self._piece(window.node, exp.Offset(expression=number(window.offset))))

    def _write(self, expression: Expression) -> exp.Expr:
        return self._writer.write(expression, self._column)

    def _column(self, reference: Reference) -> exp.Expr:
        written = self._plain(reference)
        return func("toString", written) if reference.name in self._converted else written

    def _plain(self, reference: Reference) -> exp.Expr:
        return column(reference.name, self._dialect, self._alias)

    def _piece(self, node: str, written: exp.Expr) -> exp.Expr:
        self._written.pieces[node].append(written)
        return written


def _varies(expression: Expression) -> bool:
    """Whether ordering by it can do anything; a constant would be read as a position."""
    return contains_aggregate(expression) or bool(references(expression))
