"""The outcome of reading a file: rows that are ready to insert, all of them or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flowforge_pipeline.tables import Target

SHORT_DIGEST = 12
"""Hexadecimal digits of a file's sha256 that name it inside ids."""


@dataclass(frozen=True)
class Upload:
    """A file as it was given, in memory, so that what is checked is what is inserted."""

    path: Path
    content: bytes
    sha256: str

    @staticmethod
    def read(path: Path) -> Upload:
        """The file's bytes and digest."""
        return Upload.of(path, path.read_bytes())

    @staticmethod
    def of(path: Path, content: bytes) -> Upload:
        """These bytes under this name."""
        return Upload(path, content, hashlib.sha256(content).hexdigest())

    @property
    def short_digest(self) -> str:
        """The digest's beginning."""
        return self.sha256[:SHORT_DIGEST]

    @property
    def label(self) -> str:
        """``source_file`` of its rows: the name alone is not unique (``20131007_trade.zip``)."""
        return f"{self.path.name}#{self.short_digest}"


@dataclass(frozen=True)
class Prepared:
    """Checked rows of one table, in the order of the file."""

    target: Target
    rows: pl.DataFrame
