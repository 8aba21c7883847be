"""``flowforge bench pipeline``, performance row 12: a file of ticks through the importer, and its rows straight into a table."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from bench.measure import Contender, Row, Target, alternate
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.importers.files import Options, prepare
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.loading.imports import import_files

TICKS = 500_000
OPTIONS = Options(map={}, table=None, symbol=None, timezone="UTC", calendar=None, source=None)


def row(environment: Mapping[str, str], folder: Path, rounds: int) -> Row:
    """Import against the raw insert of the same rows as Arrow into a table without views."""
    clickhouse = ClickHouse(environment["FLOWFORGE_CLICKHOUSE_ADMIN_URL"])
    clickhouse.execute("CREATE TABLE IF NOT EXISTS flowforge.bench_trades AS flowforge.raw_trades")
    rows = _rows(_file(folder, 0)).to_arrow(compat_level=pl.CompatLevel.oldest())

    def imported(number: int) -> float:
        path = _file(folder, number + 2)
        began = time.perf_counter()
        outcomes = list(import_files(clickhouse, [path], OPTIONS))
        taken = time.perf_counter() - began
        assert [outcome.state for outcome in outcomes] == ["imported"], outcomes
        return taken

    def inserted(_: int) -> float:
        clickhouse.execute("TRUNCATE TABLE flowforge.bench_trades")
        began = time.perf_counter()
        clickhouse.insert("flowforge.bench_trades", rows)
        return time.perf_counter() - began

    contenders: dict[str, Contender] = {"ours": imported, "raw Arrow insert": inserted}
    medians, notes, ratios = alternate(contenders, rounds)
    target = Target("≥ half the rate of the raw insert", "raw Arrow insert", 2.0)
    return Row(12, f"import of {TICKS:,} ticks", medians, [target], notes, ratios)


def _rows(path: Path) -> pl.DataFrame:
    found = prepare(Upload.read(path), OPTIONS)
    [prepared] = found if isinstance(found, tuple) else (found,)
    return prepared.rows


def _file(folder: Path, number: int) -> Path:
    """A Lean archive of a day of ticks; another number is another file."""
    path = folder / f"bench{number}" / "20240102_trade.zip"
    if path.exists():
        return path
    generator = random.Random(number)
    times = sorted(generator.randrange(34_200_000, 57_600_000) for _ in range(TICKS))
    lines = [
        f"{at},{generator.randrange(1_000_000, 1_010_000)},{generator.randrange(1, 900)},P,1,0"
        for at in times
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"20240102_bench{number}_Trade_Tick.csv", "\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed.getvalue())
    return path
