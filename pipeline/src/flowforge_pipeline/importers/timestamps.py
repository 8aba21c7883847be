"""Times in files to UTC nanoseconds: epoch numbers (s, ms, µs, ns) or ISO 8601, exactly."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from flowforge_pipeline.importers.checks import Rule
from flowforge_pipeline.problems import PipelineError

UTC_NS = pl.Datetime("ns", "UTC")

_ISO = (
    r"^(?P<date>\d{4}-\d{2}-\d{2}|\d{8})"
    r"(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2})?)(?:[.,](?P<fraction>\d{1,9}))?\s*(?P<zone>Z|z|UTC|[+-]\d{2}:?\d{2})?)?$"
)
_EPOCH = r"^-?\d{9,19}(?:\.\d{1,9})?$"
_UNITS = ((11, "s", 1_000_000_000), (14, "ms", 1_000_000), (17, "µs", 1_000), (20, "ns", 1))
"""Digits of a present-day epoch number (below), its unit, and nanoseconds per unit."""

_REMEDY = (
    "Use ISO 8601 such as 2024-01-31T14:30:00.123456Z, or an epoch number in s, ms, µs or ns; "
    "a time without offset is read in --timezone."
)

_DAY_REMEDY = "Write dates as 2024-01-31 or 20240131."


def checked_zone(name: str) -> str:
    """The zone's name, if the time zone database knows it."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PipelineError(
            f'"{name}" is not a time zone.', remedy="Use a name such as UTC or America/New_York."
        ) from error
    return name


def parse(values: pl.Series, zone: str, column: str) -> tuple[pl.Series, list[Rule]]:
    """The column as UTC instants and the rules that its rows must meet; null stays null.

    Local times that occur twice (clocks set back) are read as the first; those that never occur
    (clocks set forward) break a rule.
    """
    if values.dtype.is_temporal():
        return _from_temporal(values, zone, column)
    text = values.cast(pl.String).str.strip_chars()
    epoch = text.str.contains(_EPOCH).fill_null(value=False)
    if epoch.any():
        return _from_epoch(text, epoch, column)
    return _from_iso(text, zone, column)


def parse_day(values: pl.Series, zone: str, column: str) -> tuple[pl.Series, list[Rule]]:
    """The column as dates: the date as written, or the date in ``zone`` of an instant."""
    if values.dtype.is_temporal():
        if getattr(values.dtype, "time_zone", None):
            values = values.dt.convert_time_zone(zone)
        return values.cast(pl.Date), []
    text = values.cast(pl.String).str.strip_chars()
    epoch = text.str.contains(_EPOCH).fill_null(value=False)
    if epoch.any():
        instants, rules = _from_epoch(text, epoch, column)
        return instants.dt.convert_time_zone(zone).dt.date(), rules
    days = _dates(text.str.extract(_ISO))
    return days, [Rule(column, text.is_not_null() & days.is_null(), "is not a date.", _DAY_REMEDY)]


def within_reach(times: pl.Series) -> pl.Series:
    """Times that the tables' columns can hold, 1970 to 2149; others are null, for a rule to name."""
    years = times.dt.year()
    reachable: pl.Series = times.zip_with(
        ((years >= 1970) & (years < 2149)).fill_null(value=False), times.clear(len(times))
    )
    return reachable


def _from_temporal(values: pl.Series, zone: str, column: str) -> tuple[pl.Series, list[Rule]]:
    if values.dtype == pl.Date:
        values = values.cast(pl.Datetime("ns"))
    if getattr(values.dtype, "time_zone", None):
        return values.dt.convert_time_zone("UTC").cast(UTC_NS), []
    instants, skipped = _localised(values.cast(pl.Datetime("ns")), zone)
    return instants, [_skipped_rule(column, skipped, zone)]


def _from_epoch(text: pl.Series, epoch: pl.Series, column: str) -> tuple[pl.Series, list[Rule]]:
    whole = text.str.extract(r"^-?(\d+)").str.strip_chars_start("0")
    digits = int(whole.filter(epoch).str.len_chars().max() or 0)  # type: ignore[arg-type]
    _, unit, factor = next(entry for entry in _UNITS if digits < entry[0])
    other = epoch & (whole.str.len_chars().cast(pl.Int64) < digits - 2)
    exact = text.cast(pl.Decimal(38, 9), strict=False) * pl.Series([factor]).cast(pl.Decimal(38, 0))
    instants = exact.cast(pl.Int64, strict=False).cast(UTC_NS)
    return instants, [
        Rule(column, text.is_not_null() & ~epoch, "is not a time.", _REMEDY),
        Rule(
            column,
            other,
            f"has another epoch unit than the rest of the column ({unit}).",
            "Use one unit per file.",
        ),
    ]


def _from_iso(text: pl.Series, zone: str, column: str) -> tuple[pl.Series, list[Rule]]:
    parts = text.to_frame("text").select(pl.col("text").str.extract_groups(_ISO)).unnest("text")
    clock = parts["clock"].fill_null("00:00")
    seconds = (
        clock.str.slice(0, 2).cast(pl.Int64, strict=False) * 3600
        + clock.str.slice(3, 2).cast(pl.Int64, strict=False) * 60
        + clock.str.slice(6, 2).replace("", "0").cast(pl.Int64, strict=False)
    )
    nanoseconds = parts["fraction"].fill_null("0").str.pad_end(9, "0").cast(pl.Int64, strict=False)
    in_range = (
        (clock.str.slice(0, 2) <= "23") & (clock.str.slice(3, 2) <= "59") & (clock.str.slice(6, 2) <= "59")
    )
    midnight = _dates(parts["date"]).cast(pl.Datetime("ns")).cast(pl.Int64)
    wall = (midnight + seconds * 1_000_000_000 + nanoseconds).cast(pl.Datetime("ns"))
    broken = text.is_not_null() & (wall.is_null() | ~in_range)

    offset = parts["zone"].str.replace(":", "", literal=True)
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    minutes = (
        pl.when(offset.str.contains(r"^[+-]"))
        .then(
            sign
            * (
                offset.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
                + offset.str.slice(3, 2).cast(pl.Int64, strict=False)
            )
        )
        .otherwise(0)
    )
    shift = pl.select(minutes * 60_000_000_000).to_series()
    absolute = (wall.cast(pl.Int64) - shift).cast(UTC_NS)
    local, skipped = _localised(wall, zone)
    instants = absolute.zip_with(offset.is_not_null(), local)
    return instants, [
        Rule(column, broken, "is not a time.", _REMEDY),
        _skipped_rule(column, skipped & offset.is_null(), zone),
    ]


def _localised(wall: pl.Series, zone: str) -> tuple[pl.Series, pl.Series]:
    """Wall-clock times of ``zone`` as UTC, and which of them the zone's clocks skip."""
    local = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").cast(UTC_NS), local.is_null() & wall.is_not_null()


def _dates(text: pl.Series) -> pl.Series:
    return text.str.replace_all("-", "", literal=True).str.to_date("%Y%m%d", strict=False)


def _skipped_rule(column: str, skipped: pl.Series, zone: str) -> Rule:
    return Rule(
        column,
        skipped,
        f"does not exist in {zone}: clocks are set forward over it.",
        "Check --timezone, or give the time with its offset.",
    )
