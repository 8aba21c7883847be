"""``latest:position:<tenant>:<account>:<symbol>``: each position as a hash, and the set of a tenant's.

PostgreSQL is the record: what a crash kept from Redis is written when the lane starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flowforge_pipeline.hot.positions import Position
from flowforge_pipeline.hot.store import PositionKey, Positions
from flowforge_pipeline.latest import Entry

ORDER = "trade_count"
"""Fills are never taken back: of two states of a position the one with more of them is the newer one."""


def entries(positions: Positions) -> Iterator[Entry]:
    """What Redis holds of these."""
    for key, position in positions.items():
        yield Entry(f"latest:position:{key.tenant_id}", f"{key.account}:{key.symbol}", _fields(key, position))


def _fields(key: PositionKey, position: Position) -> dict[str, str]:
    nanoseconds, _ = position.order
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    at = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "account": key.account,
        "symbol": key.symbol,
        "net_qty": format(position.net_qty, "f"),
        "average_cost": format(position.average_cost, "f"),
        "net_cash_flow": format(position.net_cash_flow, "f"),
        "realized_pnl": format(position.realized_pnl, "f"),
        "fees": format(position.fees, "f"),
        "trade_count": str(position.trade_count),
        "last_update": f"{at}.{rest // 1000:06d}Z",
    }
