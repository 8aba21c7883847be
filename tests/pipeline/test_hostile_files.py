"""Files of the fixed formats, broken in every way: refused with a place and a remedy, never another exception."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from flowforge_pipeline.importers.files import Options, prepare_all
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.problems import FileError, PipelineError

from .conftest import zipped

MINUTES = b"34200000,100000,100500,99900,100100,700\n34260000,100100,100100,100100,100100,5\n34320000,100100,100200,100000,100000,40"
QUOTES = b"34200000,,,,,0,100100,100100,100000,100050,3\n34260000,99900,100000,99900,100000,7,100100,100100,100050,100050,2"
DAYS = b"20200102 00:00,100000,100500,99900,100100,700\n20200103 00:00,100100,100100,100100,100100,5"
XETRA = (
    b"ISIN,Mnemonic,SecurityDesc,SecurityType,Currency,SecurityID,Date,Time,StartPrice,MaxPrice,MinPrice,EndPrice,TradedVolume,NumberOfTrades\n"
    b'"DE0005140008","DBK","DEUTSCHE BANK AG NA O.N.","Common stock","EUR",2504888,2017-07-28,07:00,15.46,15.5,15.4,15.45,100,3\n'
    b'"DE0005140008","DBK","DEUTSCHE BANK AG NA O.N.","Common stock","EUR",2504888,2017-07-28,07:01,15.45,15.45,15.45,15.45,0,1'
)
YAHOO = b"Date,Open,High,Low,Close,Adj Close,Volume\n2004-08-19,2.250714,2.275714,2.168571,2.193571,1.966391,97230000\n2004-08-20,2.193571,2.213571,2.177857,2.2,1.972154,79195200"
FACTORS = b"19980102,0.8613657,0.00892857,1\n20140606,0.8893653,0.1428571,645.57\n20501231,1,1,0"
FEED = (
    b'1723161254087896568 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":37,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}\n'
    b'1723161254087891268 {"stream":"btcusdt@bookTicker","data":{"u":50,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}\n'
    b'1723161254206652067 {"lastUpdateId":51,"bids":[["61837.63000000","3.78826000"]],"asks":[["61837.64000000","1.1"]]}\n'
    b'1723161254236551067 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255508,"s":"BTCUSDT","U":52,"u":53,"b":[["61830.17000000","0.00000000"]],"a":[]}}'
)


def dbn_trades() -> bytes:
    """Three trades of one instrument."""
    import databento_dbn as dbn

    start = 1_703_545_200_000_000_000
    days = SimpleNamespace(start_date=date(2023, 12, 25), end_date=date(2023, 12, 27), symbol="17077")
    header = dbn.Metadata(
        dataset="GLBX.MDP3", start=start, end=start + 86_400_000_000_000, stype_in=dbn.SType.RAW_SYMBOL,
        stype_out=dbn.SType.INSTRUMENT_ID, schema=dbn.Schema.TRADES, symbols=["ESH4"], partial=[], not_found=[],
        mappings=[SimpleNamespace(raw_symbol="ESH4", intervals=[days])],
    ).encode()  # fmt: skip
    records = np.zeros(3, dtype=np.dtype(dbn.TradeMsg._dtypes))
    records["length"], records["instrument_id"], records["action"], records["side"] = 12, 17077, b"T", b"B"
    records["ts_event"] = records["ts_recv"] = start + np.arange(3) * 1_000_000_000
    records["price"], records["size"] = 4_800_250_000_000, [1, 2, 3]
    return bytes(header) + records.tobytes()


def read(name: str, content: bytes) -> tuple[Prepared, ...]:
    return prepare_all(Upload.of(Path(name), content), Options())


def was_refused(name: str, content: bytes) -> bool:
    """Whether the file was refused, in words; any other exception is the test's failure."""
    try:
        read(name, content)
    except PipelineError as error:
        return bool(str(error).strip())
    return False


def zipped_as(member: str) -> Callable[[bytes], bytes]:
    return lambda text: zipped(member, text.decode("latin-1"))


def unchanged(content: bytes) -> bytes:
    return content


