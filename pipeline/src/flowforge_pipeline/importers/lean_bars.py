"""Lean bars: seconds, minutes, hours and days of shares, futures and options, trades and quotes.

Shares and options: integers × 10,000, milliseconds of the New York day (UTC−4 or −5). CME futures and
options on them: plain index points, milliseconds of the UTC day. Hours and days: ``YYYYMMDD HH:MM`` in
New York, the start of the bar. An empty cell of a quote bar says that nobody quoted that side yet.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import polars as pl

from flowforge_pipeline.importers import lean_cells
from flowforge_pipeline.importers.checks import Rule, first_breach
from flowforge_pipeline.importers.lean_archive import read_members
from flowforge_pipeline.importers.lean_contracts import Naming, naming_of
from flowforge_pipeline.importers.lean_names import Asset, Member, asset_of, check_folder, member_of
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.timestamps import UTC_NS, within_reach
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.sessions import SESSION, UNKNOWN, sessions_around
from flowforge_pipeline.tables import BARS, DAILY_BARS, QUOTE_BARS

ZONES: dict[Asset, str] = {
    "equity": "America/New_York",
    "option": "America/New_York",
    "future": "UTC",
    "futureoption": "UTC",
}
TRADE_COLUMNS = ("time", "open", "high", "low", "close", "volume")
QUOTE_COLUMNS = (
    "time",
    *(f"bid_{each}" for each in ("open", "high", "low", "close", "size")),
    *(f"ask_{each}" for each in ("open", "high", "low", "close", "size")),
)
_LENGTHS = {"1s": 1, "1m": 60, "1h": 3600}
_VOLUME, _SIZE = pl.Decimal(38, 4), pl.Decimal(18, 4)
_REMEDY = "Is this a Lean archive that nobody edited? Get it again."
_MILLISECOND = 1_000_000


def prepare(upload: Upload, source: str | None) -> tuple[Prepared, ...]:
    """The bars of an archive, and the instruments that its names define."""
    texts = read_members(upload)
    if not texts:
        raise FileError("The archive is empty.", remedy=_REMEDY)
    members = [member_of(name) for name, _ in texts]
    first = members[0]
    _check_alike(upload, members)
    check_folder(upload.path, first.root)
    columns = TRADE_COLUMNS if first.kind == "trade" else QUOTE_COLUMNS
    names = [f"{upload.path}/{each.name}" for each in members]
    cells = lean_cells.split([text for _, text in texts], names, columns)
    broken = lean_cells.odd_prices(cells, _price_columns(first))
    asset = asset_of(PurePosixPath(upload.path.as_posix()), members, {broken})
    naming = naming_of(asset, members, upload.path)
    numbers, rules = lean_cells.numbers(
        cells, _price_columns(first), _amount_columns(first), scaled=asset in ("equity", "option")
    )
    wall, resolution, time_rule = _starts(cells, first, members)
    rules = [time_rule, *rules, *_shape_rules(numbers, cells, first)]
    breach = first_breach(rules)
    if breach is not None:
        raise _problem(cells, breach.row, breach.rule)
    rows = numbers.hstack(cells.select("member", "row_no")).with_columns(
        symbol=pl.col("member").replace_strict(
            dict(enumerate(naming.symbols)), return_dtype=pl.String
        ),
        source=pl.lit(source or "lean"),
        source_file=_provenance(upload, members),
    )  # fmt: skip
    if resolution == "1d":
        target = DAILY_BARS
        rows = rows.with_columns(day=wall.dt.date(), adjust=pl.lit("none"))
        key = ["symbol", "day"]
    else:
        target = BARS if first.kind == "trade" else QUOTE_BARS
        rows = _timed(rows, wall, resolution, asset, naming, upload, cells)
        key = ["symbol", "bar_start"]
    again = ~rows.select(pl.struct(key).is_first_distinct()).to_series()
    if again.any():
        rule = Rule("time", again, "is there twice for its symbol.", "Keep one bar for each start.")
        raise _problem(cells, again.arg_max() or 0, rule)
    return Prepared(target, rows.drop("member")), *naming.instruments


def _check_alike(upload: Upload, members: list[Member]) -> None:
    first = members[0]
    for member in members:
        if (member.kind, member.resolution, member.day) != (first.kind, first.resolution, first.day):
            raise FileError(
                f'"{member.name}" and "{first.name}" are of different kinds or days.', remedy=_REMEDY
            )
    day, _, rest = upload.path.stem.lower().partition("_")
    if first.day is not None and day.isdigit() and len(day) == 8:
        kind = rest.split("_")[0]
        if day != f"{first.day:%Y%m%d}" or kind not in (first.kind, ""):
            raise FileError(
                f'"{first.name}" does not belong into {upload.path.name}.',
                remedy="Rename the archive, or get the file again.",
            )


def _price_columns(member: Member) -> tuple[str, ...]:
    names = TRADE_COLUMNS if member.kind == "trade" else QUOTE_COLUMNS
    return tuple(name for name in names if name != "time" and name not in _amount_columns(member))


def _amount_columns(member: Member) -> dict[str, pl.Decimal]:
    if member.kind == "trade":
        return {"volume": _VOLUME}
    return {"bid_size": _SIZE, "ask_size": _SIZE}


def _starts(cells: pl.DataFrame, first: Member, members: list[Member]) -> tuple[pl.Series, str, Rule]:
    """Wall-clock starts of the bars, their length, and the rule for times that are none."""
    if first.day is not None:
        resolution = "1s" if first.resolution == "second" else "1m"
        time = cells["time"].cast(pl.Int64, strict=False)
        step = _LENGTHS[resolution] * 1000
        wrong = ~((time >= 0) & (time < 86_400_000) & (time % step == 0)).fill_null(value=False)
        midnight = pl.Series([first.day]).cast(pl.Datetime("ns"))
        wall = (midnight.cast(pl.Int64)[0] + time * _MILLISECOND).cast(pl.Datetime("ns"))
        return wall, resolution, Rule("time", wrong, "is not the start of a bar of the day.", _REMEDY)
    wall = cells["time"].str.to_datetime("%Y%m%d %H:%M", strict=False)
    wall = within_reach(wall).cast(pl.Datetime("ns"))
    clock = wall.dt.time().drop_nulls()
    days = bool((clock == pl.Series([0]).cast(pl.Time)[0]).all())
    wrong = wall.is_null() | (wall.dt.minute() != 0).fill_null(value=False)
    return wall, "1d" if days else "1h", Rule("time", wrong, "is not the start of a bar (YYYYMMDD HH:MM).", _REMEDY)  # fmt: skip


def _shape_rules(numbers: pl.DataFrame, cells: pl.DataFrame, first: Member) -> list[Rule]:
    rules = []
    for prefix in ("",) if first.kind == "trade" else ("bid_", "ask_"):
        o, h, low, c = (numbers[f"{prefix}{each}"] for each in ("open", "high", "low", "close"))
        lowest = pl.select(pl.min_horizontal(o, c)).to_series()
        highest = pl.select(pl.max_horizontal(o, c)).to_series()
        wrong = ((low > lowest) | (h < highest)).fill_null(value=False)
        rules.append(Rule(f"{prefix}high", wrong, "and the low do not hold the open and the close.", _REMEDY))
        if first.kind == "trade":
            empty = (
                cells[f"{prefix}open"].is_null()
                | cells[f"{prefix}close"].is_null()
                | cells["volume"].is_null()
            )
            rules.append(
                Rule(
                    "open",
                    empty | h.is_null() | low.is_null(),
                    "or another cell of the bar is empty.",
                    _REMEDY,
                )
            )
    return rules  # fmt: skip


def _timed(
    rows: pl.DataFrame,
    wall: pl.Series,
    resolution: str,
    asset: Asset,
    naming: Naming,
    upload: Upload,
    cells: pl.DataFrame,
) -> pl.DataFrame:
    local = wall.dt.replace_time_zone(ZONES[asset], ambiguous="earliest", non_existent="null")
    if local.null_count():
        rule = Rule("time", local.is_null(), f"does not exist in {ZONES[asset]}: clocks are set forward over it.", _REMEDY)  # fmt: skip
        raise _problem(cells, local.is_null().arg_max() or 0, rule)
    starts = local.dt.convert_time_zone("UTC").cast(UTC_NS)
    ends = (starts.cast(pl.Int64) + _LENGTHS[resolution] * 1_000_000_000).cast(UTC_NS)
    sessions = sessions_around(starts, naming.calendar) if naming.calendar else None
    if sessions is None:
        unknown = pl.repeat(UNKNOWN, rows.height, dtype=SESSION, eager=True)
        labels = pl.DataFrame({"trade_date": wall.dt.date(), "session": unknown})
    else:
        labels = sessions.bars(starts, ends)
    moment = pl.Datetime("ms", "UTC")
    return rows.hstack(labels).with_columns(
        resolution=pl.lit(resolution), bar_start=starts.cast(moment), bar_end=ends.cast(moment)
    )


def _provenance(upload: Upload, members: list[Member]) -> pl.Expr:
    if len(members) == 1:
        return pl.lit(upload.label)
    names = {index: f"{upload.label}/{member.name}" for index, member in enumerate(members)}
    return pl.col("member").replace_strict(names, return_dtype=pl.String)


def _problem(cells: pl.DataFrame, row: int, rule: Rule) -> FileError:
    place = cells.row(row, named=True)
    return FileError(
        rule.reason,
        file=place["member_name"],
        line=place["row_no"],
        column=rule.column,
        value=place[rule.column],
        remedy=rule.remedy,
    )
