"""Which trades hold: those as delivered, less what was cancelled or corrected, with the corrections instead.

A row with status ``correct`` replaces the trade that its ``corrects_id`` names, one with ``cancel`` removes
it. Of several about the same trade the one written last holds; a correction can be corrected itself.
Corrections are not made before the trade they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from flowforge_pipeline.clickhouse import ClickHouse, literal

COUNTED = "(ohlc_eligible OR volume_eligible) AND session != 'extended'"
"""What bars take of the trades that hold: eligible prints outside the extended session."""


def symbols_in(symbols: Iterable[str]) -> str:
    """``symbol IN (…)``."""
    return f"symbol IN ({', '.join(literal(symbol) for symbol in sorted(set(symbols)))})"


def corrected(clickhouse: ClickHouse, symbols: Iterable[str]) -> list[str]:
    """Identifiers of trades of these symbols that corrections name."""
    rows = clickhouse.rows(
        f"SELECT DISTINCT corrects_id FROM flowforge.raw_trades WHERE {symbols_in(symbols)} AND status != 'new'"  # noqa: S608 - literals
    )
    return [row["corrects_id"] for row in rows]


def trades_that_hold(symbols: Iterable[str], *, corrections: bool) -> Callable[[str, str], str]:
    """:func:`effective_trades` of these symbols by condition and columns; plainer where nothing was :func:`corrected`."""
    symbols = list(symbols)
    if corrections:
        return partial(effective_trades, symbols)
    named = symbols_in(symbols)
    return lambda within, columns: (
        f"SELECT {columns} FROM flowforge.raw_trades WHERE {named} AND {within} AND status = 'new'"  # noqa: S608 - ours
    )


def effective_trades(symbols: Iterable[str], within: str, columns: str) -> str:
    """A query for ``columns`` of the trades of these symbols that hold and lie ``within`` (a condition)."""
    named = symbols_in(symbols)
    changes = f"SELECT * FROM flowforge.raw_trades WHERE {named} AND status != 'new'"  # noqa: S608 - literals
    # The engine folds the OR where nothing was corrected, and then reads no identifiers: half of the time.
    return f"""
        SELECT {columns} FROM flowforge.raw_trades
        PREWHERE {named}
        WHERE {within} AND status = 'new'
            AND ((SELECT count() = 0 FROM ({changes}))
                OR (symbol, trade_id) NOT IN (SELECT symbol, corrects_id FROM ({changes})))
        UNION ALL
        SELECT {columns} FROM
        (
            SELECT * FROM ({changes})
            ORDER BY ingest_time DESC, sequence DESC, row_no DESC LIMIT 1 BY symbol, corrects_id
        )
        WHERE {within} AND status = 'correct'
            AND (symbol, trade_id) NOT IN (
                SELECT symbol, corrects_id FROM ({changes}) WHERE corrects_id != trade_id)
    """  # noqa: S608 - literals
