"""Decimal text, and integers of a decimal unit, to decimal columns: never through a float and never rounded."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from flowforge_pipeline.importers.checks import Rule
from flowforge_pipeline.tables import Field

_WIDE = pl.Decimal(38, 18)
_FRACTION_TOO_LONG = r"\.\d{18}0*[1-9]"
_NUMBER = "Write it as a plain decimal number such as 12.50, without separators or symbols."


def of_units(units: pl.Series, precision: int, scale: int) -> pl.Series:
    """Integers of 10^-scale as Decimal(precision, scale): 5 of scale 2 is 0.05. None may be null.

    They are the decimals' own bytes, extended to 128 bits; polars would multiply and check each.
    """
    numbers = units.to_numpy()
    wide = np.empty((len(numbers), 2), dtype="<i8")
    wide[:, 0] = numbers
    wide[:, 1] = numbers >> 63
    buffers = [None, pa.py_buffer(wide)]
    decimals = pa.Decimal128Array.from_buffers(pa.decimal128(precision, scale), len(numbers), buffers)
    return pl.Series(units.name, decimals)


def parse(text: pl.Series, field: Field, column: str) -> tuple[pl.Series, list[Rule]]:
    """The column as Decimal(precision, scale) and the rules that its rows must meet.

    Null text (an empty cell) stays null; whether that is allowed is the caller's question.
    """
    stripped = text.str.strip_chars()
    narrow = stripped.cast(pl.Decimal(field.precision, field.scale), strict=False)
    wide = stripped.cast(_WIDE, strict=False)
    given = stripped.is_not_null()
    unreadable = given & wide.is_null() & narrow.is_null()
    rounded = (
        given & wide.is_not_null() & narrow.is_not_null() & (narrow.cast(_WIDE, strict=False) != wide)
    ) | (stripped.str.contains(_FRACTION_TOO_LONG).fill_null(value=False))
    too_large = given & narrow.is_null() & wide.is_not_null()
    rules = [
        Rule(column, unreadable, "is not a decimal number.", _NUMBER),
        Rule(
            column,
            too_large,
            f"has more than {field.precision - field.scale} digits before the point.",
            "Check the unit of this column.",
        ),
        Rule(
            column,
            rounded.fill_null(value=False),
            f"has more than {field.scale} digits after the point, which {field.name} cannot hold exactly.",
            "Round it yourself if that is what you want: an import never does.",
        ),
        Rule(column, (narrow < 0).fill_null(value=False), "is negative.", f"{field.name} must be 0 or more."),
    ]
    return narrow, rules
