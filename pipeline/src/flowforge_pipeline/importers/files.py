"""Recognise a file by its first bytes and its header, and read it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import zstandard

from flowforge_pipeline.importers import columnar, delimited, lean, mapping
from flowforge_pipeline.importers.assemble import Reading, assemble
from flowforge_pipeline.importers.fixed import READERS
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.timestamps import checked_zone
from flowforge_pipeline.problems import FileError

_ZIP = b"PK"
_GZIP = b"\x1f\x8b"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_MAX_EXPANDED = 4 << 30
_AGAIN = "Get the file again: nothing of it was imported."


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
    """The rows of the file's main table; see ``prepare_all``."""
    return prepare_all(upload, options)[0]


def prepare_all(upload: Upload, options: Options) -> tuple[Prepared, ...]:
    """Rows of the file for every table that it fills, the main one first, all checked.

    ``FileError`` says what is wrong and where.
    """
    try:
        if not upload.content:
            raise FileError("The file is empty.", remedy="Give a file with rows.")
        if upload.path.suffix.lower() == ".zip" or upload.content.startswith(_ZIP):
            return _lean(upload, options)
        content = _expanded(upload.content)
        for reader in READERS:
            if reader.recognises(content) and not (reader.a_table and (options.map or options.table)):
                _refuse(options, "table", "map", *reader.refuses, what=reader.title)
                return reader.prepare(upload, content, options.source, options.symbol)
        return (_table(upload, content, options),)
    except FileError as problem:
        raise problem.within(str(upload.path)) from None


def _lean(upload: Upload, options: Options) -> tuple[Prepared, ...]:
    from flowforge_pipeline.importers import lean_bars
    from flowforge_pipeline.importers.lean_archive import holds_ticks, member_names

    _refuse(options, "table", "symbol", "calendar", "map", what="a Lean archive")
    names = member_names(upload)
    if not names or holds_ticks(names[0], upload.path):
        return (lean.prepare(upload, options.source),)
    return lean_bars.prepare(upload, options.source)


def _refuse(options: Options, *names: str, what: str) -> None:
    given = [name for name in names if getattr(options, name)]
    if given:
        raise FileError(
            f"--{given[0]} does not apply to {what}, whose format is fixed.",
            remedy="Import such files and tables in separate runs.",
        )


def _expanded(content: bytes) -> bytes:
    """What is inside gzip or Zstandard, frame by frame, else the bytes as they are."""
    if not content.startswith((_GZIP, _ZSTANDARD)):
        return content
    whole, rest = bytearray(), content
    try:
        while rest:
            frame = _frame(rest)
            whole += frame.decompress(rest)
            if len(whole) > _MAX_EXPANDED:
                raise FileError(f"The file expands to more than {_MAX_EXPANDED:,} bytes.")
            if not frame.eof:
                raise FileError(
                    f"The file breaks off within its {len(content):,} bytes, after {len(whole):,} of its content.",
                    remedy=_AGAIN,
                )
            rest = frame.unused_data
    except (zlib.error, zstandard.ZstdError) as error:
        raise FileError(f"The file is damaged ({error}).", remedy=_AGAIN) from error
    return bytes(whole)


def _frame(content: bytes) -> Any:
    if content.startswith(_ZSTANDARD):
        return zstandard.ZstdDecompressor().decompressobj()
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _table(upload: Upload, content: bytes, options: Options) -> Prepared:
    parquet = content.startswith(columnar.MAGIC) or upload.path.suffix.lower() == ".parquet"
    cells = columnar.read(content) if parquet else delimited.read(content)
    target = mapping.choose_target(options.table, cells.columns, options.map)
    columns = mapping.resolve(target, cells.columns, options.map, symbol=options.symbol)
    reading = Reading(
        source=options.source or upload.path.stem,
        zone=checked_zone(options.timezone),
        symbol=options.symbol,
        calendar=options.calendar,
    )
    line_of = None if parquet else partial(delimited.line_of, content)
    rows = assemble(upload, target, cells, columns, reading, line_of)
    return Prepared(target, rows)
