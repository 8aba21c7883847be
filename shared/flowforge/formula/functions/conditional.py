"""Functions that choose between values: IF, CASE, COALESCE, NULLIF, GREATEST, LEAST."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from flowforge.formula import clickhouse_numbers as clickhouse
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.signature import ANY, DAY, LOGICAL, NUMBER, TEXT, Emit, Function, Parameter, PerStore
from flowforge.formula.sql import binary, case, func
from flowforge.formula.tree import Call, Expression
from flowforge.types import ColumnType

Coerced = Callable[[Expression, exp.Expr, ColumnType], exp.Expr]
Comparable = Callable[[Sequence[Expression], Sequence[exp.Expr]], list[exp.Expr]]

_ORDERED = NUMBER | TEXT | DAY


def _promoted(name: str, coerced: Coerced) -> Emit:
    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        pairs = zip(call.arguments, arguments, strict=True)
        return func(name, *[coerced(argument, value, call.type) for argument, value in pairs])

    return emit


def _if_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    (_, then, other), (test, a, b) = call.arguments, arguments
    return func("if", test, clickhouse.coerced(then, a, call.type), clickhouse.coerced(other, b, call.type))


def _if_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    (_, then, other), (test, a, b) = call.arguments, arguments
    return case([(test, postgres.coerced(then, a, call.type))], postgres.coerced(other, b, call.type))


def _case(coerced: Coerced) -> Emit:
    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        values = [
            value if index % 2 == 0 and index < len(arguments) - 1 else coerced(argument, value, call.type)
            for index, (argument, value) in enumerate(zip(call.arguments, arguments, strict=True))
        ]
        return case(list(zip(values[0:-1:2], values[1:-1:2], strict=True)), values[-1])

    return emit


def _nullif(name: str, comparable: Comparable) -> Emit:
    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        if call.arguments[0].type == call.arguments[1].type:
            return func(name, *arguments)
        a, b = comparable(call.arguments, [arguments[0].copy(), arguments[1]])
        return case([(binary(exp.EQ, a, b), exp.Null())], arguments[0])

    return emit


_TEST = Parameter("condition", LOGICAL)
_THEN, _ELSE = Parameter("then", ANY), Parameter("else", ANY)
_VALUE = Parameter("value", ANY)
_ONE, _MORE = Parameter("value", _ORDERED), Parameter("value", _ORDERED)

CASE = Function(
    "CASE", (_TEST, _THEN, _ELSE), "branches", "any", PerStore(_case(clickhouse.coerced), _case(postgres.coerced)),
    "CASE WHEN condition THEN value … ELSE value END: the first value whose condition holds.", repeats=True,
)  # fmt: skip

CONDITIONAL: tuple[Function, ...] = (
    Function(
        "IF", (_TEST, _THEN, _ELSE), "branches", "any", PerStore(_if_clickhouse, _if_postgres),
        "The second argument where the condition holds, else the third.", alike=1,
    ),
    Function(
        "COALESCE", (_VALUE,), "common", "all",
        PerStore(_promoted("coalesce", clickhouse.coerced), _promoted("COALESCE", postgres.coerced)), "The first argument that is not NULL.", repeats=True, alike=0,
    ),
    Function(
        "NULLIF", (_VALUE, Parameter("other", ANY)), "first", "always",
        PerStore(_nullif("nullIf", clickhouse.comparable), _nullif("NULLIF", postgres.comparable)), "NULL where both are equal, else the first.", alike=0,
    ),
    Function(
        "GREATEST", (_ONE, _MORE), "common", "all",
        PerStore(_promoted("greatest", clickhouse.coerced), _promoted("GREATEST", postgres.coerced)), "The largest argument; NULL arguments are ignored.",
        repeats=True, alike=0,
    ),
    Function(
        "LEAST", (_ONE, _MORE), "common", "all",
        PerStore(_promoted("least", clickhouse.coerced), _promoted("LEAST", postgres.coerced)), "The smallest argument; NULL arguments are ignored.",
        repeats=True, alike=0,
    ),
)  # fmt: skip
