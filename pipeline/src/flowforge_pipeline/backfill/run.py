"""One backfill: record, compute, write, compare with raw, record. Repeating it changes nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flowforge_pipeline.backfill import record as log
from flowforge_pipeline.backfill import revised, states, volatility
from flowforge_pipeline.backfill.checksum import Checksum, checksum
from flowforge_pipeline.backfill.record import Record
from flowforge_pipeline.backfill.replace import beside
from flowforge_pipeline.backfill.replace import replace as put
from flowforge_pipeline.backfill.tables import TABLES, Derived
from flowforge_pipeline.backfill.window import Window
from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.loading.revised_bars import DAYS, HOURS, revise_again
from flowforge_pipeline.problems import PipelineError

_MINUTE = timedelta(minutes=1)
_ATTEMPTS = 5
"""Trades may arrive while a window is replaced: it is compared with raw afterwards and replaced again."""

_REVISED = {"hourly_rollup": HOURS, "daily_rollup": DAYS}
"""Tables whose buckets with corrections are shown from a table of their own."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the operator asked for. No ``symbols``: all that have trades or rows in the window."""

    table: str
    window: Window
    reason: str
    symbols: tuple[str, ...] = ()
    dry: bool = False


def backfill(clickhouse: ClickHouse, request: Request) -> Record:
    """Recompute; what it did. ``PipelineError`` where the result is not what raw says, after several attempts."""
    window = request.window.widened(_step(request.table))
    _check_known(clickhouse, request.symbols)
    symbols = request.symbols or _symbols(clickhouse, request.table, window)
    revision = time.time_ns() // 1_000_000
    record = Record(
        id=f"{revision:013d}-{secrets.token_hex(4)}",
        table=_table(request.table), window=window, symbols=symbols, reason=request.reason, revision=revision,
        raw_rows=_raw_rows(clickhouse, symbols, window), before=_stored(clickhouse, request.table, symbols, window),
    )  # fmt: skip
    if request.dry or not symbols:
        wanted = _wanted(clickhouse, request.table, symbols, window)
        return replace(record, after=wanted, raw=wanted).ended("finished")
    log.write(clickhouse, record)
    try:
        finished = _until_equal(clickhouse, request.table, record).ended("finished")
    except PipelineError as error:
        log.write(clickhouse, record.ended("failed", str(error)))
        raise
    log.write(clickhouse, finished)
    return finished


def _until_equal(clickhouse: ClickHouse, name: str, record: Record) -> Record:
    for attempt in range(_ATTEMPTS):
        revision = record.revision + attempt
        _write(clickhouse, name, record.symbols, record.window, revision)
        raw = _wanted(clickhouse, name, record.symbols, record.window)
        after = _stored(clickhouse, name, record.symbols, record.window)
        if after == raw:
            return replace(record, raw=raw, after=after, revision=revision)
    raise PipelineError(
        f"{record.table} has {after.rows:,} rows with checksum {after.digest} where raw gives {raw.rows:,} with "
        f"{raw.digest}.",
        remedy="Do trades of this window arrive all the time? Repeat the backfill when they have.",
    )


def _write(clickhouse: ClickHouse, name: str, symbols: Sequence[str], window: Window, revision: int) -> None:
    if name == "rolling_volatility":
        rows = volatility.estimated(clickhouse, symbols, window, revision)
        volatility.write(clickhouse, symbols, window, rows, revision)
    elif name == "vwap_5min":
        clickhouse.execute(revised.vwap(symbols, window, revision))
    else:
        derived = TABLES[name]
        with beside(clickhouse, derived.physical) as prepared:
            clickhouse.execute(
                states.FILL[name](prepared, symbols, window),
                {"max_partitions_per_insert_block": 0, "insert_deduplicate": 0},
            )
            put(clickhouse, derived.physical, derived.condition(symbols, window), prepared)
        if (bars := _REVISED.get(name)) is not None:
            revise_again(clickhouse, bars, symbols, window.holds(_moment(name)))


def _stored(clickhouse: ClickHouse, name: str, symbols: Sequence[str], window: Window) -> Checksum:
    if not symbols:
        return Checksum(0, "")
    if name == "rolling_volatility":
        return volatility.checksum_of(clickhouse, symbols, window)
    return checksum(clickhouse, TABLES[name].stored(symbols, window))


def _wanted(clickhouse: ClickHouse, name: str, symbols: Sequence[str], window: Window) -> Checksum:
    if not symbols:
        return Checksum(0, "")
    if name == "rolling_volatility":
        return volatility.checksum_of_rows(clickhouse, volatility.estimated(clickhouse, symbols, window, 0))
    return checksum(clickhouse, TABLES[name].from_raw(symbols, window))


def _step(name: str) -> timedelta:
    return TABLES[name].step if name in TABLES else _MINUTE


def _table(name: str) -> str:
    return TABLES[name].table if name in TABLES else volatility.TABLE


def _moment(name: str) -> str:
    derived: Derived | None = TABLES.get(name)
    return f"toDateTime64({derived.time}, 3, 'UTC')" if derived else "window_end"


def _raw_condition(name: str, window: Window) -> str:
    """Trades of the window; days are days of the exchange."""
    if name == "daily_rollup":
        return window.holds("toDateTime64(trade_date, 3, 'UTC')")
    return window.holds("event_time")


def _symbols(clickhouse: ClickHouse, name: str, window: Window) -> tuple[str, ...]:
    physical = TABLES[name].physical if name in TABLES else volatility.TABLE
    rows = clickhouse.rows(
        f"SELECT DISTINCT toString(symbol) AS symbol FROM flowforge.raw_trades WHERE {_raw_condition(name, window)} "  # noqa: S608 - ours
        f"UNION DISTINCT SELECT DISTINCT toString(symbol) FROM {physical} WHERE {window.holds(_moment(name))}"
    )
    return tuple(sorted(row["symbol"] for row in rows))


def _check_known(clickhouse: ClickHouse, symbols: Sequence[str]) -> None:
    """``PipelineError`` for symbols that nothing was ever said about: a window of theirs would be right, and empty."""
    if not symbols:
        return
    names = ", ".join(literal(symbol) for symbol in symbols)
    known = {
        row["symbol"]
        for row in clickhouse.rows(
            f"SELECT DISTINCT toString(symbol) AS symbol FROM flowforge.raw_trades WHERE symbol IN ({names}) "  # noqa: S608 - literals
            f"UNION DISTINCT SELECT DISTINCT toString(symbol) FROM reference.instruments WHERE symbol IN ({names})"
        )
    }
    if unknown := [symbol for symbol in symbols if symbol not in known]:
        raise PipelineError(
            f"No trade and no instrument has the symbol {', '.join(unknown)}.", remedy="Check --symbols."
        )


def _raw_rows(clickhouse: ClickHouse, symbols: Sequence[str], window: Window) -> int:
    if not symbols:
        return 0
    names = ", ".join(literal(symbol) for symbol in symbols)
    (row,) = clickhouse.rows(
        f"SELECT count() AS n FROM flowforge.raw_trades WHERE symbol IN ({names}) AND {window.holds('event_time')}"  # noqa: S608 - ours
    )
    return int(row["n"])
