"""What differs between the SQL stores, beyond the function table: dialect, settings, generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowforge.catalog import Store
from flowforge.errors import ErrorCode, GraphError
from flowforge.graph import Node
from flowforge.nodes import BY_KIND
from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class SqlStore:
    """One store: the dialect of its SQL and the engine settings that every statement's meaning needs."""

    store: Store
    dialect: str
    settings: Mapping[str, str | int]


CLICKHOUSE = SqlStore(
    "clickhouse",
    "clickhouse",
    {
        "join_use_nulls": 1,
        "session_timezone": "UTC",
        # GROUP BY 1 and ORDER BY 1 are constants here, never positions.
        "enable_positional_arguments": 0,
        "decimal_check_overflow": 1,
        # Truncating a DateTime64 keeps its range instead of falling into 16-bit days.
        "enable_extended_results_for_datetime_functions": 1,
    },
)

POSTGRES = SqlStore("postgres", "postgres", {"TimeZone": "UTC"})

_BY_STORE = {each.store: each for each in (CLICKHOUSE, POSTGRES)}


STORE_NAMES: Mapping[Store, str] = {
    "clickhouse": "ClickHouse",
    "postgres": "the live database",
    "redis": "Redis",
    "uploads": "uploads",
}
"""What people call each store."""


def sql_store(store: Store) -> SqlStore:
    """The SQL store; one that takes no SQL is refused by name."""
    found = _BY_STORE.get(store)
    if found is None:
        raise GraphError(
            ErrorCode.UNSUPPORTED_IN_STORE,
            f"{STORE_NAMES[store]} takes no SQL.",
            hint="Choose a table of ClickHouse or of the live database.",
        )
    return found


def refuse_unsupported(nodes: Iterable[Node], store: SqlStore) -> None:
    """``UNSUPPORTED_IN_STORE`` at the first node that this store cannot run."""
    for node in nodes:
        able = BY_KIND[node.type].stores
        if able is not None and store.store not in able:
            raise GraphError(
                ErrorCode.UNSUPPORTED_IN_STORE,
                f"Nodes of type {node.type} cannot run in {STORE_NAMES[store.store]}.",
                node_id=node.id,
                field="type",
                hint=f"Read the data from a table of {' or '.join(STORE_NAMES[each] for each in sorted(able))}.",
            )
