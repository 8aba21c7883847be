"""Lean factor files: ``20140606,0.8893653,0.1428571,645.57`` – up to and with this day multiply prices so.

The second cell is the cumulative dividend factor, the third the cumulative split factor; the last line
lies in the future and has factors of the newest prices. Format: QuantConnect/Lean ``Data/equity/readme.md``.
"""

from __future__ import annotations

import polars as pl

from flowforge_pipeline.importers.checks import Rule, first_breach
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.tables import ADJUSTMENT_FACTORS

_FACTOR = pl.Decimal(38, 12)
_COLUMNS = ("last day", "dividend factor", "split factor", "reference price")
_FIRST_DAY = pl.lit("1970-01-01").str.to_date()
_LAST_DAY = pl.lit("2149-06-06").str.to_date()
_REMEDY = "Is this a Lean factor file that nobody edited? Get it again."


def prepare(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    """One row for each span of days with the same factors."""
    try:
        cells = pl.read_csv(content.rstrip(), has_header=False, schema=dict.fromkeys(_COLUMNS, pl.String))
    except pl.exceptions.PolarsError as error:
        raise FileError(f"This is no factor file ({error}).", remedy=_REMEDY) from error
    days = cells["last day"].str.to_date("%Y%m%d", strict=False)
    dividends = cells["dividend factor"].cast(_FACTOR, strict=False)
    splits = cells["split factor"].cast(_FACTOR, strict=False)
    rules = [
        Rule("last day", days.is_null() | (days.diff().dt.total_days() <= 0).fill_null(value=False), "is not a later day than the line before.", _REMEDY),
        Rule("dividend factor", ~(dividends > 0).fill_null(value=False), "is not a factor.", _REMEDY),
        Rule("split factor", ~(splits > 0).fill_null(value=False), "is not a factor.", _REMEDY),
    ]  # fmt: skip
    breach = first_breach(rules)
    if breach is not None:
        raise FileError(
            breach.rule.reason, line=breach.row + 1, column=breach.rule.column,
            value=cells[breach.rule.column][breach.row], remedy=_REMEDY,
        )  # fmt: skip
    row_no = pl.int_range(1, cells.height + 1, dtype=pl.Int64)
    rows = pl.DataFrame({"day": days, "dividend": dividends, "split": splits}).select(
        symbol=pl.lit(symbol or upload.path.stem.upper()),
        valid_from=pl.coalesce(pl.col("day").shift(1).dt.offset_by("1d"), _FIRST_DAY),
        valid_to=pl.min_horizontal("day", _LAST_DAY),
        split_factor="split",
        total_factor=(pl.col("split").cast(pl.Decimal(38, 12)) * pl.col("dividend").cast(pl.Decimal(38, 7))).cast(_FACTOR),
        source=pl.lit(source or "lean"),
        source_file=pl.lit(upload.label),
        row_no=row_no,
    )  # fmt: skip
    return (Prepared(ADJUSTMENT_FACTORS, rows),)
