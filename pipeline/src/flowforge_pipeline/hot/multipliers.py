"""Contract multipliers from ``reference.instruments``: 1 for shares and whatever is not listed."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

from flowforge_pipeline.clickhouse import ClickHouse

KNOWN_FOR_SECONDS = 60.0
_ONE = Decimal(1)


class Multipliers:
    """Asked for as of a day; read anew once a minute, and only if somebody asks."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._rows: dict[str, list[tuple[date, date, Decimal]]] = {}
        self._read_at = float("-inf")

    def __call__(self, symbol: str, day: date) -> Decimal:
        """What one contract of the symbol stood for on that day."""
        if time.monotonic() - self._read_at > KNOWN_FOR_SECONDS:
            self._read()
        for first, last, multiplier in self._rows.get(symbol, ()):
            if first <= day <= last:
                return multiplier
        return _ONE

    def _read(self) -> None:
        rows = self._clickhouse.rows(
            "SELECT symbol, toString(valid_from) AS first, toString(valid_to) AS last, multiplier "
            "FROM reference.instruments FINAL WHERE multiplier != 1"
        )
        self._rows = {}
        for row in rows:
            self._rows.setdefault(row["symbol"], []).append(
                (
                    date.fromisoformat(row["first"]),
                    date.fromisoformat(row["last"]),
                    Decimal(row["multiplier"]),
                )
            )
        self._read_at = time.monotonic()