FILES: dict[str, tuple[str, bytes, Callable[[bytes], bytes]]] = {
    "minutes": ("20131007_trade.zip", MINUTES, zipped_as("20131007_spy_minute_trade.csv")),
    "quotes": ("20131007_quote.zip", QUOTES, zipped_as("20131007_spy_minute_quote.csv")),
    "days": ("spy.zip", DAYS, zipped_as("spy.csv")),
    "futures": ("20131007_trade.zip", b"0,1676.5,1676.75,1676.5,1676.75,19", zipped_as("20131007_es_minute_trade_201312.csv")),
    "xetra": ("2017-07-28_BINS_XETR07.csv", XETRA, unchanged),
    "yahoo": ("AAPL.csv", YAHOO, unchanged),
    "factors": ("aapl.csv", FACTORS, unchanged),
    "feed": ("btcusdt_20240808.gz", FEED, gzip.compress),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_whole_files_are_read_and_broken_ones_refused(name: str) -> None:
    file, text, packed = FILES[name]
    assert read(file, packed(text))
    generator = random.Random(name)
    refused = 0
    for _ in range(25):
        broken = bytearray(text)
        for _ in range(generator.randrange(1, 4)):
            broken[generator.randrange(len(broken))] = generator.choice(b'0123456789,.-:"{}[]\n\rAx \xff')
        refused += was_refused(file, packed(bytes(broken)))
    assert refused > 3


def test_dbn_cut_or_broken_anywhere() -> None:
    whole = dbn_trades()
    trades, *_ = read("trades.dbn", whole)
    assert trades.rows.height == 3
    for size in range(0, len(whole), 31):
        with pytest.raises(PipelineError):
            read("trades.dbn", whole[:size])
    generator = random.Random(7)
    for _ in range(25):
        broken = bytearray(whole)
        broken[generator.randrange(len(broken))] = generator.randrange(256)
        was_refused("trades.dbn", bytes(broken))


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("minutes", b"99900,100100,700", b"101000,100100,700", r"spy_minute_trade\.csv, line 1, column \"high\""),
        ("minutes", b"34260000", b"34200000", r"line 2, column \"time\": \"34200000\" is there twice"),
        ("minutes", b"34260000", b"34260001", r"line 2, column \"time\": \"34260001\" is not the start of a bar"),
        ("minutes", b",5\n", b",\n", r"line 2, column \"open\""),
        ("quotes", b"99900,100000,99900", b"99900,1e5,99900", r"line 2, column \"bid_high\": \"1e5\" is not a whole number"),
        ("days", b"20200103 00:00", b"20200102 00:00", r"line 2, column \"time\""),
        ("days", b"20200103 00:00", b"29991231 00:00", r"line 2, column \"time\": \"29991231 00:00\" is not the start"),
        ("xetra", b"07:01", b"07:00", r"line 3, column \"Time\": \"07:00\" is there twice"),
        ("xetra", b'"DE0005140008","DBK","DEUTSCHE BANK AG NA O.N.","Common stock","EUR",2504888,2017-07-28,07:01', b'"nonsense","DBK","D","C","EUR",1,2017-07-28,07:01', r"line 3, column \"ISIN\": \"nonsense\""),
        ("yahoo", b"2.2,1.972154", b"2.2.2,1.972154", r"line 3, column \"Close\": \"2\.2\.2\""),
        ("factors", b"20140606", b"19970606", r"line 2, column \"last day\": \"19970606\""),
        ("feed", b'"p":"61837.63000000"', b'"p":"61837.630000001"', r"line 1, column \"price\": \"61837\.630000001\" has more than 8 digits"),
        ("feed", b'"T":1723161255342,', b"", r"line 1: .*lacks 'T'"),
        ("feed", b"btcusdt@bookTicker", b"btcusdt@kline_1m", r"line 2, column \"stream\""),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place(name: str, old: bytes, new: bytes, place: str) -> None:
    file, text, packed = FILES[name]
    assert old in text
    with pytest.raises(FileError, match=place):
        read(file, packed(text.replace(old, new, 1)))


def test_a_feed_fills_a_table_for_each_kind_of_message() -> None:
    found = {each.target.table: each.rows for each in read("btcusdt_20240808.gz", gzip.compress(FEED))}
    trade = found["flowforge.crypto_trades"].row(0, named=True)
    assert (trade["side"], str(trade["quantity"])) == ("SELL", "0.02000000")
    assert trade["received_time"] < trade["event_time"], "the recorder's clock ran behind"
    depth = found["flowforge.crypto_depth"]
    assert depth["kind"].to_list() == ["snapshot", "snapshot", "update"]
    assert found["reference.instruments"]["symbol"].to_list() == ["BTCUSDT"]


def test_prices_tell_options_on_shares_from_those_on_futures() -> None:
    member = "20200106_es_minute_trade_american_call_31300000_20200320.csv"
    points, *_ = read("20200106_trade_american.zip", zipped(member, "52260000,142.5,142.5,142.5,142.5,1"))
    scaled, *_ = read(
        "20200106_trade_american.zip", zipped(member, "52260000,1425000,1425000,1425000,1425000,1")
    )
    assert str(points.rows["close"][0]) == str(scaled.rows["close"][0]) == "142.500000"
    assert points.rows["bar_start"][0].hour == 14, "UTC"
    assert scaled.rows["bar_start"][0].hour == 19, "New York"
    assert points.rows["symbol"][0] == "ES    200320C03130000"
