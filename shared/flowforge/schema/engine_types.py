"""From an engine's column types to ours.

Policy where ours is narrower: every integer up to 64 bits is ``int64`` (a UInt64 above 2⁶³−1 still
travels exactly, as text); wider integers, arrays, maps, tuples, aggregate states and JSON have no
place in a result grid, so such a column is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, ColumnType, decimal

_WRAPPER = re.compile(r"^(?:Nullable|LowCardinality|SimpleAggregateFunction)\((.*)\)$")
_DECIMAL = re.compile(r"^Decimal\((\d+),\s*(\d+)\)$")
_NUMERIC = re.compile(r"^numeric\((\d+),(\d+)\)$")
_ENUM_VALUE = re.compile(r"'((?:[^'\\]|\\.)*)' = -?\d+")
_PARAMETERS = re.compile(r"\(.*\)")

_CLICKHOUSE: Mapping[str, ColumnType] = {
    "String": STRING,
    "FixedString": STRING,
    "Enum8": STRING,
    "Enum16": STRING,
    "UUID": STRING,
    "IPv4": STRING,
    "IPv6": STRING,
    "Int8": INT64,
    "Int16": INT64,
    "Int32": INT64,
    "Int64": INT64,
    "UInt8": INT64,
    "UInt16": INT64,
    "UInt32": INT64,
    "UInt64": INT64,
    "Float32": FLOAT64,
    "Float64": FLOAT64,
    "BFloat16": FLOAT64,
    "Bool": BOOLEAN,
    "Date": DATE,
    "Date32": DATE,
    "DateTime": DATETIME,
    "DateTime64": DATETIME,
}

_POSTGRES: Mapping[str, ColumnType] = {
    "text": STRING,
    "character varying": STRING,
    "character": STRING,
    "uuid": STRING,
    "smallint": INT64,
    "integer": INT64,
    "bigint": INT64,
    "int2": INT64,
    "int4": INT64,
    "int8": INT64,
    "real": FLOAT64,
    "double precision": FLOAT64,
    "float4": FLOAT64,
    "float8": FLOAT64,
    "boolean": BOOLEAN,
    "bool": BOOLEAN,
    "date": DATE,
    "timestamp": DATETIME,
    "timestamptz": DATETIME,
    "timestamp without time zone": DATETIME,
    "timestamp with time zone": DATETIME,
    "numeric": decimal(76, 12),
}


def clickhouse_type(text: str) -> ColumnType | None:
    """Our type for a ClickHouse type; None for one that a result grid cannot show.

    >>> str(clickhouse_type("LowCardinality(Nullable(String))"))
    'string'
    >>> str(clickhouse_type("Nullable(Decimal(18, 6))"))
    'decimal(18,6)'
    >>> str(clickhouse_type("SimpleAggregateFunction(sum, Decimal(38, 10))"))
    'decimal(38,10)'
    """
    while (wrapped := _WRAPPER.match(text)) is not None:
        text = wrapped[1].partition(", ")[2] if text.startswith("Simple") else wrapped[1]
    exact = _DECIMAL.match(text)
    if exact:
        return decimal(int(exact[1]), int(exact[2]))
    return _CLICKHOUSE.get(_PARAMETERS.sub("", text))


def stored_otherwise(text: str) -> bool:
    """Whether a ClickHouse column that we call a string is stored as something that is none."""
    base = _unwrapped(text)
    return base != "String" and _CLICKHOUSE.get(base) == STRING


def stored_unsigned(text: str) -> bool:
    """Whether a ClickHouse column that we call int64 is stored as UInt64."""
    return _unwrapped(text) == "UInt64"


def stored_as_datetime64(text: str) -> bool:
    """Whether a ClickHouse column that we call datetime is stored as DateTime64, of any precision."""
    return _unwrapped(text) == "DateTime64"


def _unwrapped(text: str) -> str:
    while (wrapped := _WRAPPER.match(text)) is not None:
        text = wrapped[1].partition(", ")[2] if text.startswith("Simple") else wrapped[1]
    return _PARAMETERS.sub("", text)


def enum_values(text: str) -> frozenset[str]:
    """The values of a ClickHouse enum; none for any other type.

    >>> sorted(enum_values("Nullable(Enum8('BUY' = 1, 'SELL' = 2))"))
    ['BUY', 'SELL']
    """
    while (wrapped := _WRAPPER.match(text)) is not None:
        text = wrapped[1].partition(", ")[2] if text.startswith("Simple") else wrapped[1]
    if not text.startswith("Enum"):
        return frozenset()
    return frozenset(re.sub(r"\\(.)", r"\1", value) for value in _ENUM_VALUE.findall(text))


def postgres_type(text: str) -> ColumnType | None:
    """Our type for a PostgreSQL or Materialize type; None for one that a result grid cannot show."""
    exact = _NUMERIC.match(text)
    if exact:
        return decimal(min(int(exact[1]), 76), int(exact[2]))
    return _POSTGRES.get(re.sub(r"\(\d+\)", "", text).strip())
