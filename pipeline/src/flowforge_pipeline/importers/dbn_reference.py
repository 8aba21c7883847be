"""DBN schemas beside the market: definitions of instruments, statistics, trading status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from flowforge_pipeline.importers.dbn_file import UNDEFINED_PRICE, DbnFile
from flowforge_pipeline.importers.dbn_ticks import labelled
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.reference_rows import DEFINED, instruments
from flowforge_pipeline.importers.timestamps import UTC_NS
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.tables import STATISTICS

_NANO = Decimal("1e-9")
_UNDEFINED_INT = (2**31 - 1, 2**63 - 1)
_KINDS = {"F": "future", "S": "future", "C": "option", "P": "option", "K": "equity"}
_RIGHTS = {"C": "call", "P": "put"}
_OPTION_MULTIPLIER = Decimal(100)
_SHARE = "OPRA"


def definitions(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``definition``: reference data; of several for one instrument the newest is kept."""
    newest = {record.raw_symbol: record for record in _decoded(file)}
    return tuple(instruments([_instrument(file, record) for record in newest.values()], DEFINED))


def statistics(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``statistics``: settlement, open interest, highs and lows."""
    rows = [
        {
            "kind": str(record.stat_type).rpartition(".")[2].lower(),
            "price": _price(record.price),
            "quantity": None if record.quantity in _UNDEFINED_INT else record.quantity,
            "reference_time": record.ts_ref if record.ts_ref < UNDEFINED_PRICE else None,
            "sequence": record.sequence,
        }
        for record in _decoded(file)
    ]
    return (_published(file, upload, source, rows),)


def status(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``status``: when trading was halted, resumed, opened and closed."""
    rows = [
        {
            "kind": f"trading_{str(record.action).rpartition('.')[2].lower()}",
            "price": None,
            "quantity": int(record.reason),
            "reference_time": None,
            "sequence": number,
        }
        for number, record in enumerate(_decoded(file), start=1)
    ]
    return (_published(file, upload, source, rows),)


def _decoded(file: DbnFile) -> Iterator[Any]:
    """Records as the vendor's objects, older versions of the format brought to the newest."""
    import databento_dbn

    decoder = databento_dbn.DBNDecoder()
    decoder.write(file.content)
    records = decoder.decode()[1:]
    if len(records) != len(file.records):
        raise FileError(
            f"{len(file.records) - len(records)} records cannot be read.", remedy="Get the file again."
        )
    yield from records


def _published(file: DbnFile, upload: Upload, source: str, rows: list[dict[str, Any]]) -> Prepared:
    kinds: dict[str, Any] = {
        "kind": pl.String, "price": pl.Decimal(18, 6), "quantity": pl.Int64, "reference_time": pl.Int64,
        "sequence": pl.Int64,
    }  # fmt: skip
    stamps = [(record.ts_recv, record.ts_event) for record in _decoded(file)]
    frame = pl.DataFrame(rows, schema=kinds).with_columns(pl.col("reference_time").cast(UTC_NS))
    times = pl.Series("event_time", [received for received, _ in stamps], dtype=pl.Int64).cast(UTC_NS)
    known = [event if event < UNDEFINED_PRICE else None for _, event in stamps]
    frame = frame.with_columns(
        file.symbols,
        times,
        labelled(file, times)["trade_date"],
        exchange_time=pl.Series(known, dtype=pl.Int64).cast(UTC_NS),
        venue=pl.lit(file.venue),
        source=pl.lit(source),
        source_file=pl.lit(upload.label),
        row_no=pl.int_range(1, frame.height + 1, dtype=pl.Int64),
    )
    return Prepared(STATISTICS, frame)


def _instrument(file: DbnFile, record: Any) -> dict[str, Any]:
    letter = str(record.instrument_class).rpartition(".")[2][:1]
    kind = _KINDS.get(letter, "unknown")
    if kind == "option" and file.venue != _SHARE:
        kind = "future_option"
    expires = _day(record.expiration)
    multiplier = _price(record.unit_of_measure_qty) or (
        _OPTION_MULTIPLIER if kind == "option" else Decimal(1)
    )
    return {
        "instrument_id": f"{record.exchange or file.venue}:{record.instrument_id}",
        "symbol": record.raw_symbol,
        "name": record.raw_symbol,
        "kind": kind,
        "exchange": record.exchange or file.venue,
        "currency": record.currency,
        "calendar": file.calendar or "",
        "tick_size": _price(record.min_price_increment),
        "multiplier": multiplier,
        "underlying": record.underlying or record.asset,
        "expiry": expires,
        "strike": _price(record.strike_price),
        "option_type": _RIGHTS.get(letter, ""),
        **({"valid_from": begins} if (begins := _day(record.activation)) else {}),
        **({"valid_to": expires} if expires else {}),
    }


def _price(value: int) -> Decimal | None:
    return None if value == UNDEFINED_PRICE else value * _NANO


def _day(nanoseconds: int) -> Any:
    if nanoseconds >= UNDEFINED_PRICE or nanoseconds == 0:
        return None
    return datetime.fromtimestamp(nanoseconds // 10**9, UTC).date()
