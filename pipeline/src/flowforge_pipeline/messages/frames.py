"""Many normalised messages → one typed frame, parsed by polars without a Python object per row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from flowforge_pipeline.messages.fields import PAYLOADS, Field
from flowforge_pipeline.messages.topics import Kind

INSTANT = pl.Datetime("ns", "UTC")
_TYPES = {"integer": pl.Int64(), "flag": pl.Boolean()}


def frame(kind: Kind, values: Sequence[bytes]) -> pl.DataFrame:
    """One row per message of ``normalized.<kind>``, in order: the payload's fields, ``event_id``,
    ``source``, ``entity_id`` and ``ingest_time``.

    Decimals are Decimal(18, scale), instants UTC nanoseconds, days dates, choices and texts strings.
    """
    if not values:
        return _empty(kind)
    schema, columns = _reading(kind)
    return pl.read_ndjson(b"\n".join(values), schema=schema).unnest("payload").select(columns)


@cache
def _empty(kind: Kind) -> pl.DataFrame:
    schema, columns = _reading(kind)
    return pl.DataFrame(schema=schema).unnest("payload").select(columns)


@cache
def _reading(kind: Kind) -> tuple[pl.Schema, list[pl.Expr]]:
    fields = PAYLOADS[kind].fields
    payload = pl.Struct([pl.Field(field.name, _TYPES.get(field.type, pl.String())) for field in fields])
    schema = pl.Schema(
        {
            "event_id": pl.String(),
            "ingest_time": pl.String(),
            "source": pl.String(),
            "entity_id": pl.String(),
            "payload": payload,
        }
    )
    envelope = [pl.col("event_id"), pl.col("source"), pl.col("entity_id"), _instant("ingest_time")]
    return schema, [*(_typed(field) for field in fields), *envelope]


def _typed(field: Field) -> pl.Expr:
    column = pl.col(field.name)
    if field.type == "decimal":
        return column.cast(pl.Decimal(18, field.scale))
    if field.type == "instant":
        return _instant(field.name)
    if field.type == "day":
        return column.str.to_date("%Y-%m-%d")
    return column


def _instant(name: str) -> pl.Expr:
    """Of the one spelling that the normaliser writes: seconds, a point, nine digits, Z."""
    seconds = pl.col(name).str.head(19).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ns")
    nanoseconds = pl.col(name).str.slice(20, 9).cast(pl.Int64)
    return (seconds.dt.timestamp("ns") + nanoseconds).cast(INSTANT).alias(name)
