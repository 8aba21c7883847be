"""TO_NUMBER, TO_TEXT, TO_DATE: what cannot be converted is NULL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flowforge.formula.functions.casts import DATE_TEXT, NUMBER_TEXT
from flowforge.formula.tree import Call
from flowforge.residual import exact
from flowforge.residual.functions.arithmetic import Compute
from flowforge.residual.functions.text import by_row
from flowforge.residual.values import dtype

if TYPE_CHECKING:
    import polars as pl

_NUMBER = re.compile(NUMBER_TEXT.replace("$", r"\Z"))
_DATE = re.compile(DATE_TEXT.replace("$", r"\Z"))


def _to_number(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    kind = call.arguments[0].type.kind
    if kind == "boolean":
        return values[0].cast(dtype(call.type))
    if kind != "string":
        return values[0]
    scale = call.type.scale
    read = [None if text is None else _read_number(text, scale) for text in values[0].to_list()]
    return exact.collected(read, call.type)


def _read_number(text: str, scale: int) -> int | None:
    if not _NUMBER.match(text):
        return None
    sign, digits, exponent = Decimal(text.strip(" ")).as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits)))
    shift = exponent + scale
    found = whole * 10**shift if shift >= 0 else exact.half_away(whole, 10**-shift)
    return -found if sign else found


def _to_text(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    argument, (x,) = call.arguments[0], values
    if argument.type.kind == "datetime":
        return x.dt.strftime("%Y-%m-%d %H:%M:%S")
    if argument.type.kind == "decimal":
        scale = argument.type.scale
        return by_row(lambda value: decimal_text(value, scale))(call, values)
    if argument.type.kind == "float64":
        return by_row(_float_text)(call, values)
    return x.cast(dtype(call.type))


def decimal_text(value: int, scale: int) -> str:
    """A scaled integer in plain digits, without trailing zeros."""
    if not scale:
        return str(value)
    whole, fraction = divmod(abs(value), 10**scale)
    digits = f"{fraction:0{scale}}".rstrip("0")
    text = f"{whole}.{digits}" if digits else str(whole)
    return f"-{text}" if value < 0 else text


def _float_text(value: float) -> str:
    """The fewest digits that read back as the same number."""
    return repr(value).removesuffix(".0")


def _to_date(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    kind = call.arguments[0].type.kind
    return by_row(_read_date)(call, values) if kind == "string" else values[0].cast(dtype(call.type))


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


CASTS: Mapping[str, Compute] = {"TO_NUMBER": _to_number, "TO_TEXT": _to_text, "TO_DATE": _to_date}
