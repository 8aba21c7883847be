"""Rows of tables that take no SQL: texts of Redis hashes as typed columns, Parquet files as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from flowforge.catalog import Table
from flowforge.errors import ErrorCode, StoreError
from flowforge.residual.exact import half_away
from flowforge.residual.rows import Lazy, Rows
from flowforge.residual.values import dtype, nanoseconds
from flowforge.types import Column, ColumnType

if TYPE_CHECKING:
    import polars as pl

_NUMBER = re.compile(r"[+-]?\d{1,38}(\.\d{1,38})?([eE][+-]?\d{1,2})?", re.ASCII)


def rows_of_texts(table: Table, rows: Sequence[Mapping[str, str | None]]) -> Rows:
    """Rows of texts as the table's columns."""
    made = {column.name: partial(_column, table, column, rows) for column in table.columns}
    return Rows(Lazy(made), len(rows))


def _column(table: Table, column: Column, rows: Sequence[Mapping[str, str | None]]) -> pl.Series:
    """``QUERY_FAILED`` names the column whose text is not of its type; the text itself is not shown."""
    import polars as pl

    read = _READ[column.type.kind]
    try:
        values = [None if (text := row[column.name]) is None else read(text, column.type) for row in rows]
        held = pl.Int64 if column.type.kind == "datetime" else dtype(column.type)
        return pl.Series(column.name, values, dtype=held, strict=True).cast(dtype(column.type))
    except (ValueError, TypeError, OverflowError):
        raise StoreError(
            ErrorCode.QUERY_FAILED,
            f"{table.qualified_name} holds a text in {column.name!r} that is no {column.type}.",
            column=column.name,
            hint="Report the trace id: what writes this key does not keep to its layout.",
        ) from None


def _number(text: str, type_: ColumnType) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    whole, shift = int("".join(map(str, digits))), exponent + type_.scale
    scaled = whole * int(10**shift) if shift >= 0 else half_away(whole, int(10**-shift))
    if scaled >= 10**type_.precision:
        raise OverflowError("too many digits")
    return -scaled if sign else scaled


def _instant(text: str, type_: ColumnType) -> int:
    found = datetime.fromisoformat(text)
    return nanoseconds(found.replace(tzinfo=UTC) if found.tzinfo is None else found)


_READ: Mapping[str, Callable[[str, ColumnType], Any]] = {
    "string": lambda text, _: text,
    "int64": lambda text, _: int(text),
    "decimal": _number,
    "datetime": _instant,
}
