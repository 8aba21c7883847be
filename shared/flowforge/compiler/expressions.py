"""Typed expressions → SQLGlot expressions of one store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlglot import exp

from flowforge.compiler.constants import CONSTANTS
from flowforge.compiler.names import column as named
from flowforge.formula.functions import SQL
from flowforge.formula.signature import Besides, Bind, Emit, EmitSharing
from flowforge.formula.tree import Call, Constant, Expression, Reference
from flowforge.types import DATETIME

NOTHING_BOUND: Mapping[int, str] = {}

ColumnWriter = Callable[[Reference, Sequence[Expression]], exp.Expr]
"""Writes a name of the FROM scope; the expressions are those that it is only tested to equal, if any."""

_EQUALITIES = frozenset({"=", "<>", "IN"})


class ExpressionWriter:
    """Writes expressions for ``dialect``; ``texts`` collects the text literals among them, ``pieces`` what
    each node's expressions are written as.
    """

    def __init__(
        self, dialect: str, as_of: datetime, texts: list[str], pieces: Mapping[str, list[exp.Expr]]
    ) -> None:
        self._constant = CONSTANTS[dialect]
        self._emit, self._besides, self._sharing = _by_function(dialect)
        self._texts, self._pieces = texts, pieces
        self._as_of = Constant(as_of, DATETIME)

    def write(
        self,
        expression: Expression,
        column: ColumnWriter,
        bound: Mapping[int, str] = NOTHING_BOUND,
        bind: Bind | None = None,
    ) -> exp.Expr:
        """Fresh nodes, owned by the caller; ``column`` says how a name of the FROM scope is written,
        ``bound`` the names of expressions (by identity) that are written elsewhere, ``bind`` gives names to
        parts of what a call is written as.
        """
        if id(expression) in bound:
            return named(bound[id(expression)])
        return self.written_out(expression, column, bound, bind)

    def written_out(
        self,
        expression: Expression,
        column: ColumnWriter,
        bound: Mapping[int, str],
        bind: Bind | None = None,
    ) -> exp.Expr:
        """What a name stands for: the expression itself is not looked up, its operands are."""
        if isinstance(expression, Reference):
            return column(expression, ())
        if isinstance(expression, Constant):
            if isinstance(expression.value, str):
                self._texts.append(expression.value)
            return self._constant(expression)
        if expression.function == "NOW":
            return self._constant(self._as_of)
        subject, *others = expression.arguments or (None,)
        if expression.function in _EQUALITIES and isinstance(subject, Reference):
            arguments = [column(subject, others), *[self.write(each, column, bound, bind) for each in others]]
        else:
            arguments = [self.write(each, column, bound, bind) for each in expression.arguments]
        if expression.function in self._besides:
            besides = self._besides[expression.function](expression)
            arguments += [self.write(each, column, bound, bind) for each in besides]
        if bind is not None and expression.function in self._sharing:
            written = self._sharing[expression.function](expression, arguments, bind)
        else:
            written = self._emit[expression.function](expression, arguments)
        if expression.label is not None:
            self._pieces[expression.label.node].append(written)
        return written


def writes_boolean(expression: Expression) -> bool:
    """Whether ClickHouse would give 0 or 1 (UInt8) for this boolean."""
    return isinstance(expression, Call) and expression.type.kind == "boolean"


@cache
def _by_function(
    dialect: str,
) -> tuple[dict[str, Emit], dict[str, Besides], dict[str, EmitSharing]]:
    """What the function table says of a dialect: how to write, what to write besides, what to share."""
    emit = {name: getattr(sql, dialect) for name, sql in SQL.items()}
    if dialect != "clickhouse":
        return emit, {}, {}
    besides = {name: sql.besides for name, sql in SQL.items() if sql.besides}
    sharing = {name: sql.sharing for name, sql in SQL.items() if sql.sharing}
    return emit, besides, sharing
