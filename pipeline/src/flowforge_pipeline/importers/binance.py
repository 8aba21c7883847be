"""A recorded Binance spot feed: each line is the recorder's nanoseconds, a space, and the message as JSON.

    1723161254087896568 {"stream":"btcusdt@trade","data":{"e":"trade","T":…,"p":"61837.63000000", …}}
    1723161254206652067 {"lastUpdateId":50093239218,"bids":[…],"asks":[…]}        the book as a whole, over REST

Trades, best bids and offers, and book updates go to tables of their own. The recorder's clock may run
behind the venue's; both times are kept. A trade whose buyer was the maker was a sale (``m``). Numbers are
text in the messages and never pass through a float. Format: Binance Spot API, "WebSocket Streams".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import polars as pl

from flowforge_pipeline.importers.assemble import SIDE
from flowforge_pipeline.importers.binance_rows import LAST_NANOSECOND, Rows, decimal_rules
from flowforge_pipeline.importers.checks import first_breach
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.reference_rows import instruments
from flowforge_pipeline.importers.timestamps import UTC_NS
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.tables import CRYPTO_DEPTH, CRYPTO_QUOTES, CRYPTO_TRADES, Target

SOURCE, VENUE = "binance", "binance"
AMOUNT = pl.Decimal(38, 8)
_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "BTC", "ETH", "BNB", "EUR", "TRY", "USD")
_NAME = re.compile(r"^(?P<symbol>[a-z0-9]{5,20})[_-]", re.IGNORECASE)
_REMEDY = "Is this a recording that nobody edited, whole to its last line? Get it again."
_AMOUNTS = ("price", "quantity", "bid", "ask", "bid_size", "ask_size")


def prepare(upload: Upload, content: bytes, source: str | None) -> tuple[Prepared, ...]:
    """Rows for each table that the recording has messages for, trades first."""
    rows = Rows()
    symbol = _symbol_of(upload)
    for line_no, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            symbol = _read(rows, line_no, line, symbol) or symbol
    parts = [
        (CRYPTO_TRADES, rows.trades, _trades),
        (CRYPTO_QUOTES, rows.quotes, _quotes),
        (CRYPTO_DEPTH, rows.depth, _depth),
    ]
    tables = [
        _table(target, list_, build, upload, source) for target, list_, build in parts if list_["row_no"]
    ]
    if not tables:
        raise FileError("The recording has no trade, quote or book update.", remedy=_REMEDY)
    symbols = sorted({name for table in tables for name in table.rows["symbol"].unique()})
    return *tables, *instruments(map(_pair, symbols))


def _read(rows: Rows, line_no: int, line: bytes, symbol: str | None) -> str | None:
    """Put one line into its table; the symbol it names, if it does."""
    local, _, text = line.partition(b" ")
    try:
        received = int(local)
        message: Any = orjson.loads(text)
        if not 0 <= received < LAST_NANOSECOND:
            raise ValueError(local)
    except ValueError as error:
        shown = line[:60].decode(errors="replace")
        raise FileError("is not nanoseconds and a JSON object.", line=line_no, value=shown, remedy=_REMEDY) from error  # fmt: skip
    try:
        stream, data = message.get("stream"), message.get("data", message)
        if stream is None:
            if symbol is None:
                raise FileError(
                    "is a book without a symbol, before any line that names one.",
                    line=line_no, value=text[:60].decode(errors="replace"),
                    remedy="Name the file after its symbol, such as btcusdt_20240808.gz.",
                )  # fmt: skip
            rows.snapshot(line_no, received, symbol, data)
            return None
        name: str = data["s"]
        channel = stream.split("@")[1]
        if channel == "trade":
            rows.trade(line_no, received, data)
        elif channel == "bookTicker":
            rows.quote(line_no, received, data)
        elif channel.startswith("depth"):
            rows.update(line_no, received, data)
        else:
            raise FileError(
                "is a stream that is not known here.", line=line_no, column="stream", value=stream,
                remedy="Record trade, bookTicker or depth streams.",
            )  # fmt: skip
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        missing = f"lacks {error}" if isinstance(error, KeyError) else f"is not a Binance message ({error})"
        shown = text[:60].decode(errors="replace")
        raise FileError(f"{missing}.", line=line_no, value=shown, remedy=_REMEDY) from error
    return name


def _table(
    target: Target,
    columns: dict[str, list[Any]],
    build: Callable[[pl.DataFrame], pl.DataFrame],
    upload: Upload,
    source: str | None,
) -> Prepared:
    text = pl.DataFrame(columns, strict=False)
    breach = first_breach(decimal_rules(text, [name for name in _AMOUNTS if name in text.columns]))
    if breach is not None:
        raise FileError(
            breach.rule.reason, line=text["row_no"][breach.row], column=breach.rule.column,
            value=text[breach.rule.column][breach.row], remedy=breach.rule.remedy,
        )  # fmt: skip
    amounts = text.with_columns(pl.col(name).cast(AMOUNT) for name in _AMOUNTS if name in text.columns)
    rows = build(amounts).with_columns(
        trade_date=pl.col("event_time").dt.date(),
        venue=pl.lit(VENUE),
        source=pl.lit(source or SOURCE),
        source_file=pl.lit(upload.label),
    )
    return Prepared(target, rows)


def _instant(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int64).cast(UTC_NS)


def _trades(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        event_time=_instant("event_time"),
        received_time=_instant("received_time"),
        side=pl.when("buyer_is_maker").then(pl.lit("SELL")).otherwise(pl.lit("BUY")).cast(SIDE),
        trade_id=pl.col("sequence").cast(pl.String),
    ).drop("buyer_is_maker")


def _quotes(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(event_time=_instant("event_time"))


def _depth(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(event_time=_instant("event_time"), received_time=_instant("received_time"))


def _symbol_of(upload: Upload) -> str | None:
    named = _NAME.match(upload.path.name)
    return named["symbol"].upper() if named else None


def _pair(symbol: str) -> dict[str, Any]:
    quote = next((each for each in _QUOTES if symbol.endswith(each)), "")
    base = symbol.removesuffix(quote)
    return {
        "instrument_id": f"BINANCE:{symbol}", "symbol": symbol, "name": f"{base}/{quote}" if quote else symbol,
        "kind": "crypto", "exchange": "Binance", "currency": quote, "underlying": base if quote else "",
    }  # fmt: skip
