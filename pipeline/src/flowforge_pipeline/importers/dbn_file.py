"""Open a DBN file: its header, its records as an array, and the symbol of every record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flowforge_pipeline.importers import contracts
from flowforge_pipeline.importers.prepared import Prepared
from flowforge_pipeline.importers.reference_rows import instruments
from flowforge_pipeline.importers.timestamps import UTC_NS, within_reach
from flowforge_pipeline.problems import FileError

UNDEFINED_PRICE = 2**63 - 1
_HEADER = 8
"""``DBN``, one byte of version, four of the length of what follows."""

_UNIT = 4
"""Lengths of records are counted in units of four bytes."""

_RECORD = "The line is the number of the record."
_AGAIN = "Get the file again: nothing of it was imported."
_CALENDARS = {"GLBX": "CMES", "OPRA": "XNYS", "XNAS": "XNYS", "XNYS": "XNYS", "ARCX": "XNYS", "DBEQ": "XNYS", "EQUS": "XNYS"}  # fmt: skip
_FUTURE = re.compile(r"^(?P<root>[A-Z0-9]{1,3})(?P<month>[FGHJKMNQUVXZ])(?P<year>\d)$")


@dataclass(frozen=True)
class DbnFile:
    """``records`` has one element each, in file order; ``symbols`` theirs."""

    content: bytes
    schema: str
    dataset: str
    records: NDArray[Any]
    symbols: pl.Series
    last_day: date

    @property
    def venue(self) -> str:
        """The data set's exchange, such as GLBX."""
        return self.dataset.split(".")[0]

    @property
    def calendar(self) -> str | None:
        """Its trading calendar, where it is known."""
        return _CALENDARS.get(self.venue)

    def column(self, name: str) -> pl.Series:
        """A field of the records; unsigned times and counts as they are, single letters as text."""
        values = np.ascontiguousarray(self.records[name])
        if values.dtype.kind == "S":
            return self._letters(name, values)
        return pl.Series(name, values)

    def _letters(self, name: str, values: NDArray[Any]) -> pl.Series:
        try:
            return pl.Series(name, values.astype("U")).str.strip_chars("\x00")
        except UnicodeDecodeError as error:
            row = next(index for index, value in enumerate(values.tolist()) if not value.isascii())
            raise FileError("is not a letter.", line=row + 1, column=name, value=repr(values[row]), remedy=_RECORD) from error  # fmt: skip

    def times(self, name: str) -> pl.Series:
        """A field of nanoseconds; ``FileError`` where it is undefined or no column can hold it."""
        raw = self.column(name)
        defined = raw.to_frame().select(pl.when(raw < UNDEFINED_PRICE).then(raw))
        found = within_reach(defined.to_series().cast(pl.Int64).cast(UTC_NS)).alias(name)
        if found.null_count():
            row = found.is_null().arg_max() or 0
            raise FileError("is not a time.", line=row + 1, column=name, value=str(raw[row]), remedy=_RECORD)
        return found

    def prices(self, name: str) -> pl.Series:
        """A field of prices as Decimal(18, 6), null where undefined; ``FileError`` where that is not exact."""
        raw = self.column(name)
        wrong = (raw != UNDEFINED_PRICE) & ((raw % 1000 != 0) | (raw < 0))
        if wrong.any():
            row = wrong.arg_max() or 0
            raise FileError(
                "has more than 6 decimals, or is negative, which a price column cannot hold.",
                line=row + 1, column=name, value=f"{raw[row]}e-9",
                remedy=f"Such instruments are not imported. {_RECORD}",
            )  # fmt: skip
        millionths = pl.when(raw != UNDEFINED_PRICE).then(raw // 1000).cast(pl.Decimal(18, 0))
        scale = pl.lit("0.000001").cast(pl.Decimal(18, 6))
        return pl.select((millionths * scale).cast(pl.Decimal(18, 6)).alias(name)).to_series()

    def instruments(self) -> list[Prepared]:
        """Reference data of futures that are known by root; definitions say it themselves."""
        if self.schema == "definition":
            return []
        rows = [_future(symbol, self.last_day) for symbol in sorted(self.symbols.unique())]
        return instruments([row for row in rows if row is not None])


def open_dbn(content: bytes) -> DbnFile:
    """Check the header and cut the records; ``FileError`` says where a broken file ends."""
    import databento_dbn

    if len(content) < _HEADER:
        raise FileError("The DBN file ends within its header.", remedy=_AGAIN)
    begin = _HEADER + int.from_bytes(content[4:_HEADER], "little")
    if len(content) < begin:
        raise FileError(f"The DBN file ends within its header, after {len(content):,} bytes.", remedy=_AGAIN)
    try:
        metadata = databento_dbn.Metadata.decode(content[:begin])
    except Exception as error:  # the package raises its own and built-in errors alike
        raise FileError(f"The DBN header cannot be read ({error}).", remedy=_AGAIN) from error
    if metadata.schema is None:
        raise FileError("The DBN file mixes schemas.", remedy="Give a file of one schema.")
    schema = str(metadata.schema)
    records = _records(content, begin, schema, ts_out=bool(metadata.ts_out))
    last = datetime.fromtimestamp((metadata.end or metadata.start) // 10**9, UTC).date()
    return DbnFile(content, schema, metadata.dataset, records, _symbols(metadata, records), last)


def layout(schema: str) -> Any:
    """The vendor's record class of a schema, None where its records are of several layouts."""
    import databento_dbn as dbn

    return {
        "trades": dbn.TradeMsg, "tbbo": dbn.MBP1Msg, "mbp-1": dbn.MBP1Msg, "mbp-10": dbn.MBP10Msg, "mbo": dbn.MBOMsg,
        "bbo-1s": dbn.BBOMsg, "bbo-1m": dbn.BBOMsg, "cbbo-1s": dbn.CBBOMsg, "cbbo-1m": dbn.CBBOMsg,
        "ohlcv-1s": dbn.OHLCVMsg, "ohlcv-1m": dbn.OHLCVMsg, "ohlcv-1h": dbn.OHLCVMsg, "ohlcv-1d": dbn.OHLCVMsg,
    }.get(schema)  # fmt: skip


_COMMON: list[tuple[str, str]] = [
    ("length", "u1"), ("rtype", "u1"), ("publisher_id", "u2"), ("instrument_id", "u4"), ("ts_event", "u8"),
]  # fmt: skip


def _records(content: bytes, begin: int, schema: str, *, ts_out: bool) -> NDArray[Any]:
    """The records as an array; those without a layout of their own by their common beginning."""
    body = len(content) - begin
    if body == 0:
        raise FileError("The DBN file has no records.", remedy="Is the period of the request right?")
    size = content[begin] * _UNIT
    kind = layout(schema)
    fields = list(kind._dtypes) if kind is not None else list(_COMMON)
    known = np.dtype(fields).itemsize + 8 * ts_out
    if kind is not None and size != known:
        raise FileError(f"Records of {schema} have {size} bytes where {known} are expected.", remedy=_AGAIN)
    if size < np.dtype(_COMMON).itemsize or body % size:
        raise FileError(
            f"The DBN file breaks off within record {body // max(size, 1) + 1:,} of {size} bytes.",
            remedy=_AGAIN,
        )
    kinds = np.dtype({
        "names": [name for name, _ in fields], "formats": [code for _, code in fields],
        "offsets": np.cumsum([0, *(np.dtype(code).itemsize for _, code in fields[:-1])]).tolist(), "itemsize": size,
    })  # fmt: skip
    records: NDArray[Any] = np.frombuffer(content, dtype=kinds, offset=begin)
    lengths = records["length"].astype(np.int64) * _UNIT
    if (lengths != size).any():
        row = int((lengths != size).argmax())
        raise FileError(
            f"Record {row + 1:,} has another length than those before.", remedy="Give a file of one schema."
        )
    return records


def _symbols(metadata: Any, records: NDArray[Any]) -> pl.Series:
    """The symbol that the header maps to each record's instrument on the day of the record."""
    intervals = [
        (int(each["symbol"]), each["start_date"], each["end_date"], symbol)
        for symbol, spans in metadata.mappings.items()
        for each in spans
        if str(each["symbol"]).isdigit()
    ]
    stamp = records["ts_recv"] if "ts_recv" in (records.dtype.names or ()) else records["ts_event"]
    frame = pl.DataFrame(
        {
            "id": records["instrument_id"].astype(np.int64),
            "day": pl.Series((stamp // 86_400_000_000_000).astype(np.int64)).cast(pl.Int32).cast(pl.Date),
        }
    )
    symbols = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    for identifier, start, end, symbol in intervals:
        # Statistics and definitions may be stamped outside of the request's days: one instrument, one symbol.
        alone = sum(other[0] == identifier for other in intervals) == 1
        inside = (frame["day"] >= start) & (frame["day"] < end)
        matches = (frame["id"] == identifier) & (inside | alone)
        symbols = pl.select(pl.when(matches).then(pl.lit(symbol)).otherwise(symbols)).to_series()
    if symbols.null_count():
        row = symbols.is_null().arg_max() or 0
        raise FileError(
            f"Record {row + 1:,}: the header gives no symbol for instrument {frame['id'][row]} on {frame['day'][row]}.",
            remedy="Request the data with stype_in=raw_symbol, or with symbol mappings.",
        )  # fmt: skip
    return symbols.alias("symbol")


def _future(symbol: str, day: date) -> dict[str, Any] | None:
    """``ESH4`` on a day of 2023 is the contract of March 2024: the next year with that last digit."""
    found = _FUTURE.match(symbol)
    root = contracts.roots().get(found["root"]) if found else None
    if found is None or root is None:
        return None
    month = contracts.MONTHS.index(found["month"]) + 1
    year = next(each for each in range(day.year, day.year + 10) if each % 10 == int(found["year"]))
    if date(year, month, 1) < date(day.year, day.month, 1):
        year += 10
    return {
        **contracts.future_row(root, date(year, month, 1)),
        "symbol": symbol,
        "valid_from": date(year - 9, month, 1),
    }
