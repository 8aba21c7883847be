"""The corpus' tables: every column type, nullable and not, and names that need care."""

from __future__ import annotations

from flowforge.catalog import Adjustable, Catalog, Protection, Store, Table
from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, Column, decimal


def _table(
    database: str,
    name: str,
    *columns: Column,
    store: Store = "clickhouse",
    trade_order: tuple[str, ...] = (),
    adjustable: Adjustable | None = None,
) -> Table:
    return Table(
        database=database,
        name=name,
        store=store,
        columns=columns,
        protection=Protection("symbol", "symbol"),
        physical=(database, name),
        trade_order=trade_order,
        adjustable=adjustable,
    )


CATALOG = Catalog.of(
    (
        _table(
            "flowforge",
            "raw_trades",
            Column("symbol", STRING),
            Column("event_time", DATETIME),
            Column("trade_date", DATE),
            Column("sequence", INT64),
            Column("price", decimal(18, 6)),
            Column("quantity", decimal(18, 4)),
            Column("side", STRING),
            Column("volume_eligible", BOOLEAN),
            Column("corrects_id", STRING, nullable=True),
            trade_order=("event_time", "sequence"),
            adjustable=Adjustable("trade_date", ("price",), ("quantity",)),
        ),
        _table(
            "metrics",
            "rolling_volatility",
            Column("symbol", STRING),
            Column("bucket_start", DATETIME),
            Column("available_at", DATETIME),
            Column("volatility", FLOAT64, nullable=True),
            Column("returns", INT64),
            Column("vwap", decimal(38, 10), nullable=True),
        ),
        _table(
            "reference",
            "daily_bars",
            Column("symbol", STRING),
            Column("date", DATE),
            Column("close price", decimal(18, 6)),
            Column("été]x", FLOAT64),
            Column("halted", BOOLEAN, nullable=True),
            Column("volume", INT64, nullable=True),
            adjustable=Adjustable("date", ("close price", "été]x"), ("volume",)),
        ),
        _table(
            "reference",
            "adjustment_factors",
            Column("symbol", STRING),
            Column("valid_from", DATE),
            Column("valid_to", DATE),
            Column("split_factor", decimal(38, 12)),
            Column("total_factor", decimal(38, 12)),
        ),
        _table(
            "materialize",
            "live_quotes",
            Column("symbol", STRING),
            Column("bid", decimal(18, 6), nullable=True),
            Column("ask", decimal(18, 6), nullable=True),
            Column("symbol_right", INT64),
            Column("last_update", DATETIME),
            store="postgres",
            trade_order=("last_update",),
            adjustable=Adjustable("last_update", ("bid", "ask"), amounts=("symbol_right",)),
        ),
    ),
    version="corpus",
)
