"""How many digits before the point a decimal result can have at most, from those of its operands.

The closer the bound, the narrower the width that an operation is written in, and the fewer of them are
told to check their range (``clickhouse_numbers``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flowforge.formula.rules import MAX_SCALE

Wholes = Sequence[int]
"""Digits before the point of each operand."""

ROWS = 20
"""Digits of how many values can be added up: 2^64."""

_FIRST = ("negate", "ABS", "NULLIF", "OVER", "FILTER", "first", "lag", "last", "lead", "max", "median_high", "median_low", "min")  # fmt: skip

_BOUNDS: Mapping[str, Callable[[Wholes], int]] = {
    "+": lambda wholes: max(wholes) + 1,
    "-": lambda wholes: max(wholes) + 1,
    "%": min,
    "IF": lambda wholes: max(wholes[1:]),
    "CASE": lambda wholes: max(*wholes[1::2], wholes[-1]),
    "COALESCE": max,
    "GREATEST": max,
    "LEAST": max,
    "ROUND": lambda wholes: wholes[0] + 1,
    "CEIL": lambda wholes: wholes[0] + 1,
    "FLOOR": lambda wholes: wholes[0] + 1,
    "sum": lambda wholes: wholes[0] + ROWS,
    **{name: lambda wholes: wholes[0] for name in _FIRST},
}


def bounded(function: str, wholes: Wholes) -> int | None:
    """Of any function but products and quotients; None where the operands tell nothing."""
    bound = _BOUNDS.get(function)
    return None if bound is None else bound(wholes)


def product(wholes: Wholes, scales: Sequence[int]) -> int:
    """|a| ≤ 10^w − 10^−s, so a product lies that far below the power of ten that only rounding could reach."""
    (a, b), (x, y) = wholes, scales
    return a + b + (max(a - y, b - x) < -MAX_SCALE)


def quotient(whole: int, scale: int, power: int) -> int:
    """Of a dividend with so many digits before and after the point, by a divisor of at least 10^power."""
    return max(0, whole - power) + (scale + power > MAX_SCALE)
