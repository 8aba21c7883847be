"""A decimal that ClickHouse's bits hold, though it has more digits than its type, is not shown."""

from __future__ import annotations

import pytest

from flowforge.stores.digits import beyond_type
from flowforge.types import STRING, Column, decimal

COLUMNS = (Column("note", STRING), Column("total", decimal(38, 12), nullable=True))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'["", "99999999999999999999999999.999999999999"]', None),
        (b'["", "-100000000000000000000000000"]', "total"),
        (b'["123456789012345678901234567890", null]', None),
        (b'["", "0.000000000001"]', None),
    ],
)
def test_digits(line: bytes, found: str | None) -> None:
    assert beyond_type(b'["", "1"]\n' + line + b"\n", COLUMNS) == found
