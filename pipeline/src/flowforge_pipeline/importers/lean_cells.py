"""The cells of Lean bars: text of one or many files as one frame, and the numbers in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from flowforge_pipeline.importers.checks import Rule
from flowforge_pipeline.importers.decimals import parse
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.tables import Field

PRICE = pl.Decimal(18, 6)
SCALE_DIGITS = 4
"""Shares and options: prices are integers × 10^4."""

_TEN_THOUSANDTH = pl.lit("0.0001").cast(pl.Decimal(18, SCALE_DIGITS))
_MAX_MANTISSA = 10**16 - 1
_SMALLEST_STEP = 50
"""Half a cent, × 10,000: no share or option of a share is quoted more finely in these files."""

_REMEDY = "Is this a Lean archive that nobody edited? Get it again."


def split(texts: Sequence[bytes], names: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """All rows as text, with ``member`` (its index), ``member_name`` and ``row_no`` in it, from 1."""
    bodies = [text.rstrip(b"\r\n").replace(b"\r\n", b"\n") for text in texts]
    for name, body in zip(names, bodies, strict=True):
        _check(name, body, len(columns))
    counts = [body.count(b"\n") + 1 for body in bodies]
    try:
        cells = pl.read_csv(
            b"\n".join(bodies), has_header=False, quote_char=None, schema=dict.fromkeys(columns, pl.String),
            eol_char="\n",
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        raise FileError(f"This is not a table of text ({error}).", remedy=_REMEDY) from error
    if cells.height != sum(counts):
        raise FileError("A line of the archive is empty.", remedy=_REMEDY)
    position = pl.Series(range(len(counts)), dtype=pl.Int64)
    places = pl.DataFrame({"member": position, "member_name": list(names), "count": counts})
    member = places.select(pl.exclude("count").repeat_by("count").explode())
    row_no = pl.concat([pl.int_range(1, count + 1, dtype=pl.Int64, eager=True) for count in counts])
    return cells.hstack(member).with_columns(row_no=row_no)


def _check(name: str, body: bytes, width: int) -> None:
    if not body:
        raise FileError("The file is empty.", file=name, remedy=_REMEDY)
    commas = width - 1
    lines = body.split(b"\n")
    if body.count(b",") == commas * len(lines) and all(line.count(b",") == commas for line in lines):
        return
    number, line = next((n, x) for n, x in enumerate(lines, start=1) if x.count(b",") != commas)
    raise FileError(
        f"has {line.count(b',') + 1} cells where {width} are expected.",
        file=name,
        line=number,
        value=line.decode(errors="replace"),
        remedy=_REMEDY,
    )


def odd_prices(cells: pl.DataFrame, prices: Sequence[str]) -> bool:
    """Whether some price is not a whole number of half cents × 10,000: then they are plain points."""
    odd = pl.any_horizontal(
        pl.col(name).cast(pl.Int64, strict=False).mod(_SMALLEST_STEP).ne(0).fill_null(value=False)
        | pl.col(name).str.contains(".", literal=True).fill_null(value=False)
        for name in prices
    )
    return bool(cells.select(odd.any()).item())


def numbers(
    cells: pl.DataFrame, prices: Sequence[str], amounts: Mapping[str, pl.Decimal], *, scaled: bool
) -> tuple[pl.DataFrame, list[Rule]]:
    """Prices as Decimal(18, 6) and amounts as theirs; an empty cell is NULL. Rules name what is wrong."""
    found: dict[str, pl.Series] = {}
    rules: list[Rule] = []
    for name in prices:
        if scaled:
            whole = cells[name].cast(pl.Int64, strict=False)
            usable = cells[name].is_null() | ((whole >= 0) & (whole <= _MAX_MANTISSA)).fill_null(value=False)
            rules.append(Rule(name, ~usable, "is not a whole number from 0 (a price × 10,000).", _REMEDY))
            exact = pl.lit(whole).cast(pl.Decimal(18, 0)) * _TEN_THOUSANDTH
            found[name] = pl.select(exact.cast(PRICE)).to_series()
        else:
            found[name], wrong = parse(cells[name], Field(name, "decimal"), name)
            rules.extend(wrong)
    for name, kind in amounts.items():
        field = Field(name, "decimal", precision=kind.precision, scale=kind.scale)
        found[name], wrong = parse(cells[name], field, name)
        rules.extend(wrong)
    unquoted = {
        name: cells[f"{name[:3]}_close"].is_null() for name in amounts if f"{name[:3]}_close" in cells.columns
    }
    frame = pl.DataFrame({name: values.alias(name) for name, values in found.items()})
    return frame.with_columns(
        pl.when(~missing).then(pl.col(name)).alias(name) for name, missing in unquoted.items()
    ), rules
