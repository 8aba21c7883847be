"""Open Lean tick archives: one CSV without header in a zip, named by date, symbol and kind.

Format: QuantConnect/Lean ``Data/equity/readme.md``. Files are ``<symbol>/<yyyymmdd>_trade.zip`` with
the member ``<yyyymmdd>_<symbol>_Trade_Tick.csv``.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from flowforge_pipeline.importers.lean_names import check_folder
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.problems import FileError

Kind = Literal["trade", "quote"]

_MEMBER = re.compile(r"^(?P<day>\d{8})_(?P<symbol>.+?)_(?P<kind>trade|quote)_tick\.csv$", re.IGNORECASE)
_ARCHIVE = re.compile(r"^(?P<day>\d{8})_(?P<kind>trade|quote)\.zip$", re.IGNORECASE)
_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_DEFLATED = 8
_ENCRYPTED = 1
_MAX_EXPANDED = 4 << 30
_AGAIN = "Get the file again: nothing of it was imported."
_EXPECTED = "Lean tick archives hold one <yyyymmdd>_<symbol>_Trade_Tick.csv or …_Quote_Tick.csv."


@dataclass(frozen=True)
class TickFile:
    """The member's text and what its name says. ``symbol`` is in upper case; ``day`` is New York's."""

    kind: Kind
    symbol: str
    day: date
    text: bytes


def open_archive(upload: Upload) -> TickFile:
    """Read and check (CRC-32) the only member; ``FileError`` says where a broken archive ends."""
    members = read_members(upload)
    if len(members) != 1:
        raise FileError(f"The archive holds {len(members)} files.", remedy=_EXPECTED)
    name, text = members[0]
    kind, symbol, day = _identity(name, upload.path)
    check_folder(upload.path, symbol)
    return TickFile(kind, symbol, day, text)


def holds_ticks(name: str, path: Path) -> bool:
    """Whether a member of that name, in an archive at that path, is a tick file."""
    return bool(_MEMBER.match(Path(name).name)) or (
        path.parent.parent.name == "tick" and bool(_ARCHIVE.match(path.name))
    )


def member_names(upload: Upload) -> list[str]:
    """Names of all files in the archive, in order, none of them read."""
    with _opened(upload) as archive:
        return [member.filename for member in _members(archive)]


def read_members(upload: Upload) -> list[tuple[str, bytes]]:
    """Names and texts of all files in the archive, by name, each checked (CRC-32)."""
    with _opened(upload) as archive:
        members = _members(archive)
        expanded = sum(member.file_size for member in members)
        if expanded > _MAX_EXPANDED:
            raise FileError(f"The archive expands to {expanded:,} bytes.")
        return [(member.filename, archive.read(member)) for member in members]


@contextmanager
def _opened(upload: Upload) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
    ) as error:
        raise FileError(_where_it_breaks(upload.content, error), remedy=_AGAIN) from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    for each in archive.infolist():
        if each.flag_bits & _ENCRYPTED:
            raise FileError(
                f'"{each.filename}" is encrypted.', remedy="Pack the archive again without a password."
            )
    return sorted((each for each in archive.infolist() if not each.is_dir()), key=lambda each: each.filename)


def _identity(member: str, path: Path) -> tuple[Kind, str, date]:
    """Kind, symbol and day by the member's name, else by the archive's path."""
    inner = _MEMBER.match(Path(member).name)
    outer = _ARCHIVE.match(path.name)
    named = inner or (outer if path.parent.parent.name == "tick" else None)
    if named is None:
        raise FileError(f'"{member}" is not a tick file.', remedy=_EXPECTED)
    symbol = inner["symbol"] if inner else path.parent.name
    try:
        day = datetime.strptime(named["day"], "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        raise FileError(f'"{named["day"]}" is not a date.', remedy=_EXPECTED) from error
    if inner and outer and (outer["day"], outer["kind"].lower()) != (inner["day"], inner["kind"].lower()):
        raise FileError(
            f'"{member}" does not belong into {path.name}.',
            remedy="Rename the archive, or get the file again.",
        )
    return ("trade" if named["kind"].lower() == "trade" else "quote"), symbol.upper(), day


def _where_it_breaks(content: bytes, error: Exception) -> str:
    """How far the first member can be read, by inflating it without the archive's directory."""
    size = f"The archive ends or breaks within its {len(content):,} bytes ({error})"
    if len(content) < _LOCAL_HEADER.size or not content.startswith(b"PK\x03\x04"):
        return f"{size}: it does not begin with a whole zip header."
    _, _, _, method, _, _, _, _, _, name_length, extra_length = _LOCAL_HEADER.unpack_from(content)
    begin = _LOCAL_HEADER.size + name_length + extra_length
    name = content[_LOCAL_HEADER.size : begin - extra_length].decode("utf-8", errors="replace")
    if method != _DEFLATED:
        return f"{size}, in {name}."
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    lines = 0
    for start in range(begin, len(content), 1 << 16):
        try:
            lines += inflater.decompress(content[start : start + (1 << 16)]).count(b"\n")
        except zlib.error:
            return f"{size}: {name} is damaged after line {lines:,}."
    if inflater.eof:
        return f"{size}: {name} is whole, but what follows it is not."
    return f"{size}: {name} breaks off after line {lines:,}."
