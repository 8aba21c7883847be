"""``+ - * / %`` and the unary minus: exact, rounded once, NULL at division by zero."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowforge.formula.tree import Call
from flowforge.residual import exact
from flowforge.residual.convert import to_float

if TYPE_CHECKING:
    import polars as pl

Compute = Callable[[Call, Sequence["pl.Series"]], "pl.Series"]


def _floats(call: Call, values: Sequence[pl.Series]) -> list[pl.Series]:
    return [to_float(column, each.type) for column, each in zip(values, call.arguments, strict=True)]


def _aligned(call: Call, values: Sequence[pl.Series]) -> tuple[pl.Series, pl.Series] | None:
    """Both operands at the result's scale, or None where one would not fit in 128 bits."""
    shifts = [10 ** (call.type.scale - each.type.scale) for each in call.arguments]
    if any(exact.largest(v) * shift >= exact.WRAPS for v, shift in zip(values, shifts, strict=True)):
        return None
    a, b = [
        exact.wide(v) * exact.constant(shift, v) if shift > 1 else exact.wide(v)
        for v, shift in zip(values, shifts, strict=True)
    ]
    return a, b


def _sum(operate: Callable[[Any, Any], Any]) -> Compute:
    def compute(call: Call, values: Sequence[pl.Series]) -> pl.Series:
        if call.type.kind == "float64":
            a, b = _floats(call, values)
            result: pl.Series = operate(a, b)
            return result
        aligned = _aligned(call, values)
        if aligned is not None:
            a, b = aligned
            return exact.combined(operate, a, b, exact.largest(a) + exact.largest(b), call.type)
        i, j = (10 ** (call.type.scale - each.type.scale) for each in call.arguments)
        return exact.collected(exact.each(lambda x, y: operate(x * i, y * j), *values), call.type)

    return compute


def _multiply(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    if call.type.kind == "float64":
        a, b = _floats(call, values)
        return a * b
    a, b = map(exact.wide, values)
    left, right = call.arguments
    surplus = left.type.scale + right.type.scale - call.type.scale
    if exact.largest(a) * exact.largest(b) < exact.WRAPS:
        product = a * b
        if surplus:
            product = exact.quotient(product, exact.constant(10**surplus, product))
        return exact.checked(product, call.type)
    power = 10**surplus
    return exact.collected(exact.each(lambda x, y: exact.half_away(x * y, power), a, b), call.type)


def _divide(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    if call.type.kind == "float64":
        a, b = _floats(call, values)
        return a / exact.nonzero(b)
    a, b = exact.wide(values[0]), exact.nonzero(exact.wide(values[1]))
    left, right = call.arguments
    shift = call.type.scale + right.type.scale - left.type.scale
    up, down = 10 ** max(0, shift), 10 ** max(0, -shift)
    if exact.largest(a) * up < exact.WRAPS and exact.largest(b) * down < exact.WRAPS:
        quotient = exact.quotient(a * exact.constant(up, a), b * exact.constant(down, b))
        return exact.checked(quotient, call.type)
    return exact.collected(exact.each(lambda x, y: exact.half_away(x * up, y * down), a, b), call.type)


def _modulo(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    if call.type.kind == "float64":
        import numpy as np
        import polars as pl

        a, b = _floats(call, values)
        b = exact.nonzero(b)
        with np.errstate(invalid="ignore"):
            rest = np.fmod(a.fill_null(0.0).to_numpy(), b.fill_null(1.0).to_numpy())
        frame = pl.DataFrame({"a": a, "b": b, "rest": rest})
        known = pl.col("a").is_not_null() & pl.col("b").is_not_null()
        return frame.select(pl.when(known).then("rest")).to_series()
    aligned = _aligned(call, values)
    if aligned is not None:
        a, b = aligned
        return exact.checked(exact.truncated(a, exact.nonzero(b)), call.type)
    i, j = (10 ** (call.type.scale - each.type.scale) for each in call.arguments)
    return exact.collected(exact.each(lambda x, y: _rest(x * i, y * j), *values), call.type)


def _rest(dividend: int, divisor: int) -> int | None:
    if not divisor:
        return None
    rest = abs(dividend) % abs(divisor)
    return rest if dividend >= 0 else -rest


def _negate(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    (x,) = values
    if call.type.kind == "float64":
        return -x
    x = exact.wide(x)
    return exact.checked(exact.constant(0, x) - x, call.type)


ARITHMETIC: Mapping[str, Compute] = {
    "+": _sum(operator.add),
    "-": _sum(operator.sub),
    "*": _multiply,
    "/": _divide,
    "%": _modulo,
    "negate": _negate,
}
