"""Looking up the table that a source node names, among those its tenant may know of."""

from __future__ import annotations

from flowforge.catalog import Catalog, Table
from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.nodes.data_source import DataSourceConfig


def table_of(config: DataSourceConfig, catalog: Catalog) -> Table:
    """The table; one that does not exist and one that is not the tenant's are the same error."""
    found = catalog.get(config.database, config.table)
    if found is None:
        name = f"{config.database}.{config.table}"
        raise GraphError(
            ErrorCode.UNKNOWN_TABLE,
            f"There is no table {name!r}.",
            field="table",
            hint=nearest(name, catalog.tables),
        )
    return found
