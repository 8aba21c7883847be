"""Tables and tenants that the compiler's tests share."""

from __future__ import annotations

from flowforge.catalog import Catalog, Protection, Table
from flowforge.tenancy import EVERYTHING, Access
from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, Column, decimal

COLUMNS = (
    Column("symbol", STRING),
    Column("event_time", DATETIME),
    Column("trade_date", DATE),
    Column("price", decimal(18, 6)),
    Column("quantity", decimal(18, 4)),
    Column("fee", decimal(18, 6), True),
    Column("sequence", INT64),
    Column("ratio", FLOAT64),
    Column("auction", BOOLEAN),
    Column("side", STRING),
    Column("note", STRING, True),
)
_SYMBOL = Protection("symbol", "symbol")
_ORDER = ("event_time", "sequence")
SIDES = frozenset({"BUY", "SELL", "UNKNOWN"})

TRADES = Table(
    "flowforge", "trades", "clickhouse", COLUMNS, _SYMBOL, ("flowforge", "trades"),
    trade_order=_ORDER, prewhere=True, as_text=frozenset({"side"}), enums={"side": SIDES},
    datetime64=frozenset({"event_time"}), since_1970=frozenset({"event_time"}),
)  # fmt: skip
VIEW = Table(
    "metrics", "trades_view", "clickhouse", COLUMNS, _SYMBOL, ("metrics", "trades_view"),
    trade_order=_ORDER, as_text=frozenset({"side"}), datetime64=frozenset({"event_time"}), freshness="minutes",
)  # fmt: skip
REPLACING = Table(
    "metrics", "bars", "clickhouse", COLUMNS, _SYMBOL, ("metrics", "bars"), prewhere=True, final=True,
    as_text=frozenset({"side"}),
)  # fmt: skip
LIVE = Table(
    "materialize", "live_trades", "postgres", COLUMNS, _SYMBOL, ("public", "live_trades"),
    trade_order=_ORDER, freshness="live",
)  # fmt: skip
POSITIONS = Table(
    "materialize", "live_positions", "postgres", (Column("tenant_id", STRING), *COLUMNS),
    Protection("tenant", "tenant_id"), ("public", "live_positions"), freshness="live",
)  # fmt: skip
FILLS = Table(
    "flowforge", "fills", "clickhouse", (Column("tenant_id", STRING), *COLUMNS),
    Protection("tenant", "tenant_id"), ("flowforge", "fills"), prewhere=True,
)  # fmt: skip
_QUOTES = (
    Column("symbol", STRING),
    Column("event_time", DATETIME),
    Column("bid", decimal(18, 4), True),
    Column("ask", decimal(18, 4), True),
    Column("venue", STRING),
    Column("sequence", INT64),
)
QUOTES = Table(
    "flowforge", "quotes", "clickhouse", _QUOTES, _SYMBOL, ("flowforge", "quotes"), trade_order=_ORDER, prewhere=True,
)  # fmt: skip
LIVE_QUOTES = Table(
    "materialize", "live_quotes", "postgres", _QUOTES, _SYMBOL, ("public", "live_quotes"), trade_order=_ORDER,
    freshness="live",
)  # fmt: skip
HOLIDAYS = Table(
    "reference", "holidays", "clickhouse", (Column("day", DATE), Column("name", STRING)),
    Protection("shared"), ("reference", "holidays"), freshness="static", prewhere=True,
)  # fmt: skip

CATALOGUE = Catalog.of([TRADES, VIEW, REPLACING, LIVE, POSITIONS, FILLS, QUOTES, LIVE_QUOTES, HOLIDAYS], "7")

FIRM = Access("firm-alpha", frozenset({"AAPL", "MSFT"}), EVERYTHING, 3)
EVERYONE = Access("demo", EVERYTHING, EVERYTHING, 1)
NOBODY = Access("nobody", frozenset(), EVERYTHING, 1)
