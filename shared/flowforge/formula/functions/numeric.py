"""Functions of numbers. Outside its domain (ln of 0, root of −1, an overflowing power) each is NULL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from flowforge.formula import clickhouse_numbers as clickhouse
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.signature import INTEGER, NUMBER, Bind, Emit, Function, Parameter, PerStore
from flowforge.formula.sql import binary, case, cast, conjunction, func, minus, number, when
from flowforge.formula.tree import Call, Constant

_X = Parameter("number", NUMBER)
_DIGITS = Parameter("digits", INTEGER, digits=True, optional=True)


def _float_rounded(value: exp.Expr, digits: int, spelling: Callable[[str], str]) -> exp.Expr:
    """Half away from zero: both stores round floats half to even by themselves."""
    scaled = func(spelling("abs"), value.copy())
    if digits:
        scaled = binary(exp.Mul, scaled, number(f"1e{digits}"))
    rounded = func(spelling("floor"), binary(exp.Add, scaled, number("0.5")))
    result = binary(exp.Mul, func(spelling("sign"), value), rounded)
    return binary(exp.Div, result, number(f"1e{digits}")) if digits else result


def _digits(call: Call) -> int:
    given = call.arguments[1] if len(call.arguments) > 1 else None
    return given.value if isinstance(given, Constant) and isinstance(given.value, int) else 0


def _round_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    digits = _digits(call)
    if call.type.kind == "float64":
        return _float_rounded(arguments[0], digits, str.lower)
    if call.type.kind == "int64":
        return arguments[0]
    value = func("round", arguments[0], number(digits))
    return clickhouse.to_decimal(value, call.type.precision, call.type.scale)


def _round_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    digits = _digits(call)
    if call.type.kind == "float64":
        return _float_rounded(arguments[0], digits, str.upper)
    return arguments[0] if call.type.kind == "int64" else func("ROUND", arguments[0], number(call.type.scale))


def _abs_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    if call.type.kind == "int64":
        return func("toInt64", func("abs", clickhouse.to_decimal(arguments[0], clickhouse.WIDE, 0)))
    return func("abs", arguments[0])


def _abs_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    (x,), (value,) = call.arguments, arguments
    return func("ABS", cast(value, postgres.BIGINT.copy()) if postgres.is_narrow(x) else value)


def _whole(name: str) -> PerStore:
    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        if call.type.kind == "int64":
            return arguments[0]
        value = func(name.lower(), arguments[0])
        return clickhouse.to_decimal(value, call.type.precision, 0) if call.type.kind == "decimal" else value

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        return arguments[0] if call.type.kind == "int64" else func(name, arguments[0])

    return PerStore(on_clickhouse, on_postgres)


def _floats_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [clickhouse.to_float(a, v) for a, v in zip(call.arguments, arguments, strict=True)]


def _floats_postgres(call: Call, arguments: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [
        value if argument.type.kind == "float64" else cast(value, postgres.DOUBLE.copy())
        for argument, value in zip(call.arguments, arguments, strict=True)
    ]


_LEAST_NAMED = 3
"""Nodes of a call from which its argument is worth a name of its own."""


def _where(name: str, kind: type[exp.Binary]) -> PerStore:
    """The function where its argument is > 0 (or ≥ 0), else NULL."""

    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        (x,) = _floats_clickhouse(call, arguments)
        return func("if", binary(kind, x.copy(), number(0)), func(name, x), exp.Null())

    def sharing(call: Call, arguments: Sequence[exp.Expr], bind: Bind) -> exp.Expr:
        """An aggregate is no row's value, and a short argument needs no name."""
        (x,) = _floats_clickhouse(call, arguments)
        if not call.aggregate and call.size > _LEAST_NAMED:
            x = bind(call, "value", x)
        return func("if", binary(kind, x.copy(), number(0)), func(name, x), exp.Null())

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        (x,) = _floats_postgres(call, arguments)
        return when(binary(kind, x.copy(), number(0)), func("LOG" if name == "log10" else name.upper(), x))

    return PerStore(on_clickhouse, on_postgres, sharing=sharing)


def _finite(name: str) -> Emit:
    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        value = func(name, *_floats_clickhouse(call, arguments))
        return func("if", func("isFinite", value.copy()), value, exp.Null())

    return emit


def _exp_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    (x,) = _floats_postgres(call, arguments)
    branches = [
        (binary(exp.GT, x.copy(), number("709.78")), exp.Null()),
        (binary(exp.LT, x.copy(), minus(number("700"))), number(0)),
    ]
    return case(branches, func("EXP", x))


def _power_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """PostgreSQL raises where ClickHouse gives NaN or infinity, and on underflow."""
    a, b = _floats_postgres(call, arguments)
    zero = number(0)
    exponent = binary(exp.Mul, b.copy(), func("LN", func("ABS", func("NULLIF", a.copy(), zero.copy()))))
    below = binary(exp.LT, a.copy(), zero.copy())
    branches = [
        (conjunction([binary(exp.EQ, a.copy(), zero.copy()), binary(exp.LT, b.copy(), zero)]), exp.Null()),
        (conjunction([below, binary(exp.NEQ, b.copy(), func("FLOOR", b.copy()))]), exp.Null()),
        (binary(exp.GT, exponent, number("709.78")), exp.Null()),
        (binary(exp.LT, exponent.copy(), minus(number("700"))), number(0)),
    ]
    return case(branches, func("POWER", a, b))


def _sign_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return cast(func("SIGN", arguments[0]), postgres.BIGINT.copy())


NUMERIC: tuple[Function, ...] = (
    Function(
        "ROUND", (_X, _DIGITS), "round", "any", PerStore(_round_clickhouse, _round_postgres),
        "Rounded half away from zero to 0…12 digits after the point (0 if left out).",
    ),
    Function(
        "ABS", (_X,), "first", "any", PerStore(_abs_clickhouse, _abs_postgres), "Without its sign."
    ),
    Function("CEIL", (_X,), "whole", "any", _whole("CEIL"), "The least whole number not below it."),
    Function("FLOOR", (_X,), "whole", "any", _whole("FLOOR"), "The greatest whole number not above it."),
    Function(
        "POWER", (_X, Parameter("exponent", NUMBER)), "float64", "always", PerStore(_finite("pow"), _power_postgres),
        "The number raised to a power; also written a ^ b.",
    ),
    Function("SQRT", (_X,), "float64", "always", _where("sqrt", exp.GTE), "Square root; NULL below 0."),
    Function("LN", (_X,), "float64", "always", _where("ln", exp.GT), "Natural logarithm; NULL up to 0."),
    Function("EXP", (_X,), "float64", "always", PerStore(_finite("exp"), _exp_postgres), "e raised to the number."),
    Function("LOG10", (_X,), "float64", "always", _where("log10", exp.GT), "Decimal logarithm; NULL up to 0."),
    Function(
        "SIGN", (_X,), "int64", "any",
        PerStore(lambda _, a: func("toInt64", func("sign", a[0])), _sign_postgres),
        "−1, 0 or 1.",
    ),
)  # fmt: skip
