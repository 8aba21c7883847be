"""Decimals with more digits than their type has, which ClickHouse's bits hold: up to 1.7e38 in 128.

PostgreSQL refuses such a number where it arises. ClickHouse computes on with it, rightly, and refuses
only what leaves the bits; so what would be shown of it is refused here, under the same name.
"""

from __future__ import annotations

import orjson

from flowforge.types import Schema

_ALIKE = bytes.maketrans(b"123456789", b"000000000")


def beyond_type(lines: bytes, columns: Schema) -> str | None:
    """Name of a column with such a decimal in these JSON arrays, one per line.

    Rows are only looked at where some run of digits is long enough.
    """
    most = [
        (index, column.type.precision - column.type.scale)
        for index, column in enumerate(columns)
        if column.type.kind == "decimal"
    ]
    if not most or b"0" * (1 + min(whole for _, whole in most)) not in lines.translate(_ALIKE):
        return None
    for line in lines.splitlines():
        row = orjson.loads(line)
        for index, whole in most:
            if _whole_digits(row[index]) > whole:
                return columns[index].name
    return None


def _whole_digits(number: str | None) -> int:
    """Digits before the point, without the zero that stands for none."""
    return len((number or "").lstrip("-").partition(".")[0].lstrip("0"))
