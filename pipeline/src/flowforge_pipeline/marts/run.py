"""Run dbt and tell what it changed: ``data.changed`` for each mart, ``schema.changed`` where columns did."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flowforge_events.catalog import DataChanged, EventData, SchemaChanged
from flowforge_pipeline.clickhouse import ClickHouse, ClickHouseError
from flowforge_pipeline.loading.announce import count
from flowforge_pipeline.loading.tell import tell
from flowforge_pipeline.loading.together import MOST_SYMBOLS
from flowforge_pipeline.marts import project
from flowforge_pipeline.marts.results import Built, built_tables
from flowforge_pipeline.problems import PipelineError

DATABASE = "marts"
"""What readers see. Everything before it lies in ``staging``, which they cannot enter."""

COMPONENT = "dbt"
_TIME_COLUMNS = ("trade_date", "valid_from")
_NO_SUCH = (60, 81)

Columns = Mapping[str, Mapping[str, str]]
"""Table → column → type."""


def run(clickhouse: ClickHouse, arguments: Sequence[str]) -> int:
    """Run ``dbt <arguments>``; its exit status. What was written is told even where a test failed after it."""
    state = project.state_folder()
    state.mkdir(parents=True, exist_ok=True)
    before, began = _columns(clickhouse), time.time()
    try:
        code = subprocess.run(  # noqa: S603 - the operator's own command line
            [project.command(), *arguments],
            env=dict(project.environment()),
            cwd=project.project_folder(),
            check=False,
        ).returncode
    except OSError as error:
        raise PipelineError(
            f"dbt cannot be started ({error.strerror}).", remedy=f"Is {project.DBT} the path of its command?"
        ) from error
    written = [each for each in built_tables(state, began - 1, [DATABASE]) if each.well]
    _tell(clickhouse, written, before, _columns(clickhouse))
    return code


def _columns(clickhouse: ClickHouse) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in clickhouse.rows(
        f"SELECT table, name, type FROM system.columns WHERE database = '{DATABASE}' ORDER BY table, position"  # noqa: S608 - a constant
    ):
        # dbt's own tables in between are of nobody's interest.
        if not row["table"].startswith("_") and "__dbt" not in row["table"]:
            found.setdefault(row["table"], {})[row["name"]] = row["type"]
    return found


def difference(before: Columns, after: Columns) -> dict[str, tuple[str, ...]]:
    """``added``, ``removed`` (tables and table.column) and ``altered`` (table.column)."""
    was, now = _flat(before), _flat(after)
    return {
        "added": tuple(sorted([*(after.keys() - before.keys()), *_within(now.keys() - was.keys(), before)])),
        "removed": tuple(sorted([*(before.keys() - after.keys()), *_within(was.keys() - now.keys(), after)])),
        "altered": tuple(sorted(name for name in was.keys() & now.keys() if was[name] != now[name])),
    }


def _flat(columns: Columns) -> dict[str, str]:
    return {f"{table}.{name}": kind for table, found in columns.items() for name, kind in found.items()}


def _within(names: set[str], tables: Columns) -> list[str]:
    """Those whose table is there before and after: a new table is one addition, not one for each column."""
    return [name for name in names if name.partition(".")[0] in tables]


def _tell(clickhouse: ClickHouse, written: Sequence[Built], before: Columns, after: Columns) -> None:
    events: list[tuple[str, EventData]] = []
    changes = difference(before, after)
    if any(changes.values()):
        events.append((DATABASE, SchemaChanged(database=DATABASE, **changes)))
    count([each.table for each in written])
    for each in written:
        symbols, rows, newest = _extent(clickhouse, each.table, after)
        events.append(
            (
                each.table,
                DataChanged(
                    table=each.table, derived_tables=(), symbols=symbols, rows=rows, watermark=newest
                ),
            )
        )
    tell(COMPONENT, events)
    if written:
        sys.stdout.write(f"✓ changed: {', '.join(each.table for each in written)}\n")


def _extent(
    clickhouse: ClickHouse, table: str, columns: Columns
) -> tuple[tuple[str, ...] | None, int, datetime | None]:
    """Symbols (None for very many), rows and the newest day of a mart, as it is now."""
    day = next((name for name in _TIME_COLUMNS if name in columns.get(table.partition(".")[2], {})), None)
    newest = f"toString(max({day}))" if day else "NULL"
    try:
        (row,) = clickhouse.rows(
            f"SELECT count() AS rows, groupUniqArray({MOST_SYMBOLS + 1})(toString(symbol)) AS symbols, "  # noqa: S608 - names of the project
            f"{newest} AS newest FROM {table}"
        )
    except ClickHouseError as error:
        if error.code in _NO_SUCH:
            return None, 0, None
        raise
    symbols = tuple(sorted(row["symbols"])) if len(row["symbols"]) <= MOST_SYMBOLS else None
    if not int(row["rows"]) or row["newest"] is None:
        return symbols, int(row["rows"]), None
    return symbols, int(row["rows"]), datetime.fromisoformat(row["newest"]).replace(tzinfo=UTC)
