"""Node types that not every SQL store can run are refused there by name."""

from __future__ import annotations

from flowforge.catalog import Store
from flowforge.errors import ErrorCode, GraphError
from flowforge.relation import Relation, tables

_NAMES: dict[Store, str] = {"clickhouse": "ClickHouse", "postgres": "PostgreSQL"}


def only_on_clickhouse(kind: str, relation: Relation) -> None:
    """``UNSUPPORTED_IN_STORE`` where the relation reads another store than ClickHouse."""
    store = next((table.store for table in tables(relation) if table.store != "clickhouse"), None)
    if store is not None:
        raise GraphError(
            ErrorCode.UNSUPPORTED_IN_STORE,
            f"A {kind} node does not run on {_NAMES.get(store, store)}, where these rows come from.",
            field="type",
            hint="Read the same data from a table of ClickHouse.",
        )
