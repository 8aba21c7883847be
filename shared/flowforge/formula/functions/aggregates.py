"""Aggregates as each store says them. Trees carry them under these names, with ``aggregate`` set.

A call is nullable where the group may be empty (no keys) or its operand can be NULL; ClickHouse then
needs the ``OrNull`` form, since its aggregates give 0 for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from flowforge.formula import clickhouse_numbers as clickhouse
from flowforge.formula import postgres_floats
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.digits import digits
from flowforge.formula.signature import PerStore
from flowforge.formula.sql import binary, case, conjunction, func, is_null, negation, number
from flowforge.formula.tree import Call, Constant, Expression, Reference

SAFE_DIGITS = 19
"""Numbers of so many digits can be added 10^19 times before 128 bits end."""


def _factors(call: Call) -> tuple[Expression, ...]:
    """The factors of a summed product of narrow columns: its size is cheap to estimate from them."""
    (x,) = call.arguments
    if not isinstance(x, Call) or x.function != "*" or x.type.kind != "decimal":
        return ()
    narrow = digits(x) <= clickhouse.WIDE and all(
        isinstance(each, Reference) and 0 < each.type.precision <= clickhouse.NARROW for each in x.arguments
    )
    return x.arguments if narrow else ()


def _or_null(name: str, call: Call) -> str:
    """ClickHouse gives 0 for no rows, unless it holds the operand for nullable – which it does not
    where it sees that a nullable expression, such as a division by 2, is never NULL.
    """
    return f"{name}OrNull" if call.nullable else name


def _sum_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """An exact sum. Additions in 128 bits wrap, but modulo 2^128: however often they do, a sum that fits
    in the end is right. A sum of magnitudes in float64 tells whether it fits, and costs less than 256 bits.
    """
    (x,), (value, *factors) = call.arguments, arguments
    name = _or_null("sum", call)
    if call.type.kind == "float64":
        return func(name, value)
    if x.type.kind == "int64":
        total = func(name, clickhouse.to_decimal(value, clickhouse.WIDE, 0))
        return func("toInt64", total) if call.type.kind == "int64" else total
    if digits(x) <= SAFE_DIGITS:
        return func(name, value)
    if factors and call.type.precision <= clickhouse.WIDE:
        floats = [clickhouse.to_float(a, v) for a, v in zip(_factors(call), factors, strict=True)]
        magnitude = func(name, func("abs", binary(exp.Mul, *floats)))
        return clickhouse.within_128(func(name, value), magnitude, call.type.scale)
    if call.type.precision <= clickhouse.WIDE:
        wide = clickhouse.to_decimal(value, clickhouse.WIDEST, x.type.scale)
        return clickhouse.to_decimal(func(name, wide), call.type.precision, call.type.scale)
    estimate = func(name, func("abs", func("toFloat64", value.copy())))
    return clickhouse.within(func(name, value), estimate, call.type.scale)


def _sum_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    total = func("SUM", arguments[0])
    if call.type.kind == "float64":
        return total
    if call.type.kind == "int64":
        return exp.Cast(this=total, to=postgres.BIGINT.copy())
    return postgres.to_decimal(total, call.type)


def _count_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return func("count", *arguments)


def _count_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return exp.Count(this=arguments[0] if arguments else exp.Star())


def _named(name: str, postgres_name: str) -> PerStore:
    return PerStore(
        lambda call, a: func(_or_null(name, call), *a),
        lambda _, a: func(postgres_name, *a),
    )


def _stddev_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """Of one value the sample deviation is undefined; ClickHouse says infinity.

    Of equal numbers it is 0; but threads that each worked out a part round when their means are joined. A
    window is worked out by one.
    """
    value = clickhouse.to_float(call.arguments[0], arguments[0])
    several = binary(exp.GT, func("count", arguments[0].copy()), number(1))
    deviation = func("stddevSampStable", value)
    if call.aggregate:
        differ = binary(exp.NEQ, func("min", value.copy()), func("max", value.copy()))
        deviation = binary(exp.Mul, deviation, differ)
    return func("if", several, deviation, exp.Null())


def _stddev_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """PostgreSQL rounds the sum that it compares each number with: 1e-10 for equal numbers of a million.

    As a factor, 0 leaves NULL of one row and NaN of an infinity what they are.
    """
    value = postgres.to_float(call.arguments[0], arguments[0])
    equal = binary(exp.EQ, func("MIN", value.copy()), func("MAX", value.copy()))
    return binary(exp.Mul, func("STDDEV_SAMP", value), case([(equal, number(0))], number(1)))


def _quantile_clickhouse(name: str) -> PerStore:
    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        return exp.ParameterizedAgg(
            this=_or_null(name, call), expressions=[number("0.5")], params=list(arguments)
        )

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        descending = name == "quantileExactHigh"
        ranked = postgres_floats.ranked(call.arguments[0], arguments[0])
        return exp.WithinGroup(
            this=exp.PercentileDisc(this=number("0.5")),
            expression=exp.Order(
                expressions=[exp.Ordered(this=ranked, desc=descending, nulls_first=descending)]
            ),
        )

    return PerStore(on_clickhouse, on_postgres)


def _extreme(clickhouse_name: str, descending: bool) -> PerStore:
    """The value at the smallest (or largest) key; rows whose key is NULL do not take part."""

    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        (x, *_), (value, *written) = call.arguments, arguments
        name, has_key = clickhouse_name, _present(call, written)
        inside = func("tuple", value) if x.nullable else value
        if call.nullable:
            name += "OrNull"
        key = written[0] if len(written) == 1 else func("tuple", *written)
        operands = [inside, key]
        if has_key is not None:
            name, operands = f"{name}If", [*operands, has_key]
        result = func(name, *operands)
        return func("tupleElement", result, number(1)) if x.nullable else result

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        x, (value, *written) = call.arguments[0], arguments
        has_key = _present(call, written)
        if isinstance(x, Constant):  # PostgreSQL gives a bare text no type of which there are arrays
            value = postgres.constant_of(value, x.type)
        order = exp.Order(
            this=value,
            expressions=[exp.Ordered(this=each, desc=descending, nulls_first=descending) for each in written],
        )
        collected: exp.Expr = exp.ArrayAgg(this=order)
        if has_key is not None:
            collected = exp.Filter(this=collected, expression=exp.Where(this=has_key))
        return exp.Bracket(this=exp.Paren(this=collected), expressions=[number(1)], offset=1)

    return PerStore(on_clickhouse, on_postgres)


def _present(call: Call, written: Sequence[exp.Expr]) -> exp.Expr | None:
    nullable = [each for key, each in zip(call.arguments[1:], written, strict=True) if key.nullable]
    if not nullable:
        return None
    return conjunction([negation(is_null(each.copy())) for each in nullable])


AGGREGATES: Mapping[str, PerStore] = {
    "count": PerStore(_count_clickhouse, _count_postgres),
    "count_distinct": PerStore(
        lambda _, a: func("uniqExact", *a), lambda _, a: exp.Count(this=exp.Distinct(expressions=list(a)))
    ),
    "sum": PerStore(_sum_clickhouse, _sum_postgres, besides=_factors),
    "min": _named("min", "MIN"),
    "max": PerStore(
        lambda call, a: func(_or_null("max", call), *a),
        lambda call, a: postgres_floats.largest(call.arguments[0], a[0]),
    ),
    "stddev": PerStore(_stddev_clickhouse, _stddev_postgres),
    "median_low": _quantile_clickhouse("quantileExactLow"),
    "median_high": _quantile_clickhouse("quantileExactHigh"),
    "first": _extreme("argMin", descending=False),
    "last": _extreme("argMax", descending=True),
}
