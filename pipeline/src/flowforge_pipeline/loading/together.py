"""Which tables change together: with a table's rows come those of others, whose readers must hear of it as well."""

from __future__ import annotations

from collections.abc import Mapping

Together = Mapping[str, tuple[str, ...]]

BY_VIEWS: Together = {
    "flowforge.raw_trades": ("metrics.trades_5min", "metrics.hourly_rollup", "metrics.daily_rollup"),
}
"""What ClickHouse's views write with an INSERT into the key, whoever inserts; ``flowforge.schema.rollups`` knows it, too."""

BY_COMMANDS: Together = {
    "flowforge.raw_trades": (
        "metrics.vwap_5min",
        "metrics.rolling_volatility",
        *BY_VIEWS["flowforge.raw_trades"],
    ),
}
"""The same and what a command that ends works out anew itself, because no flow will."""

BY_FLOWS: Together = {
    **BY_VIEWS,
    "materialize.live_quotes": ("materialize.live_pnl",),
    "materialize.live_positions": ("materialize.live_pnl", "redis.latest.position"),
    "metrics.vwap_5min": ("redis.latest.vwap",),
    "metrics.rolling_volatility": ("redis.latest.volatility",),
}
"""The same and what a process of the live pipeline writes beside the key."""

MOST_SYMBOLS = 1_000
"""A change of more symbols is told as a change of all."""
