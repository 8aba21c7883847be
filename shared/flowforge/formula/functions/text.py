"""Functions of text. Positions and lengths count characters (code points), never bytes.

Capitals and small letters are Unicode's full mappings, of no language: ß becomes SS, İ an i with a dot
above, and a Σ that ends a word ς. ClickHouse has them from ICU, Materialize and Polars from Rust, and
PostgreSQL from its locale ``PG_UNICODE_FAST``, in which the embedded cluster is made.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.formula.signature import INTEGER, TEXT, Emit, Function, Parameter, PerStore
from flowforge.formula.sql import binary, case, cast, func, number
from flowforge.formula.tree import Call

MAX_LENGTH = 1_073_741_823
"""Characters; no text in PostgreSQL is longer."""

_S, _T = Parameter("text", TEXT), Parameter("other", TEXT)
_N = Parameter("count", INTEGER)


def _named(clickhouse: str, postgres: str) -> PerStore:
    return PerStore(lambda _, a: func(clickhouse, *a), lambda _, a: func(postgres, *a))


def _part(name: str) -> PerStore:
    """LEFT or RIGHT; a negative count is 0, since the stores disagree on what it would mean.

    A count that can be NULL is compared: ``greatest`` and ``least`` would pass over the NULL.
    """

    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        text, count = arguments
        if call.arguments[1].nullable:
            count = func("if", binary(exp.LT, count.copy(), number(0)), number(0), count)
        else:
            count = func("greatest", count, number(0))
        return func(f"{name.lower()}UTF8", text, count)

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        text, count = arguments
        if call.arguments[1].nullable:
            below = binary(exp.LT, count.copy(), number(0)), number(0)
            above = binary(exp.GT, count.copy(), number(MAX_LENGTH)), number(MAX_LENGTH)
            count = case([below, above], count)
        else:
            count = func("LEAST", func("GREATEST", count, number(0)), number(MAX_LENGTH))
        return func(name, text, cast(count, exp.DataType(this=exp.DType.INT)))

    return PerStore(on_clickhouse, on_postgres)


def _concat_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """``||`` is NULL if a part is; PostgreSQL's CONCAT would skip it."""
    result = arguments[0]
    for each in arguments[1:]:
        result = exp.DPipe(this=result, expression=each)
    return exp.Paren(this=result) if len(arguments) > 1 else result


def _found(name: str) -> Emit:
    return lambda _, a: binary(exp.GT, func(name, a[0], a[1]), number(0))


TEXT_FUNCTIONS: tuple[Function, ...] = (
    Function(
        "CONCAT", (_S,), "string", "any", PerStore(lambda _, a: func("concat", *a), _concat_postgres),
        "The texts one after the other; NULL if one is.", repeats=True,
    ),
    Function("LEFT", (_S, _N), "string", "any", _part("LEFT"), "The first characters."),
    Function("RIGHT", (_S, _N), "string", "any", _part("RIGHT"), "The last characters."),
    Function("UPPER", (_S,), "string", "any", _named("upperUTF8", "UPPER"), "In capitals."),
    Function("LOWER", (_S,), "string", "any", _named("lowerUTF8", "LOWER"), "In small letters."),
    Function("TRIM", (_S,), "string", "any", _named("trimBoth", "BTRIM"), "Without spaces at both ends."),
    Function(
        "LENGTH", (_S,), "int64", "any",
        PerStore(
            lambda _, a: func("toInt64", func("lengthUTF8", a[0])),
            lambda _, a: cast(func("LENGTH", a[0]), exp.DataType(this=exp.DType.BIGINT)),
        ),
        "How many characters it has.",
    ),
    Function(
        "CONTAINS", (_S, _T), "boolean", "any", PerStore(_found("position"), _found("STRPOS")),
        "Whether the other text stands in it (case matters).",
    ),
    Function(
        "STARTS_WITH", (_S, _T), "boolean", "any", _named("startsWith", "STARTS_WITH"),
        "Whether it begins with the other text (case matters).",
    ),
    Function(
        "REPLACE", (_S, _T, Parameter("replacement", TEXT)), "string", "any",
        _named("replaceAll", "REPLACE"), "With every occurrence of the other text replaced.",
    ),
)  # fmt: skip
