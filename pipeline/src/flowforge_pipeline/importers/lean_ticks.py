"""The cells of a Lean tick file as numbers.

Two ways to the same columns. ``_typed`` lets the CSV reader convert and takes each distinct venue and condition
once: half of the time, but what it refuses has no reason and no line. Then ``_as_text`` reads every cell as text
and says which one is wrong; it also takes what is right and rare, like decimals in the time.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from flowforge_pipeline.importers import lean_conditions
from flowforge_pipeline.importers.checks import Rule, first_breach
from flowforge_pipeline.problems import FileError

MILLISECONDS_PER_DAY = 86_400_000
REMEDY = "Is this a Lean tick file that nobody edited? Get it again."

_NANOSECONDS = 1_000_000
"""Of a millisecond."""
_MOST_PRICE, _MOST_SIZE = 10**16 - 1, 10**14 - 1
"""What Decimal(18, 6) holds of ten-thousandths, and Decimal(18, 4) of whole numbers."""
_MAX_FLAGS = (1 << 32) - 1
_VENUE = r"^[A-Za-z]{1,4}$"
_UNUSUAL = (b" ", b"\t", b"\r")
"""The reader forgives blanks around a number, which the format does not know."""


def read(text: bytes, columns: Sequence[str], amounts: Sequence[str]) -> pl.DataFrame:
    """``nanoseconds`` of the day, the ``amounts`` as written, ``venue``, ``conditions``, ``suspicious``, ``eligible``.

    ``FileError`` for the first cell that cannot be right.
    """
    body = text.rstrip(b"\r\n")
    if not body:
        raise FileError("The tick file is empty.", remedy=REMEDY)
    found = _typed(body, columns, amounts)
    return found if found is not None else _as_text(body, columns, amounts)


def _typed(body: bytes, columns: Sequence[str], amounts: Sequence[str]) -> pl.DataFrame | None:
    """None where anything is unusual or wrong."""
    if any(byte in body for byte in _UNUSUAL):
        return None
    kinds = {name: pl.Int64 if name in ("time", *amounts) else pl.String for name in columns}
    try:
        cells = pl.read_csv(body, has_header=False, quote_char=None, schema=kinds, eol_char="\n")
    except pl.exceptions.PolarsError:
        return None
    if any(cells[name].has_nulls() for name in columns):
        return None
    cells = cells.with_columns(pl.col("exchange", "condition").cast(pl.Categorical))
    venues, conditions = cells["exchange"].unique().cast(pl.String), cells["condition"].unique()
    flags = _flags(conditions.cast(pl.String))
    right = (
        _within(cells["time"], MILLISECONDS_PER_DAY - 1)
        and all(_within(cells[name], _most(name)) for name in amounts)
        and venues.str.contains(_VENUE).all()
        and not flags.has_nulls()
        and _within(flags, _MAX_FLAGS)
    )
    suspicious = cells["suspicious"] == "1"
    if not right or not (suspicious | (cells["suspicious"] == "0")).all():
        return None
    ineligible = conditions.filter(flags & lean_conditions.INELIGIBLE != 0)
    return cells.select(
        (pl.col("time") * _NANOSECONDS).alias("nanoseconds"),
        *amounts,
        venue=pl.col("exchange"),
        conditions=pl.col("condition"),
        suspicious=suspicious,
        eligible=~cells["condition"].is_in(ineligible.implode()) & ~suspicious,
    )


def _as_text(body: bytes, columns: Sequence[str], amounts: Sequence[str]) -> pl.DataFrame:
    cells = _split(body, columns)
    numbers = cells.select(
        nanoseconds=_nanoseconds(cells["time"]),
        **{name: pl.col(name).cast(pl.Int64, strict=False) for name in amounts},
        flags=_flags(cells["condition"]),
        suspicious=pl.col("suspicious").replace_strict(
            {"0": False, "1": True}, default=None, return_dtype=pl.Boolean
        ),
    )
    breach = first_breach(_rules(cells, numbers, amounts))
    if breach is not None:
        raise FileError(
            breach.rule.reason,
            line=breach.row + 1,
            column=breach.rule.column,
            value=cells[breach.rule.column][breach.row],
            remedy=breach.rule.remedy,
        )
    return numbers.select(
        "nanoseconds",
        *amounts,
        venue=cells["exchange"].cast(pl.Categorical),
        conditions=cells["condition"].cast(pl.Categorical),
        suspicious="suspicious",
        eligible=(pl.col("flags") & lean_conditions.INELIGIBLE == 0) & ~pl.col("suspicious"),
    )


def _split(body: bytes, columns: Sequence[str]) -> pl.DataFrame:
    """The cells as text; an unfinished last line is an error like any other."""
    try:
        cells = pl.read_csv(
            body, has_header=False, quote_char=None, schema=dict.fromkeys(columns, pl.String), eol_char="\n"
        )
    except pl.exceptions.ComputeError as error:
        lines = enumerate(body.split(b"\n"), start=1)
        number, line = next(((n, x) for n, x in lines if x.count(b",") >= len(columns)), (1, body[:60]))
        raise FileError(
            f"has {line.count(b',') + 1} cells where {len(columns)} are expected.",
            line=number,
            value=line.decode(errors="replace"),
            remedy=REMEDY,
        ) from error
    return cells.with_columns(pl.col("suspicious").str.strip_chars_end("\r")) if b"\r" in body else cells


def _rules(cells: pl.DataFrame, numbers: pl.DataFrame, amounts: Sequence[str]) -> list[Rule]:
    after = MILLISECONDS_PER_DAY * _NANOSECONDS
    within = (numbers["nanoseconds"] >= 0) & (numbers["nanoseconds"] < after)
    rules = [Rule("time", ~within.fill_null(value=False), "is not a millisecond of the day.", REMEDY)]
    for name in amounts:
        usable = (numbers[name] >= 0) & (numbers[name] <= _most(name))
        rules.append(Rule(name, ~usable.fill_null(value=False), "is not a whole number from 0.", REMEDY))
    flags = (numbers["flags"] >= 0) & (numbers["flags"] <= _MAX_FLAGS)
    venues = cells["exchange"].str.contains(_VENUE).fill_null(value=False)
    return [
        *rules,
        Rule("exchange", ~venues, "is not an exchange code.", "Bars are not ticks: import only tick files."),
        Rule("condition", ~flags.fill_null(value=False), "is not a hexadecimal flag.", REMEDY),
        Rule("suspicious", numbers["suspicious"].is_null(), "is neither 0 nor 1.", REMEDY),
    ]


def _nanoseconds(milliseconds: pl.Series) -> pl.Series:
    """Of the day. Milliseconds come as integers; the format's documentation allows decimals."""
    whole = milliseconds.cast(pl.Int64, strict=False)
    if whole.null_count() == 0:
        return whole * _NANOSECONDS
    exact = milliseconds.cast(pl.Decimal(38, 6), strict=False).to_frame("time")
    return exact.select((pl.col("time") * _NANOSECONDS).cast(pl.Int64, strict=False)).to_series()


def _flags(texts: pl.Series) -> pl.Series:
    return texts.str.to_integer(base=16, dtype=pl.Int64, strict=False)


def _most(amount: str) -> int:
    return _MOST_SIZE if amount.endswith("size") else _MOST_PRICE


def _within(numbers: pl.Series, most: int) -> bool:
    """Whether all of these, none of which is null, are from 0 to ``most``."""
    least, largest = numbers.min(), numbers.max()
    return isinstance(least, int) and isinstance(largest, int) and least >= 0 and largest <= most
