"""ROUND ABS CEIL FLOOR SIGN, and POWER SQRT LN EXP LOG10, which are NULL outside their domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call, Constant
from flowforge.residual import exact
from flowforge.residual.convert import to_float
from flowforge.residual.functions.arithmetic import Compute

if TYPE_CHECKING:
    import polars as pl


def _where(condition: pl.Series, values: pl.Series) -> pl.Series:
    """The values where the condition holds, else NULL."""
    import polars as pl

    frame = pl.DataFrame({"c": condition, "v": values})
    return frame.select(pl.when(pl.col("c")).then(pl.col("v"))).to_series()


def _round(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    x, digits = values[0], _digits(call)
    if call.type.kind == "int64":
        return x
    if call.type.kind == "decimal":
        return exact.rescaled(x, call.arguments[0].type.scale, call.type.scale, call.type)
    shift = float(10**digits)
    return x.sign() * (x.abs() * shift + 0.5).floor() / shift


def _digits(call: Call) -> int:
    given = call.arguments[1] if len(call.arguments) > 1 else None
    return given.value if isinstance(given, Constant) and isinstance(given.value, int) else 0


def _whole(up: bool) -> Compute:
    def compute(call: Call, values: Sequence[pl.Series]) -> pl.Series:
        (x,) = values
        if call.type.kind == "int64":
            return x
        if call.type.kind == "float64":
            return x.ceil() if up else x.floor()
        import polars as pl

        unit = exact.constant(10 ** call.arguments[0].type.scale, x)
        rest = exact.truncated(x, unit)
        towards_zero = (x.abs() // unit) * x.sign()
        beyond = (rest > exact.constant(0, x)) if up else (rest < exact.constant(0, x))
        step = beyond.cast(pl.Int128)
        return exact.checked(towards_zero + step if up else towards_zero - step, call.type)

    return compute


def _abs(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    (x,) = values
    return x.abs() if call.type.kind == "float64" else exact.checked(exact.wide(x).abs(), call.type)


def _sign(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    return values[0].sign().cast(pl.Int64)


def _on(domain: Callable[[pl.Series], pl.Series], function: Callable[[pl.Series], pl.Series]) -> Compute:
    def compute(call: Call, values: Sequence[pl.Series]) -> pl.Series:
        x = to_float(values[0], call.arguments[0].type)
        return _where(domain(x) & ~x.is_nan(), function(x))

    return compute


def _exponential(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    result = to_float(values[0], call.arguments[0].type).exp()
    return _where(result.is_finite(), result)


def _power(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    a, b = [to_float(column, each.type) for column, each in zip(values, call.arguments, strict=True)]
    result = a**b
    known = a.is_not_null() & b.is_not_null()
    return _where(known & result.is_finite(), result)


NUMERIC: Mapping[str, Compute] = {
    "ROUND": _round,
    "ABS": _abs,
    "CEIL": _whole(up=True),
    "FLOOR": _whole(up=False),
    "SIGN": _sign,
    "POWER": _power,
    "SQRT": _on(lambda x: x >= 0, lambda x: x.sqrt()),
    "LN": _on(lambda x: x > 0, lambda x: x.log()),
    "LOG10": _on(lambda x: x > 0, lambda x: x.log10()),
    "EXP": _exponential,
}
