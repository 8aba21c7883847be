"""``flowforge bench pipeline``, performance row 12: files of ticks through the importer, and their rows straight into a table."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from bench.measure import Contender, Row, Target, alternate
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.importers.files import Options, prepare
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.loading.imports import import_files

TICKS = 500_000
SYMBOLS, DAYS = ("a", "b", "c"), ("20240102", "20240103", "20240104")
TICKS_OF_A_DAY = 173_713
"""Nine archives of them are as many ticks as those of three shares on three days in 2013."""
OPTIONS = Options(map={}, table=None, symbol=None, timezone="UTC", calendar=None, source=None)


def rows(environment: Mapping[str, str], folder: Path, rounds: int) -> list[Row]:
    """Import against the raw insert of the same rows as Arrow into a table without views: nine files, and one."""
    clickhouse = ClickHouse(environment["FLOWFORGE_CLICKHOUSE_ADMIN_URL"])
    clickhouse.execute("CREATE TABLE IF NOT EXISTS flowforge.bench_trades AS flowforge.raw_trades")

    def nine(number: int) -> list[Path]:
        return [_file(folder, f"{symbol}{number}", day, TICKS_OF_A_DAY) for symbol in SYMBOLS for day in DAYS]

    def one(number: int) -> list[Path]:
        return [_file(folder, f"one{number}", DAYS[0], TICKS)]

    return [
        _row(clickhouse, f"import of {9 * TICKS_OF_A_DAY:,} ticks, nine files", nine, rounds),
        _row(clickhouse, f"import of {TICKS:,} ticks, one file", one, rounds),
    ]


def _row(clickhouse: ClickHouse, what: str, files: Callable[[int], list[Path]], rounds: int) -> Row:
    tables = [_rows(path).to_arrow(compat_level=pl.CompatLevel.oldest()) for path in files(-2)]

    def imported(number: int) -> float:
        paths = files(number)
        began = time.perf_counter()
        outcomes = list(import_files(clickhouse, paths, OPTIONS))
        taken = time.perf_counter() - began
        assert {outcome.state for outcome in outcomes} == {"imported"}, outcomes
        return taken

    def inserted(_: int) -> float:
        clickhouse.execute("TRUNCATE TABLE flowforge.bench_trades")
        began = time.perf_counter()
        for table in tables:
            clickhouse.insert("flowforge.bench_trades", table)
        return time.perf_counter() - began

    contenders: dict[str, Contender] = {"ours": imported, "raw Arrow insert": inserted}
    medians, notes, ratios = alternate(contenders, rounds)
    target = Target("≥ half the rate of the raw insert", "raw Arrow insert", 2.0)
    return Row(12, what, medians, [target], notes, ratios)


def _rows(path: Path) -> pl.DataFrame:
    found = prepare(Upload.read(path), OPTIONS)
    [prepared] = found if isinstance(found, tuple) else (found,)
    return prepared.rows


def _file(folder: Path, symbol: str, day: str, ticks: int) -> Path:
    """A Lean archive of a day of ticks; another symbol or day is another file."""
    path = folder / f"bench{symbol}" / f"{day}_trade.zip"
    if path.exists():
        return path
    generator = random.Random(f"{symbol} {day}")
    times = sorted(generator.randrange(34_200_000, 57_600_000) for _ in range(ticks))
    lines = [
        f"{at},{generator.randrange(1_000_000, 1_010_000)},{generator.randrange(1, 900)},P,1,0"
        for at in times
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{day}_bench{symbol}_Trade_Tick.csv", "\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed.getvalue())
    return path
