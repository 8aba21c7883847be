"""Defusing CSV: the same text whatever the pieces it arrives in; parsed back, only dangerous cells differ."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from flowforge.stores.csv import defuse, quoted

DANGEROUS = "=+-@\t\r"
CELL = st.text(alphabet=st.sampled_from("=+-@\t\r\n\",a1 '"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6), st.integers(1, 9))
async def test_only_dangerous_cells_change(rows: list[list[str]], size: int) -> None:
    body = "".join(",".join(quoted(cell) for cell in row) + "\n" for row in rows).encode()

    async def pieces() -> object:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    safe = b"".join([piece async for piece in defuse(pieces())]).decode()  # type: ignore[arg-type]
    expected = [[("'" if cell[:1] and cell[0] in DANGEROUS else "") + cell for cell in row] for row in rows]
    assert list(csv.reader(io.StringIO(safe, newline=""))) == expected
