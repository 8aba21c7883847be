"""The log of backfills (``flowforge.backfills``), and which code and schema they ran with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from flowforge_pipeline.backfill.checksum import Checksum
from flowforge_pipeline.backfill.window import Window
from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.migrations import migrations

_COMPUTING = ("backfill", "loading", "warm")
"""Folders whose code decides what is computed."""

_NOTHING = Checksum(0, "")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the log."""

    id: str
    table: str
    window: Window
    symbols: tuple[str, ...]
    reason: str
    revision: int
    raw_rows: int = 0
    before: Checksum = _NOTHING
    after: Checksum = _NOTHING
    raw: Checksum = _NOTHING
    state: Literal["started", "finished", "failed"] = "started"
    message: str = ""

    def ended(self, state: Literal["finished", "failed"], message: str = "") -> Record:
        """The line that closes the run."""
        return replace(self, state=state, message=message)

    @property
    def changed(self) -> bool:
        """Whether the window reads differently than before."""
        return self.before != self.after


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the package and sha256 of the code that computes."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for folder in _COMPUTING:
        for path in sorted((package / folder).rglob("*.py")):
            digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes())
    try:
        number = version("flowforge")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{digest.hexdigest()[:12]}"


@lru_cache(maxsize=1)
def schema_version() -> str:
    """The last migration and sha256 over all of them."""
    every = migrations("clickhouse")
    digest = hashlib.sha256("".join(each.checksum for each in every).encode()).hexdigest()
    return f"{every[-1].name.removesuffix('.sql')}+{digest[:12]}"


def write(clickhouse: ClickHouse, record: Record) -> None:
    """Append a line."""
    moments = (f"toDateTime64('{each:%Y-%m-%d %H:%M:%S}', 3, 'UTC')" for each in (record.window.start, record.window.end))  # fmt: skip
    values = (
        literal(record.id), literal(record.table), *moments,
        f"[{', '.join(literal(symbol) for symbol in record.symbols)}]", literal(record.reason),
        literal(record.state), literal(code_version()), literal(schema_version()), str(record.raw_rows),
        str(record.before.rows), str(record.after.rows), literal(record.before.digest),
        literal(record.after.digest), literal(record.raw.digest), str(record.revision), literal(record.message),
    )  # fmt: skip
    clickhouse.execute(
        "INSERT INTO flowforge.backfills (id, table_name, window_from, window_to, symbols, reason, state, "  # noqa: S608 - literals
        "code_version, schema_version, raw_rows, rows_before, rows_after, checksum_before, checksum_after, "
        f"checksum_raw, revision, message) VALUES ({', '.join(values)})"
    )
