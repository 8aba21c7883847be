"""The ledger of imports (``flowforge.imports``): which files are in, and under which options."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from flowforge_pipeline.clickhouse import ClickHouse, literal

State = Literal["started", "finished"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows about one file in one table. ``rows`` is what it has once finished."""

    sha256: str
    table: str
    options: Mapping[str, Any]
    state: State
    rows: int
    block_rows: int


def find(clickhouse: ClickHouse, digests: Iterable[str]) -> list[Entry]:
    """The newest entry of each of these files in each table."""
    wanted = ", ".join(literal(digest) for digest in digests)
    records = clickhouse.rows(
        "SELECT sha256, table_name, max(state) AS latest, argMax(options, at) AS options, "  # noqa: S608 - literals
        "argMax(rows, at) AS row_count, argMin(block_rows, at) AS block_rows "
        f"FROM flowforge.imports WHERE sha256 IN ({wanted}) GROUP BY sha256, table_name"
    )
    return [
        Entry(
            sha256=record["sha256"],
            table=record["table_name"],
            options=json.loads(record["options"]),
            state=record["latest"],
            rows=int(record["row_count"]),
            block_rows=int(record["block_rows"]),
        )
        for record in records
    ]


def write(
    clickhouse: ClickHouse,
    entry: Entry,
    *,
    file: str,
    source: str,
    symbols: Iterable[str],
    days: tuple[date, date],
) -> None:
    """Append a line."""
    names = ", ".join(literal(symbol) for symbol in symbols)
    values = (
        literal(entry.sha256), literal(entry.table), literal(json.dumps(dict(entry.options), sort_keys=True)),
        literal(entry.state), literal(file), literal(source), f"[{names}]", literal(days[0].isoformat()),
        literal(days[1].isoformat()), str(entry.rows), str(entry.block_rows),
    )  # fmt: skip
    clickhouse.execute(
        "INSERT INTO flowforge.imports (sha256, table_name, options, state, file, source, symbols, "  # noqa: S608 - literals
        f"first_date, last_date, rows, block_rows) VALUES ({', '.join(values)})"
    )
