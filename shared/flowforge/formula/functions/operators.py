"""Operators, under the names that trees give them: arithmetic, comparison, logic, membership."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.formula import clickhouse_numbers as clickhouse
from flowforge.formula import postgres_floats
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.signature import (
    ANY,
    LOGICAL,
    NUMBER,
    TEXT,
    Emit,
    Function,
    Parameter,
    PerStore,
    everywhere,
)
from flowforge.formula.sql import between, binary, conjunction, is_in, is_null, like, minus, negation
from flowforge.formula.tree import Call, Constant, Expression
from flowforge.formula.tree import call as made
from flowforge.types import FLOAT64

_A, _B = Parameter("a", NUMBER), Parameter("b", NUMBER)
_X, _Y, _Z = Parameter("a", ANY), Parameter("b", ANY), Parameter("c", ANY)
_P, _Q = Parameter("a", LOGICAL), Parameter("b", LOGICAL)


def _compared(kind: type[exp.Binary]) -> PerStore:
    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        return binary(kind, *clickhouse.comparable(call.arguments, arguments))

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        values = postgres.comparable(call.arguments, arguments)
        return postgres_floats.compared(kind, *zip(call.arguments, values, strict=True))

    return PerStore(on_clickhouse, on_postgres)


def _connector(kind: type[exp.Connector]) -> Emit:
    return lambda call, arguments: conjunction(list(arguments), kind)


def _between_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return between(*clickhouse.comparable(call.arguments, arguments))


def _between_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    value, low, high = postgres.comparable(call.arguments, arguments)
    return postgres_floats.between(call.arguments, value, low, high)


def _in_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """ClickHouse converts the listed values to the left type, truncating, and passes over NULL among them:
    its IN serves only where neither can happen.
    """
    subject, *values = call.arguments
    if all(each.type == subject.type and not each.nullable for each in values) and _hashed_as_equal(values):
        return is_in(arguments[0], arguments[1:])
    if subject.type.kind == "decimal" and all(
        isinstance(each, Constant) and each.type.numeric and each.type != FLOAT64 and not each.nullable
        and each.type.scale <= subject.type.scale
        and each.type.precision - each.type.scale <= subject.type.precision - subject.type.scale
        for each in values
    ):  # fmt: skip
        return is_in(arguments[0], arguments[1:])
    pairs = [
        binary(exp.EQ, *clickhouse.comparable((subject, each), (arguments[0].copy(), written)))
        for each, written in zip(values, arguments[1:], strict=True)
    ]
    return conjunction(pairs, exp.Or)


def _hashed_as_equal(values: Sequence[Expression]) -> bool:
    """Whether equal values have equal bits: 0 and -0 have not, NaN has its own but equals nothing."""
    return all(each.type != FLOAT64 or (isinstance(each, Constant) and each.value) for each in values)


def _in_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    subject, *values = postgres.comparable(call.arguments, arguments)
    operands = list(zip(call.arguments[1:], values, strict=True))
    return postgres_floats.among((call.arguments[0], subject), operands) or is_in(subject, values)


def _negate_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    if call.type.kind == "int64":
        from_zero = Constant(0, call.type)
        subtraction = made("-", (from_zero, call.arguments[0]), call.type, call.nullable)
        return clickhouse.add(subtraction, [exp.Literal.number(0), arguments[0]])
    return minus(arguments[0])


OPERATORS: tuple[Function, ...] = (
    Function("+", (_A, _B), "add", "any", PerStore(clickhouse.add, postgres.add), "Sum."),
    Function("-", (_A, _B), "add", "any", PerStore(clickhouse.add, postgres.add), "Difference."),
    Function("*", (_A, _B), "multiply", "any", PerStore(clickhouse.multiply, postgres.multiply), "Product."),
    Function("/", (_A, _B), "divide", "always", PerStore(clickhouse.divide, postgres.divide), "Quotient; NULL at x / 0."),
    Function("%", (_A, _B), "add", "always", PerStore(clickhouse.modulo, postgres.modulo), "Remainder, sign of the first."),
    Function(
        "negate", (_A,), "first", "any", PerStore(_negate_clickhouse, lambda _, a: minus(a[0])), "Unary minus."
    ),
    Function("=", (_X, _Y), "boolean", "any", _compared(exp.EQ), "Equal.", alike=0),
    Function("<>", (_X, _Y), "boolean", "any", _compared(exp.NEQ), "Not equal.", alike=0),
    Function("<", (_X, _Y), "boolean", "any", _compared(exp.LT), "Less.", alike=0),
    Function("<=", (_X, _Y), "boolean", "any", _compared(exp.LTE), "Less or equal.", alike=0),
    Function(">", (_X, _Y), "boolean", "any", _compared(exp.GT), "Greater.", alike=0),
    Function(">=", (_X, _Y), "boolean", "any", _compared(exp.GTE), "Greater or equal.", alike=0),
    Function("AND", (_P, _Q), "boolean", "any", everywhere(_connector(exp.And)), "Both.", repeats=True),
    Function("OR", (_P, _Q), "boolean", "any", everywhere(_connector(exp.Or)), "Either.", repeats=True),
    Function("NOT", (_P,), "boolean", "any", everywhere(lambda _, a: negation(a[0])), "Contrary."),
    Function("IS NULL", (_X,), "boolean", "never", everywhere(lambda _, a: is_null(a[0])), "Whether NULL."),
    Function("IN", (_X, _Y), "boolean", "any", PerStore(_in_clickhouse, _in_postgres), "One of.", repeats=True, alike=0),
    Function(
        "LIKE", (Parameter("text", TEXT), Parameter("pattern", TEXT)), "boolean", "any",
        everywhere(lambda _, a: like(a[0], a[1])), "Matches a pattern; % is any text, _ any character.",
    ),
    Function(
        "BETWEEN", (_X, _Y, _Z), "boolean", "any", PerStore(_between_clickhouse, _between_postgres), "Within, ends included.",
        alike=0,
    ),
)  # fmt: skip
"""AND, OR and NOT follow SQL's three-valued logic; a comparison with NULL is NULL."""
