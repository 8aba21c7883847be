"""``GET /api/v1/schema``: the tenant's tables as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from flowforge.catalog import Freshness, Store, Table
from flowforge.schema.own import own_tables
from flowforge.schema.registry import Snapshot
from flowforge.tenancy import EVERYTHING, Access
from flowforge.types import find


class ColumnInfo(BaseModel):
    """A column; ``type`` is one of the API's types."""

    name: str
    type: str
    nullable: bool


class AdjustableInfo(BaseModel):
    """The columns that a source's ``adjust`` changes: prices per unit, counts of units, and their products."""

    prices: list[str]
    quantities: list[str]
    amounts: list[str]


class TableInfo(BaseModel):
    """A table; ``rows`` is given only to those who may see every row.

    ``trade_order`` are the columns that ``first`` and ``last`` order by where they are told nothing else.
    ``adjustable`` is null where nothing can be adjusted for splits and dividends.
    """

    database: str
    table: str
    store: Store
    freshness: Freshness
    columns: list[ColumnInfo]
    rows: int | None = None
    symbol_column: str | None = None
    time_column: str | None = None
    trade_order: list[str] = []
    adjustable: AdjustableInfo | None = None
    comment: str = ""


class SchemaListing(BaseModel):
    """All tables that the tenant may see."""

    tables: list[TableInfo]
    refreshed_at: datetime


def listing(snapshot: Snapshot, access: Access) -> SchemaListing:
    """The tenant's view of a snapshot, by database and name."""
    own = own_tables(access)
    visible = {
        **snapshot.catalog.visible_to(access).tables,
        **{name: table for name, (table, _) in own.items()},
    }
    rows = {**snapshot.rows, **{name: count for name, (_, count) in own.items()}}
    return SchemaListing(
        tables=[_info(visible[name], rows.get(name), access) for name in sorted(visible)],
        refreshed_at=snapshot.refreshed_at,
    )


def _info(table: Table, rows: int | None, access: Access) -> TableInfo:
    # A count over all rows would tell a tenant how much others' symbols trade.
    whole = table.protection.kind == "shared" or (
        table.protection.kind == "symbol" and access.symbols is EVERYTHING
    )
    return TableInfo(
        database=table.database,
        table=table.name,
        store=table.store,
        freshness=table.freshness,
        columns=[
            ColumnInfo(name=column.name, type=str(column.type), nullable=column.nullable)
            for column in table.columns
        ],
        rows=rows if whole else None,
        symbol_column=table.symbol_column,
        time_column=table.time_column,
        trade_order=[name for name in table.trade_order if find(table.columns, name) is not None],
        adjustable=AdjustableInfo(**table.adjustable.columns()) if table.adjustable else None,
        comment=table.comment,
    )
