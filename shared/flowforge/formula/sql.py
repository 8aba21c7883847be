"""Small constructors of SQLGlot nodes: no copies, and parentheses exactly where precedence needs them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from flowforge.formula.signature import Emit
from flowforge.formula.tree import Call

_PRECEDENCE: dict[type[exp.Expr], int] = {
    exp.Or: 1,
    exp.And: 2,
    exp.Not: 3,
    exp.EQ: 4,
    exp.NEQ: 4,
    exp.LT: 4,
    exp.LTE: 4,
    exp.GT: 4,
    exp.GTE: 4,
    exp.Is: 4,
    exp.In: 4,
    exp.Between: 4,
    exp.Like: 4,
    exp.Add: 5,
    exp.Sub: 5,
    exp.Mul: 6,
    exp.Div: 6,
    exp.Mod: 6,
    exp.Neg: 7,
}
_ATOM = 9


def _level(node: exp.Expr) -> int:
    if isinstance(node, exp.Literal) and not node.is_string and node.this.startswith("-"):
        return _PRECEDENCE[exp.Neg]
    return _PRECEDENCE.get(type(node), _ATOM)


def at_least(node: exp.Expr, level: int) -> exp.Expr:
    """The node, in parentheses if it binds less tightly than ``level``."""
    return exp.Paren(this=node) if _level(node) < level else node


def binary(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """A left-associative operator."""
    level = _PRECEDENCE[kind]
    comparison = level == _PRECEDENCE[exp.EQ]
    result = kind(this=at_least(left, level + comparison), expression=at_least(right, level + 1))
    if kind is exp.Div:
        result.set("typed", True)  # the operands' types are right already: PostgreSQL must not add a cast
    return result


def conjunction(terms: Sequence[exp.Expr], kind: type[exp.Connector] = exp.And) -> exp.Expr:
    """All terms joined by AND (or OR); at least one term."""
    level = _PRECEDENCE[kind]
    result = terms[0] if len(terms) == 1 else at_least(terms[0], level)
    for term in terms[1:]:
        result = kind(this=result, expression=at_least(term, level))
    return result


def negation(term: exp.Expr) -> exp.Expr:
    """NOT term; IS NULL becomes IS NOT NULL."""
    if isinstance(term, exp.Is) and not term.args.get("negate"):
        term.set("negate", True)
        return term
    return exp.Not(this=at_least(term, _PRECEDENCE[exp.Not] + 1))


def minus(term: exp.Expr) -> exp.Expr:
    """Unary minus."""
    return exp.Neg(this=at_least(term, _PRECEDENCE[exp.Neg] + 1))


def is_null(term: exp.Expr) -> exp.Expr:
    """The term IS NULL."""
    return exp.Is(this=at_least(term, _PRECEDENCE[exp.Is] + 1), expression=exp.Null())


def is_in(term: exp.Expr, values: Sequence[exp.Expr]) -> exp.Expr:
    """The term IN (values); at least one value."""
    return exp.In(this=at_least(term, _PRECEDENCE[exp.In] + 1), expressions=list(values))


def like(term: exp.Expr, pattern: exp.Expr) -> exp.Expr:
    """The term LIKE pattern."""
    level = _PRECEDENCE[exp.Like] + 1
    return exp.Like(this=at_least(term, level), expression=at_least(pattern, level))


def between(term: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    """The term BETWEEN low AND high."""
    level = _PRECEDENCE[exp.Between] + 1
    return exp.Between(this=at_least(term, level), low=at_least(low, level), high=at_least(high, level))


def func(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a store's own function, its name written as it is."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> exp.Expr:
    """A string literal."""
    return exp.Literal(this=value, is_string=True)


def number(value: int | Decimal | str) -> exp.Expr:
    """A numeric literal."""
    return exp.Literal(this=str(value), is_string=False)


def case(branches: Sequence[tuple[exp.Expr, exp.Expr]], default: exp.Expr | None) -> exp.Expr:
    """CASE WHEN … THEN … ELSE … END."""
    return exp.Case(ifs=[exp.If(this=test, true=value) for test, value in branches], default=default)


def when(test: exp.Expr, value: exp.Expr) -> exp.Expr:
    """The value where the test holds, else NULL, as CASE."""
    return case([(test, value)], exp.Null())


def cast(value: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """CAST(value AS type)."""
    return exp.Cast(this=value, to=type_)


def plain(name: str) -> Emit:
    """A function that the store has under this name, with the same arguments."""

    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        return func(name, *arguments)

    return emit
