"""Quotients of scaled integers, rounded half away from zero, as every division in FlowForge."""

from __future__ import annotations

from decimal import Context, Decimal

_WIDE = Context(prec=80)


def ratio(numerator: int, denominator: int, scale: int) -> Decimal | None:
    """``numerator / denominator`` with ``scale`` decimals; None for a division by zero."""
    if denominator == 0:
        return None
    negative = (numerator < 0) != (denominator < 0)
    whole, rest = divmod(abs(numerator) * 10**scale, abs(denominator))
    if 2 * rest >= abs(denominator):
        whole += 1
    return unscaled(-whole if negative else whole, scale)


def unscaled(value: int, scale: int) -> Decimal:
    """An integer of units of ``10**-scale`` as a decimal."""
    return Decimal(value).scaleb(-scale, context=_WIDE)
