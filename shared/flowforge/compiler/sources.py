"""What a source node names, among the tables that its tenant may know of: its columns and its rows."""

from __future__ import annotations

from flowforge.catalog import Catalog, Table
from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.nodes.adjusting import adjusted_columns
from flowforge.nodes.data_source import DataSourceConfig
from flowforge.relation import Relation
from flowforge.types import Schema


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


def columns_of(config: DataSourceConfig, catalog: Catalog) -> Schema:
    """The columns that come out of the source."""
    return adjusted_columns(table_of(config, catalog), catalog, config.adjust)


def rows_of(config: DataSourceConfig, catalog: Catalog, node: str) -> Relation:
    """The source's rows, read for ``node``."""
    table = table_of(config, catalog)
    if config.adjust == "none":
        return Relation.scan(table, node)
    from flowforge.nodes.adjusted import adjusted  # loads the formula language, which few sources need

    return adjusted(table, catalog, config.adjust, node)
