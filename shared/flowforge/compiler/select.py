"""One layer → one SQLGlot SELECT."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.compiler.bindings import Bindings, bindings
from flowforge.compiler.expressions import ExpressionWriter, writes_boolean
from flowforge.compiler.layers import Layer
from flowforge.compiler.names import column, free, identifier
from flowforge.compiler.stored import marks
from flowforge.compiler.written import ScanSite, Written
from flowforge.formula import postgres_floats, postgres_numbers
from flowforge.formula.floats import may_be_nan
from flowforge.formula.sql import conjunction, func, number
from flowforge.formula.tree import Call, Constant, Expression, Reference, contains_aggregate, references
from flowforge.relation import Field, Joined, Order, Scan

_AS_SHORT_AS_A_NAME = (exp.Column, exp.Literal, exp.Boolean, exp.Null)
_JOIN_SIDES = {"left": "LEFT", "right": "RIGHT", "full": "FULL"}


class SelectWriter:
    """Writes one SELECT. ``sources`` are the names of the CTEs in its FROM, ``taken`` names that an
    alias must not have.
    """

    def __init__(
        self,
        layer: Layer,
        written: Written,
        writer: ExpressionWriter,
        dialect: str,
        sources: tuple[str, ...],
        taken: set[str],
        *,
        outermost: bool,
    ) -> None:
        self._layer, self._relation = layer, layer.relation
        self._written, self._writer, self._dialect = written, writer, dialect
        self._outermost, self._sources = outermost, sources
        source = self._relation.source
        self._table = source.table if isinstance(source, Scan) else None
        self._join = source if isinstance(source, Joined) else None
        self._converted = self._table.as_text if self._table and dialect == "clickhouse" else frozenset()
        self._alias: str | None = None
        self._aliases: dict[str, str] = {}
        if self._join is not None:
            self._aliases = {"left": free("l", taken), "right": free("r", taken)}
        elif self._shadows():
            # An alias that equals a column's name changes what the name means in ClickHouse.
            self._alias = sources[0] if sources else self._qualifier(taken)
        self._taken = taken
        self._scalars: list[exp.CTE] = []
        self._parts: dict[str, str] = {}
        self._bindings = self._repeated(taken) if dialect == "clickhouse" else Bindings()
        self._bound = self._bindings.names()

    def _repeated(self, taken: set[str]) -> Bindings:
        """What this SELECT uses more than once, by name; the names that WITH gives are taken from now on."""
        relation, layer = self._relation, self._layer
        terms = [each.expression for each in relation.order] if layer.ordered else []
        conditions = [each.expression for each in (*relation.where, *relation.having)]
        roots = [each.expression for each in layer.fields]
        scope = set(layer.reads)
        for read in layer.inputs:
            scope.update(read.columns)
        if self._table is not None:
            scope.update(each.name for each in self._table.columns)
            scope.add(self._table.protection.column or "")
        found = bindings(
            [*roots, *conditions, *(relation.keys or ()), *terms, *relation.first_of],
            layer.fields,
            scope=scope,
            taken=self._written.names | self._written.reserved | {*self._aliases.values(), self._alias or ""},
            with_=not layer.arm,
        )
        self._written.names.update(found.scalars)
        self._written.texts.extend(found.scalars)
        taken.update(found.scalars)
        return found

    def _shadows(self) -> bool:
        read = set(self._layer.reads)
        if self._table is not None and self._table.protection.column is not None:
            read.add(self._table.protection.column)
        return any(each.name in read and not self._is_plain(each) for each in self._layer.fields)

    def _qualifier(self, taken: set[str]) -> str:
        """The table's own name, unless a column has it: that could then be meant by ``name.column``."""
        assert self._table is not None
        name = self._table.physical[1]
        columns = {each.name for each in self._table.columns}
        return name if name not in taken | columns else free("t", taken | columns)

    def _is_plain(self, each: Field) -> bool:
        return (
            isinstance(each.expression, Reference)
            and each.expression.name == each.name
            and (self._outermost or each.name not in self._converted)
        )

    def select(self) -> exp.Select:
        """The SELECT without its CTEs."""
        relation = self._relation
        for name, call in self._bindings.scalars.items():
            value = self._scalar(name, call)
            if isinstance(value, _AS_SHORT_AS_A_NAME):
                # ROUND of a whole number is the number: nothing to name
                self._bound = {each: named for each, named in self._bound.items() if named != name}
            else:
                self._scalars.append(self._named_scalar(name, call, value))
        select = exp.Select(expressions=[self._projection(each) for each in self._layer.fields])
        select.set("from_", exp.From(this=self._from(select)))
        if self._join is not None:
            select.set("joins", [self._piece(relation.opened_by, self._joined(self._join))])
        if relation.where:
            terms = [self._piece(each.node, self._write(each.expression)) for each in relation.where]
            select.set("where", exp.Where(this=conjunction(terms)))
        if relation.keys:
            keys = dict.fromkeys(map(self._key, relation.keys))  # equal keys have one name
            group = exp.Group(expressions=list(keys))
            select.set("group", self._piece(relation.grouped_by, group))
        having = [self._piece(each.node, self._write(each.expression)) for each in relation.having]
        if having:
            select.set("having", exp.Having(this=conjunction(having)))
        if self._layer.ordered:
            terms = [
                term for each in relation.order if _varies(each.expression) for term in self._ordered(each)
            ]
            if terms:
                select.set("order", exp.Order(expressions=terms))
        if relation.first_of:
            self._first_of(select, [self._key(each) for each in relation.first_of])
        if self._scalars:
            select.set("with_", exp.With(expressions=self._scalars))
        self._window(select)
        return select

    def _scalar(self, name: str, call: Call) -> exp.Expr:
        value = self._writer.written_out(call, self._column, self._bound, self._bind)
        fields = [self._bound.get(id(each.expression)) for each in self._layer.fields]
        if writes_boolean(call) and name in fields:
            value = func("toBool", value)
        return value

    def _named_scalar(self, name: str, call: Call, value: exp.Expr) -> exp.CTE:
        alias = exp.TableAlias(this=identifier(name))
        scalar = exp.CTE(this=value, alias=alias, scalar=True)
        if call.label is not None:
            self._piece(call.label.node, scalar)
        return scalar

    def _bind(self, call: Call, name: str, part: exp.Expr) -> exp.Expr:
        """A part of what a call is written as, by a name that WITH gives it once in this SELECT."""
        if self._layer.arm or isinstance(part, exp.Column):
            return part
        text = part.sql(self._dialect)
        known = self._parts.get(text)
        if known is None:
            columns = {each.name for each in self._table.columns} if self._table is not None else set()
            known = free(name, self._taken | self._written.names | self._written.reserved | columns)
            self._parts[text] = known
            self._taken.add(known)
            self._written.names.add(known)
            self._written.texts.append(known)
            self._scalars.append(self._named_scalar(known, call, part))
        return column(known)

    def _first_of(self, select: exp.Select, keys: list[exp.Expr]) -> None:
        """ClickHouse says it behind ORDER BY, PostgreSQL before the columns."""
        if self._dialect == "clickhouse":
            select.set("limit", exp.Limit(expression=number(1), expressions=keys))
        else:
            select.set("distinct", exp.Distinct(on=exp.Tuple(expressions=keys)))

    def _from(self, select: exp.Select) -> exp.Expr:
        if self._table is None:
            return self._named(0, "left")
        schema, name = self._table.physical
        table = exp.Table(this=identifier(name), db=identifier(schema))
        if self._alias not in (None, name):
            table.set("alias", exp.TableAlias(this=identifier(self._alias)))
        columns = tuple(each.name for each in self._table.columns if each.name in self._layer.reads)
        self._written.scans.append(ScanSite(select, table, self._table, self._alias, columns))
        source = exp.Final(this=table) if self._table.final and self._dialect == "clickhouse" else table
        return self._piece(self._relation.opened_by, source)

    def _named(self, index: int, side: str) -> exp.Table:
        """A CTE in the FROM, under the alias of its side if it is joined."""
        table = exp.Table(this=identifier(self._sources[index]))
        if side in self._aliases:
            table.set("alias", exp.TableAlias(this=identifier(self._aliases[side])))
        return table

    def _joined(self, join: Joined) -> exp.Join:
        written = exp.Join(
            this=self._named(1, "right"),
            side=_JOIN_SIDES.get(join.kind),
            on=conjunction([self._writer.write(each, self._column) for each in join.on]),
        )
        if join.nearest:
            written.set("method", "ASOF")
        return written

    def _projection(self, each: Field) -> exp.Expr:
        expression = each.expression
        if isinstance(expression, Reference) and (self._outermost or expression.name not in self._converted):
            value: exp.Expr = self._plain(expression)
            if self._inner_name(expression) == each.name and not self._is_ambiguous(expression):
                return value if each.node is None else self._piece(each.node, value)
        elif id(expression) in self._bound and each.name not in self._bindings.outputs:
            value = self._write(expression)
            if self._bound[id(expression)] == each.name:
                return value
        else:
            value = self._writer.written_out(expression, self._column, self._bound, self._bind)
            if self._dialect == "clickhouse" and writes_boolean(expression):
                value = func("toBool", value)
            if self._dialect == "postgres" and not self._outermost and postgres_numbers.is_narrow(expression):
                value = postgres_numbers.constant_of(value, expression.type)  # a later SELECT adds in 64 bits
        alias = exp.Alias(this=value, alias=identifier(each.name))
        grouped = bool(self._relation.keys) and contains_aggregate(expression)  # shown by its GROUP BY
        return alias if each.node is None or grouped else self._piece(each.node, alias)

    def _is_ambiguous(self, reference: Reference) -> bool:
        """Whether ClickHouse would call the column ``r.name``, because the left side has the name too, or one
        that it could begin: ``name.more``.
        """
        if self._join is None or self._join.columns[reference.name][0] == "left":
            return False
        name = self._inner_name(reference)
        return any(each == name or each.startswith(f"{name}.") for each in self._layer.inputs[0].columns)

    def _key(self, expression: Expression) -> exp.Expr:
        if isinstance(expression, Reference):
            return self._plain(expression)
        if self._dialect == "postgres" and (name := self._output_of(expression)) is not None:
            return column(name)
        written = self._write(expression)
        if self._dialect == "postgres" and not references(expression):
            # A bare constant would be the position of an output column, or refused.
            return postgres_numbers.constant_of(written, expression.type)
        return written

    def _output_of(self, expression: Expression) -> str | None:
        """The output column that is this expression, unless a column of the FROM has its name."""
        scope = set(self._layer.reads)
        if self._table is not None:
            scope.update(each.name for each in self._table.columns)
        for read in self._layer.inputs:
            scope.update(read.columns)
        fields = [each.name for each in self._layer.fields if each.expression is expression]
        return next((name for name in fields if name not in scope), None)

    def _ordered(self, term: Order) -> list[exp.Expr]:
        output = next((each for each in self._layer.fields if each.expression is term.expression), None)
        ambiguous = isinstance(term.expression, Reference) and (
            self._join is not None or term.expression.name in self._converted
        )
        if output is not None and not ambiguous:
            value: exp.Expr = column(output.name)
        else:
            value = self._write(term.expression)
        # NULL last is ClickHouse's own order; PostgreSQL puts it first when descending.
        nulls_first = self._dialect == "postgres" and term.descending and not term.expression.nullable
        written = self._piece(
            term.node, exp.Ordered(this=value, desc=term.descending, nulls_first=nulls_first)
        )
        if self._dialect == "postgres" and term.descending and may_be_nan(term.expression):
            return [postgres_floats.behind_numbers(self._write(term.expression)), written]
        return [written]

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
        return self._writer.write(expression, self._column, self._bound, self._bind)

    def _column(self, reference: Reference, equal_to: Sequence[Expression]) -> exp.Expr:
        written = self._plain(reference)
        if reference.name not in self._converted or self._has_values(reference.name, equal_to):
            return written
        return func("toString", written)

    def _has_values(self, name: str, wanted: Sequence[Expression]) -> bool:
        """Whether an enum has all these values: it then compares as it is, and refuses any other."""
        values = self._table.enums.get(name, frozenset()) if self._table is not None else frozenset()
        return bool(wanted) and all(
            isinstance(each, Constant) and isinstance(each.value, str) and each.value in values
            for each in wanted
        )

    def _plain(self, reference: Reference) -> exp.Expr:
        alias = self._alias
        if self._join is not None:
            alias = self._aliases[self._join.columns[reference.name][0]]
        written = column(self._inner_name(reference), alias)
        if self._dialect == "clickhouse" and reference.type.kind == "datetime":
            written.meta.update(dict.fromkeys(marks(self._relation, reference.name), True))
        return written

    def _inner_name(self, reference: Reference) -> str:
        """What a column of the scope is called where it comes from."""
        if self._join is None:
            return reference.name
        side = self._join.columns[reference.name][0]
        return self._layer.inputs[side == "right"].names[reference.name]

    def _piece(self, node: str, written: exp.Expr) -> exp.Expr:
        self._written.pieces[node].append(written)
        return written


def _varies(expression: Expression) -> bool:
    """Whether ordering by it can do anything; a constant would be read as a position."""
    return contains_aggregate(expression) or bool(references(expression))
