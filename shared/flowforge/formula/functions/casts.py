"""Conversions. What cannot be converted is NULL; no conversion ever fails on a value."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.formula import clickhouse_numbers as clickhouse
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.rules import MAX_SCALE
from flowforge.formula.signature import ANY, DAY, LOGICAL, NUMBER, TEXT, Function, Parameter, PerStore
from flowforge.formula.sql import cast, conjunction, func, number, text, when
from flowforge.formula.tree import Call

NUMBER_TEXT = "^ *[+-]?[0-9]{1,26}([.][0-9]{1,38})? *$"
"""What TO_NUMBER reads: decimal(38,12) has 26 digits before the point."""

DATE_TEXT = "^(19[0-9]{2}|2[0-2][0-9]{2})-[0-9]{2}-[0-9]{2}$"
"""What TO_DATE reads, as far as a pattern can say: years 1900…2299."""

_TEXT_TYPE = exp.DataType(this=exp.DType.TEXT)
_DATE_TYPE = exp.DataType(this=exp.DType.DATE)


def _number_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    kind, value = call.arguments[0].type.kind, arguments[0]
    if kind == "boolean":
        return func("toInt64", value)
    if kind != "string":
        return value
    parsed = func("toDecimal256OrNull", func("trimBoth", value.copy()), number(MAX_SCALE + 1))
    rounded = clickhouse.to_decimal(func("round", parsed, number(MAX_SCALE)), clickhouse.WIDE, MAX_SCALE)
    return func("if", func("match", value, text(NUMBER_TEXT)), rounded, exp.Null())


def _number_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    kind, value = call.arguments[0].type.kind, arguments[0]
    if kind == "boolean":
        return cast(cast(value, exp.DataType(this=exp.DType.INT)), postgres.BIGINT.copy())
    if kind != "string":
        return value
    matches = exp.RegexpLike(this=value.copy(), expression=text(NUMBER_TEXT))
    # Around the CASE: PostgreSQL converts literals while it plans, inside branches not taken too.
    return postgres.to_decimal(when(matches, value), call.type)


def _text_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    kind, value = call.arguments[0].type.kind, arguments[0]
    if kind == "datetime":
        return func("formatDateTime", value, text("%Y-%m-%d %H:%i:%S"))
    return func("toString", func("toBool", value) if kind == "boolean" else value)


def _text_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    kind, value = call.arguments[0].type.kind, arguments[0]
    if kind == "datetime":
        return func("TO_CHAR", value, text("YYYY-MM-DD HH24:MI:SS"))
    return cast(func("TRIM_SCALE", value) if kind == "decimal" else value, _TEXT_TYPE.copy())


def _date_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    kind, value = call.arguments[0].type.kind, arguments[0]
    if kind == "date":
        return value
    if kind == "datetime":
        return func("toDate32", value)
    parsed = func("toDate32", func("parseDateTime64OrNull", value.copy(), text("%Y-%m-%d")))
    return func("if", func("match", value, text(DATE_TEXT)), parsed, exp.Null())


def _date_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    kind, value = call.arguments[0].type.kind, arguments[0]
    if kind != "string":
        return value if kind == "date" else cast(value, _DATE_TYPE.copy())
    readable = conjunction(
        [
            exp.RegexpLike(this=value.copy(), expression=text(DATE_TEXT)),
            func("PG_INPUT_IS_VALID", value.copy(), text("date")),
        ]
    )
    return cast(when(readable, value), _DATE_TYPE.copy())


CASTS: tuple[Function, ...] = (
    Function(
        "TO_NUMBER", (Parameter("value", TEXT | NUMBER | LOGICAL),), "number", "always",
        PerStore(_number_clickhouse, _number_postgres), "Text as a decimal; NULL where it is no number. TRUE is 1.",
    ),
    Function(
        "TO_TEXT", (Parameter("value", ANY),), "string", "any", PerStore(_text_clickhouse, _text_postgres),
        "The value as text; datetimes as YYYY-MM-DD HH:MM:SS (UTC).",
    ),
    Function(
        "TO_DATE", (Parameter("value", TEXT | DAY),), "date", "always", PerStore(_date_clickhouse, _date_postgres),
        "The day of a datetime, or of a text YYYY-MM-DD; NULL where it is none.",
    ),
)  # fmt: skip
