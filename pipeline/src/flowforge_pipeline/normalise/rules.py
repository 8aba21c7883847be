"""The checks of ``messages.validation`` as conditions on columns: true only where a message is plainly right.

What is not – because it is wrong, or right in an unusual spelling – is judged one by one. So a condition
here may be too strict, and must not be too lenient: a test compares the two on broken messages.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from flowforge_pipeline.messages.envelope import ENVELOPE_FIELDS, SCHEMA_VERSION
from flowforge_pipeline.messages.fields import FILL_STATUSES, PAYLOADS, Field
from flowforge_pipeline.messages.parsing import INEXACT, MEMBER
from flowforge_pipeline.messages.topics import Kind

NS = pl.Datetime("ns", "UTC")
# Text does not begin with [ or {, since an array or an object is read as its text, too.
_TEXT = r"^[!-Z\\-z|}~][\x20-\x7e]{0,255}$"
_TEXT_OR_EMPTY = r"^(?:[ -Z\\-z|}~][\x20-\x7e]{0,255})?$"
# [0-9], because \d is a digit of any script here. Years that 64 bits of nanoseconds hold, after 1970; no leap seconds.
_YEAR = "(?:19[7-9][0-9]|2[01][0-9]{2}|22[0-5][0-9])"
_INSTANT = rf"^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,9}})?Z$"
_TYPES = {"integer": pl.Int64(), "flag": pl.Boolean()}

ENVELOPE_TEXTS = ("event_id", "source", "entity_id")


@cache
def schema(kind: Kind) -> pl.Schema:
    """How a message is read: text as text, and decimals, too."""
    payload = [pl.Field(field.name, _TYPES.get(field.type, pl.String())) for field in PAYLOADS[kind].fields]
    texts = dict.fromkeys((*ENVELOPE_TEXTS, "event_time", "ingest_time"), pl.String())
    return pl.Schema({**texts, "schema_version": pl.Int64(), "payload": pl.Struct(payload)})


@cache
def flattened(kind: Kind) -> list[pl.Expr]:
    """The columns of :func:`schema` side by side, a payload's field as ``p.<name>``; times as instants."""
    fields = PAYLOADS[kind].fields
    payload = [pl.col("payload").struct.field(field.name).alias(f"p.{field.name}") for field in fields]
    return [pl.col(*ENVELOPE_TEXTS, "schema_version"), instant("event_time", "time"),
            instant("ingest_time", "ingested"), *payload]  # fmt: skip


@cache
def right(kind: Kind) -> pl.Expr:
    """Of the columns of :func:`flattened`."""
    known = [pl.col(name).str.contains(_TEXT) for name in ENVELOPE_TEXTS]
    known += [pl.col("schema_version") == SCHEMA_VERSION, pl.col("ingested").is_not_null()]
    known += [instant("p.event_time", "at") == pl.col("time")]
    known += [
        _field(field) for field in PAYLOADS[kind].fields if not field.normalised and field.type != "instant"
    ]
    return pl.all_horizontal([*known, *_OF_KIND[kind]]).fill_null(value=False)


@cache
def exact(kind: Kind) -> pl.Expr:
    """Of :func:`flattened` and the message's ``text``: each member is in a column, once, and no number was rounded.

    A message with members that no column reads is not plainly right, either: it is judged by itself.
    """
    filled = [pl.col(f"p.{field.name}").is_not_null() for field in PAYLOADS[kind].fields]
    members = pl.sum_horizontal(filled) + len(ENVELOPE_FIELDS)
    text = pl.col("text")
    return (text.str.count_matches(MEMBER) == members) & ~text.str.contains(INEXACT)


def instant(column: str, name: str) -> pl.Expr:
    """The UTC instant of text in the usual spelling, else null."""
    text = pl.when(pl.col(column).str.contains(_INSTANT)).then(pl.col(column))
    seconds = text.str.head(19).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ns", strict=False)
    fraction = text.str.slice(20).str.strip_chars_end("Z").str.pad_end(9, "0").cast(pl.Int64, strict=False)
    return (seconds.dt.timestamp("ns") + fraction).cast(NS).alias(name)


def _field(field: Field) -> pl.Expr:
    column = pl.col(f"p.{field.name}")
    if field.type == "decimal":
        right = column.str.contains(rf"^[0-9]{{1,{field.digits}}}(?:\.[0-9]{{1,{field.scale}}})?$")
        right &= column.str.contains("[1-9]") if field.positive else pl.lit(value=True)
    elif field.type == "integer":
        right = column >= 0
    elif field.type == "choice":
        right = column.is_in(field.choices)
    elif field.type == "flag":
        right = pl.lit(value=True)
    else:
        right = column.str.contains(_TEXT if field.required else _TEXT_OR_EMPTY)
    return right if field.required else right | column.is_null()


_SYMBOL = pl.col("entity_id") == pl.col("p.symbol")
_FILL = pl.col("p.status").is_in(sorted(FILL_STATUSES))
_OF_KIND: dict[Kind, list[pl.Expr]] = {
    "trades": [
        _SYMBOL,
        (pl.col("p.status").fill_null("new") == "new") == (pl.col("p.corrects_id").fill_null("") == ""),
    ],
    "quotes": [_SYMBOL, pl.col("p.bid").is_not_null() | pl.col("p.ask").is_not_null()],
    "orders": [
        pl.format("{}/{}/{}", "p.tenant_id", "p.account", "p.symbol") == pl.col("entity_id"),
        pl.col("p.tenant_id").str.contains("^[a-z0-9-]{1,63}$"),
        ~pl.col("p.account").str.contains("/", literal=True),
        ~_FILL | (pl.col("p.fill_id").str.len_bytes() > 0) & pl.col("p.price").is_not_null(),
    ],
}
