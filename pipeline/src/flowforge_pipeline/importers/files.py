"""Recognise a file by its first bytes and read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from flowforge_pipeline.importers import columnar, delimited, lean, mapping
from flowforge_pipeline.importers.assemble import Reading, assemble
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.timestamps import checked_zone
from flowforge_pipeline.problems import FileError

_ZIP = b"PK"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Options:
    """What the command line says about all files of a run; ``map`` is field → column."""

    map: Mapping[str, str] = field(default_factory=dict)
    table: str | None = None
    symbol: str | None = None
    timezone: str = "UTC"
    calendar: str | None = None
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The options that were given, for the ledger and for comparison with what it holds."""
        return {
            name: value
            for name, value in asdict(self).items()
            if value and (name, value) != ("timezone", "UTC")
        }


def prepare(upload: Upload, options: Options) -> Prepared:
    """Rows of the file, all checked. ``FileError`` says what is wrong and where."""
    try:
        if not upload.content:
            raise FileError("The file is empty.", remedy="Give a file with rows.")
        if upload.path.suffix.lower() == ".zip" or upload.content.startswith(_ZIP):
            return _lean(upload, options)
        if upload.content.startswith(_GZIP):
            raise FileError("The file is gzipped.", remedy="Unpack it with gunzip first.")
        return _table(upload, options)
    except FileError as problem:
        raise problem.within(str(upload.path)) from None


def _lean(upload: Upload, options: Options) -> Prepared:
    given = [name for name in ("table", "symbol", "calendar") if getattr(options, name)] + ["map"] * bool(
        options.map
    )
    if given:
        raise FileError(
            f"--{given[0]} does not apply to a Lean archive, whose format is fixed.",
            remedy="Import archives and tables in separate runs.",
        )
    return lean.prepare(upload, options.source)


def _table(upload: Upload, options: Options) -> Prepared:
    parquet = upload.content.startswith(columnar.MAGIC) or upload.path.suffix.lower() == ".parquet"
    cells = columnar.read(upload.content) if parquet else delimited.read(upload.content)
    target = mapping.choose_target(options.table, cells.columns, options.map)
    columns = mapping.resolve(target, cells.columns, options.map, symbol=options.symbol)
    reading = Reading(
        source=options.source or upload.path.stem,
        zone=checked_zone(options.timezone),
        symbol=options.symbol,
        calendar=options.calendar,
    )
    line_of = None if parquet else partial(delimited.line_of, upload.content)
    rows = assemble(upload, target, cells, columns, reading, line_of)
    return Prepared(target, rows)
