"""What joins, as-of joins and unions need beyond the formula language; nobody can call these by name.

same(a, b)         a = b as keys of a join: a type that holds both, NULL and NaN equal nothing
any(a, b)          always true, and an equality of both sides to ClickHouse
promote(a)         a in the type of the call, to which it can be promoted (rules: common)
later(u, n, t)     t moved by n units (second, minute, hour, day)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from flowforge.formula import clickhouse_numbers as clickhouse
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula import rules
from flowforge.formula.digits import whole_digits
from flowforge.formula.signature import PerStore
from flowforge.formula.sql import binary, cast, func, number, text
from flowforge.formula.tree import Call, Constant, Expression
from flowforge.types import ColumnType

_NAN = "NaN"


def _common(call: Call) -> ColumnType:
    common = rules.common([each.type for each in call.arguments])
    assert common is not None
    return common


def _same_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    type_ = _common(call)
    keys = [
        _key_clickhouse(each, value, type_) for each, value in zip(call.arguments, arguments, strict=True)
    ]
    return binary(exp.EQ, *keys)


def _key_clickhouse(key: Expression, value: exp.Expr, type_: ColumnType) -> exp.Expr:
    if type_.kind == "float64":
        # Hashed bit by bit there: NaN would equal itself, and 0 not -0.
        number_ = clickhouse.to_float(key, value)
        return func("if", func("isNaN", number_), exp.Null(), binary(exp.Add, number_.copy(), number(0)))
    if type_.kind == "decimal" and key.type != type_:
        return _decimal_clickhouse(key, value, type_)
    if type_.kind == "datetime" and key.type.kind == "date":
        return clickhouse.coerced(key, value, type_)
    return value


def _decimal_clickhouse(key: Expression, value: exp.Expr, type_: ColumnType) -> exp.Expr:
    """The key with the common scale in a width that holds it; a key that none holds equals none."""
    needed = whole_digits(key) + type_.scale
    width = type_.precision if needed <= type_.precision else clickhouse.WIDEST
    converted = clickhouse.to_decimal(value, width, type_.scale)
    if needed <= clickhouse.WIDEST:
        return converted
    size = func("abs", func("toFloat64", value.copy()))
    fits = binary(exp.LT, size, number(f"1e{clickhouse.WIDEST - type_.scale}"))
    return func("if", fits, converted, exp.Null())


def _same_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    type_ = _common(call)
    return binary(
        exp.EQ,
        *[_key_postgres(each, value, type_) for each, value in zip(call.arguments, arguments, strict=True)],
    )


def _key_postgres(key: Expression, value: exp.Expr, type_: ColumnType) -> exp.Expr:
    if type_.kind == "float64":
        nan = cast(text(_NAN), exp.DataType(this=exp.DType.DOUBLE))
        return func("NULLIF", postgres.to_float(key, value), nan)  # NaN equals itself there
    if type_.kind == "decimal" and key.type.kind == "int64":
        return cast(value, exp.DataType(this=exp.DType.DECIMAL))
    if type_.kind == "datetime" and key.type.kind == "date":
        return postgres.coerced(key, value, type_)
    return value


def _promote_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return clickhouse.coerced(call.arguments[0], arguments[0], call.type)


def _promote_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return postgres.coerced(call.arguments[0], arguments[0], call.type)


def _unit(call: Call) -> str:
    unit = call.arguments[0]
    assert isinstance(unit, Constant)
    return str(unit.value)


def _later_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    _, count, moment = arguments
    start = clickhouse.coerced(call.arguments[2], moment, call.type)
    return func(f"add{_unit(call).capitalize()}s", start, count)


def _later_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    _, count, moment = arguments
    start = postgres.coerced(call.arguments[2], moment, call.type)
    step = cast(text(f"1 {_unit(call)}"), exp.DataType(this=exp.DType.INTERVAL))
    return binary(exp.Add, start, binary(exp.Mul, count, step))


def _any_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """An as-of join there needs an equality of something of the left with something of the right."""
    return binary(exp.EQ, *[func("ignore", each) for each in arguments])


def _any_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return exp.Boolean(this=True)


JOINS: Mapping[str, PerStore] = {
    "same": PerStore(_same_clickhouse, _same_postgres),
    "any": PerStore(_any_clickhouse, _any_postgres),
    "promote": PerStore(_promote_clickhouse, _promote_postgres),
    "later": PerStore(_later_clickhouse, _later_postgres),
}
