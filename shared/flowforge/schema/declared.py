"""Every table that users may see, with what protects its rows. A table that is not here is invisible.

``symbol(column)``: market data, guarded by the tenant's symbols. ``tenant(column)``: rows that belong
to a tenant. ``shared``: reference data that belongs to nobody; never an aggregate over symbols.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.catalog import ADJUSTMENT_FACTORS, Adjustable, Freshness, Protection, Store
from flowforge.records import dataclass

TRADE_ORDER = ("event_time", "sequence", "source_file", "row_no")
"""The total order of trades (SEMANTICS.md): never by insert order."""

ORDER_KEY = "trade_order"
"""The column of ticks that is ``TRADE_ORDER`` as one text (pipeline/clickhouse/020_trade_order.sql)."""


def symbol(column: str = "symbol") -> Protection:
    """Rows are guarded by ``column IN (<the tenant's symbols>)``."""
    return Protection("symbol", column)


def tenant(column: str = "tenant_id") -> Protection:
    """Rows are guarded by ``column = <the tenant>``."""
    return Protection("tenant", column)


@dataclass(frozen=True, slots=True)
class Declared:
    """What cannot be discovered about a table. ``physical`` defaults to its API name."""

    protection: Protection
    freshness: Freshness
    store: Store = "clickhouse"
    physical: tuple[str, str] | None = None
    time_column: str | None = None
    trade_order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    """Columns that serve the storage and not its readers."""
    since_1970: frozenset[str] = frozenset()
    """Datetime columns where a CHECK constraint of the table says so."""
    computed: tuple[tuple[str, str], ...] = ()
    """(column, formula) where a CHECK constraint of the table says that they are equal."""
    adjustable: Adjustable | None = None
    """What splits and dividends change, of a table with prices as they were traded."""


_PRINTS = Adjustable("trade_date", ("price",), ("quantity",), ("notional",))
_OHLC = ("open", "high", "low", "close")
_QUOTE_BARS = tuple(f"{side}_{part}" for side in ("bid", "ask") for part in _OHLC)


def _rollup(day: str) -> Adjustable:
    """Bars of regular hours, which no exchange with factors has on two UTC dates."""
    return Adjustable(day, (*_OHLC, "vwap"), ("total_volume",), ("notional",))


def _live(protection: Protection, table: str, time_column: str) -> Declared:
    return Declared(
        protection,
        "live",
        "postgres",
        physical=("public", table),
        time_column=time_column,
        trade_order=(time_column,),
    )


def _ticks(*order: str) -> Declared:
    """Events as delivered, of the tenant's symbols; their order is that of trades unless given."""
    return Declared(
        symbol(),
        "hours",
        time_column="event_time",
        trade_order=order or TRADE_ORDER,
        since_1970=frozenset({"event_time"}),  # CONSTRAINT since_1970
    )


def _bars(adjustable: Adjustable) -> Declared:
    """Bars made by others. ``bar_start`` is unique by symbol, resolution and source."""
    return Declared(
        symbol(),
        "hours",
        time_column="bar_start",
        trade_order=("bar_start", "resolution", "source"),
        since_1970=frozenset({"bar_start"}),  # CONSTRAINT since_1970
        adjustable=adjustable,
    )


DECLARED: Mapping[str, Declared] = {
    "flowforge.raw_trades": Declared(
        symbol(),
        "seconds",
        time_column="event_time",
        trade_order=TRADE_ORDER,
        since_1970=frozenset({"event_time"}),  # CONSTRAINT event_time_since_1970
        computed=(("notional", "[price] * [quantity]"),),  # CONSTRAINT notional_is_exact
        adjustable=_PRINTS,
    ),
    "flowforge.raw_quotes": Declared(
        symbol(),
        "seconds",
        time_column="event_time",
        trade_order=TRADE_ORDER,
        since_1970=frozenset({"event_time"}),  # CONSTRAINT event_time_since_1970
        adjustable=Adjustable("trade_date", ("bid", "ask", "mid_price"), ("bid_size", "ask_size")),
    ),
    "flowforge.raw_orders": Declared(
        tenant(),
        "seconds",
        time_column="event_time",
        trade_order=("event_time", "sequence", "order_id"),
        since_1970=frozenset({"event_time"}),  # CONSTRAINT event_time_since_1970
    ),
    "metrics.vwap_5min": Declared(
        symbol(),
        "seconds",
        time_column="window_end",
        trade_order=("window_end",),
        hidden=frozenset({"revision"}),
        adjustable=Adjustable("bucket_start", ("vwap", "high", "low"), ("volume",), ("notional",)),
    ),
    "metrics.rolling_volatility": Declared(
        symbol(),
        "seconds",
        time_column="window_end",
        trade_order=("window_end",),
        hidden=frozenset({"revision"}),
    ),
    "metrics.alerts": Declared(
        symbol(),
        "seconds",
        time_column="window_end",
        trade_order=("window_end", "kind"),
        hidden=frozenset({"revision"}),
    ),
    "metrics.trades_5min": Declared(
        symbol(),
        "seconds",
        time_column="bucket_start",
        trade_order=("close_time", "close_sequence", "close_file", "close_row"),
        adjustable=Adjustable("trade_date", (*_OHLC, "price_sum"), ("volume",), ("notional",)),
    ),
    "metrics.hourly_rollup": Declared(
        symbol(), "minutes", time_column="hour", trade_order=("hour",), adjustable=_rollup("bucket_start")
    ),
    "metrics.daily_rollup": Declared(
        symbol(), "minutes", time_column="day", trade_order=("day",), adjustable=_rollup("day")
    ),
    "flowforge.raw_bars": _bars(Adjustable("trade_date", _OHLC, ("volume",))),
    "flowforge.raw_quote_bars": _bars(
        Adjustable("trade_date", (*_QUOTE_BARS, "spread"), ("bid_size", "ask_size"))
    ),
    "flowforge.raw_book": _ticks(),
    "flowforge.raw_book_orders": _ticks(),
    "flowforge.raw_statistics": _ticks(),
    "flowforge.crypto_trades": _ticks(),
    "flowforge.crypto_quotes": _ticks(),
    "flowforge.crypto_depth": _ticks(
        "event_time", "last_update_id", "source_file", "row_no", "side", "level_no"
    ),
    "reference.daily_bars": Declared(
        symbol(),
        "hours",
        time_column="day",
        trade_order=("day", "source"),
        adjustable=Adjustable("day", _OHLC, ("volume",), made="adjust"),
    ),
    "reference.instruments": Declared(
        symbol(), "static", time_column="valid_from", hidden=frozenset({"revision"})
    ),
    "reference.corporate_actions": Declared(
        symbol(), "static", time_column="ex_date", trade_order=("ex_date", "kind")
    ),
    ADJUSTMENT_FACTORS: Declared(
        symbol(), "static", time_column="valid_from", trade_order=("valid_from", "source")
    ),
    "marts.fct_trades": Declared(
        symbol(),
        "hours",
        time_column="event_time",
        trade_order=TRADE_ORDER,
        since_1970=frozenset({"event_time"}),  # raw_trades' CONSTRAINT event_time_since_1970; dbt copies it
        adjustable=_PRINTS,
    ),
    "marts.dim_instruments": Declared(symbol(), "hours", time_column="valid_from"),
    "marts.rpt_daily_pnl": Declared(
        tenant(), "hours", time_column="trade_date", trade_order=("trade_date", "account")
    ),
    "materialize.live_quotes": _live(symbol(), "live_quotes", "last_update"),
    "materialize.live_positions": _live(tenant(), "live_positions", "last_update"),
    "materialize.live_pnl": _live(tenant(), "live_pnl", "as_of"),
    "redis.latest.vwap": Declared(symbol(), "live", "redis", time_column="window_end"),
    "redis.latest.volatility": Declared(symbol(), "live", "redis", time_column="window_end"),
    "redis.latest.position": Declared(tenant(), "live", "redis", time_column="last_update"),
}
