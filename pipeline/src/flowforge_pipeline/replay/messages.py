"""Rows of files as messages of ``raw.trades`` and ``raw.quotes``, written by columns.

``event_id`` is ``<short sha256 of the file>:<row>``, so that a file that is sent again is recognised row by
row, and equal prints of different rows are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flowforge_pipeline.broker import Outgoing
from flowforge_pipeline.importers.files import Options, prepare_all
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.messages import PAYLOADS, SCHEMA_VERSION, Kind, instant_text
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.tables import QUOTES, TRADES

KINDS_OF: dict[str, Kind] = {TRADES.name: "trades", QUOTES.name: "quotes"}


@dataclass(frozen=True)
class Content:
    """Rows of one file and kind; ``rows`` are those that an import would insert."""

    path: Path
    kind: Kind
    sha256: str
    label: str
    stream: str
    rows: pl.DataFrame


def read(path: Path, options: Options) -> Iterator[Content]:
    """Trades and quotes of a file, all checked; FileError for a file that has neither."""
    try:
        upload = Upload.read(path)
    except OSError as error:
        raise FileError(
            f"It cannot be read ({error.strerror}).", file=str(path), remedy="Check the path."
        ) from error
    found = [one for one in prepare_all(upload, options) if one.target.name in KINDS_OF]
    if not found:
        raise FileError(
            "It holds neither trades nor quotes.", file=str(path), remedy="`flowforge import` takes it."
        )
    for one in found:
        kind = KINDS_OF[one.target.name]
        stream = upload.short_digest if kind == "trades" else f"{upload.short_digest}-{kind}"
        yield Content(path, kind, upload.sha256, upload.label, stream, one.rows)


def outgoing(content: Content, rows: pl.DataFrame, nanoseconds: int) -> list[Outgoing]:
    """Some rows of a file as messages that are sent at this time."""
    at = pl.col("event_time").dt.strftime("%Y-%m-%dT%H:%M:%S%.9fZ")
    fields = [field for field in PAYLOADS[content.kind].fields if not field.normalised]
    columns = [
        at.alias(field.name)
        if field.type == "instant"
        else pl.col(field.name).cast(pl.String)
        if field.type in ("decimal", "text", "choice")
        else pl.col(field.name)
        for field in fields
        if field.name in rows.columns
    ]
    envelope = pl.struct(
        pl.format("{}:{}", pl.lit(content.stream), "row_no").alias("event_id"),
        at.alias("event_time"),
        pl.lit(instant_text(nanoseconds)).alias("ingest_time"),
        pl.col("source").cast(pl.String),
        pl.lit(SCHEMA_VERSION).alias("schema_version"),
        pl.col("symbol").cast(pl.String).alias("entity_id"),
        pl.struct(columns).alias("payload"),
    )
    written = rows.select(
        key=pl.col("symbol").cast(pl.String).cast(pl.Binary),
        value=envelope.struct.json_encode().cast(pl.Binary),
    )
    return [Outgoing(key, value) for key, value in written.iter_rows()]
