"""Lean tick archives: exact values, New York time, condition flags, and archives that are broken."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from flowforge_pipeline.importers import lean, lean_ticks
from flowforge_pipeline.importers.files import Options, prepare
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.problems import FileError
from pipeline.conftest import zipped

LeanFile = Callable[..., Path]


def rows_of(path: Path) -> pl.DataFrame:
    return prepare(Upload.read(path), Options()).rows


def test_a_trade(lean_file: LeanFile) -> None:
    path = lean_file(["34200000,1674100,100,P,20002000,0", "34200000,1674100,100,P,20002000,0"], symbol="spy")
    rows = rows_of(path).to_dicts()
    assert len(rows) == 2, "equal rows are separate trades"
    first = rows[0]
    assert first["symbol"] == "SPY"
    assert first["price"] == Decimal("167.41")
    assert first["quantity"] == 100
    assert str(first["event_time"]) == "2013-10-07 13:30:00+00:00"
    assert str(first["trade_date"]) == "2013-10-07"
    assert (first["session"], first["venue"], first["conditions"]) == ("regular", "P", "20002000")
    assert (first["sequence"], first["row_no"]) == (1, 1)
    assert first["trade_id"] == f"{first['source_file'].split('#')[1]}:1"
    assert "side" not in first, "a tape without sides leaves the column's default, UNKNOWN"


@pytest.mark.parametrize(
    ("conditions", "suspicious", "eligible"),
    [
        ("0", 0, True),
        ("1", 0, True),
        ("20002000", 0, True),
        ("FFFFFFFF", 0, False),
        ("200", 0, False),
        ("40000", 0, False),
        ("100000", 0, False),
        ("1000000", 0, False),
        ("4000000", 0, False),
        ("40000001", 0, True),
        ("1", 1, False),
    ],
)
def test_eligibility(lean_file: LeanFile, conditions: str, suspicious: int, eligible: bool) -> None:
    row = rows_of(lean_file([f"34200000,1674100,0,P,{conditions},{suspicious}"])).to_dicts()[0]
    assert (row["ohlc_eligible"], row["volume_eligible"]) == (eligible, eligible)


@pytest.mark.parametrize(
    ("day", "milliseconds", "utc", "session"),
    [
        ("20131007", 34_199_999, "2013-10-07 13:29:59.999000+00:00", "extended"),
        ("20131007", 34_200_000, "2013-10-07 13:30:00+00:00", "regular"),
        ("20131007", 57_599_999, "2013-10-07 19:59:59.999000+00:00", "regular"),
        ("20131007", 57_600_000, "2013-10-07 20:00:00+00:00", "extended"),
        ("20131129", 46_799_999, "2013-11-29 17:59:59.999000+00:00", "regular"),  # closes at 13:00
        ("20131129", 46_800_000, "2013-11-29 18:00:00+00:00", "extended"),
        ("20131128", 43_200_000, "2013-11-28 17:00:00+00:00", "extended"),  # Thanksgiving
        ("20240308", 34_200_000, "2024-03-08 14:30:00+00:00", "regular"),  # before clocks go forward
        ("20240311", 34_200_000, "2024-03-11 13:30:00+00:00", "regular"),
        ("20241101", 34_200_000, "2024-11-01 13:30:00+00:00", "regular"),  # before clocks go back
        ("20241104", 34_200_000, "2024-11-04 14:30:00+00:00", "regular"),
        ("20240310", 36_000_000, "2024-03-10 14:00:00+00:00", "extended"),  # the day itself: 23 hours
        ("20241103", 36_000_000, "2024-11-03 15:00:00+00:00", "extended"),  # the day itself: 25 hours
        ("20131007", "34200000.5", "2013-10-07 13:30:00.000500+00:00", "regular"),
    ],
)
def test_new_york_time(lean_file: LeanFile, day: str, milliseconds: object, utc: str, session: str) -> None:
    row = rows_of(lean_file([f"{milliseconds},10000,1,P,0,0"], day=day)).to_dicts()[0]
    assert (str(row["event_time"]), row["session"]) == (utc, session)


def test_a_quote_has_one_side(lean_file: LeanFile) -> None:
    path = lean_file(["34200000,0,0,140200,500,Q,1,0", "34200001,138400,700,0,0,P,1,1"], kind="quote")
    first, second = rows_of(path).to_dicts()
    assert (first["bid"], first["bid_size"], first["ask"], first["ask_size"]) == (
        None,
        None,
        Decimal("14.02"),
        500,
    )
    assert (second["bid"], second["bid_size"], second["ask"], second["ask_size"]) == (
        Decimal("13.84"),
        700,
        None,
        None,
    )
    assert [first["suspicious"], second["suspicious"]] == [False, True]


GOOD = "34200000,1674100,100,P,0,0"


@pytest.mark.parametrize(
    ("line", "column", "value", "reason"),
    [
        ("34200000,abc,100,P,0,0", "price", "abc", "is not a whole number from 0."),
        ("34200000,-5,100,P,0,0", "price", "-5", "is not a whole number from 0."),
        ("34200000,1674100,1.5,P,0,0", "size", "1.5", "is not a whole number from 0."),
        (
            "34200000,1674100,100000000000000,P,0,0",
            "size",
            "100000000000000",
            "is not a whole number from 0.",
        ),
        ("34200000,10000000000000000,1,P,0,0", "price", "10000000000000000", "is not a whole number from 0."),
        ("86400000,1674100,100,P,0,0", "time", "86400000", "is not a millisecond of the day."),
        ("-1,1674100,100,P,0,0", "time", "-1", "is not a millisecond of the day."),
        ("34200000,1674100,100,P,xyz,0", "condition", "xyz", "is not a hexadecimal flag."),
        ("34200000,1674100,100,P,100000000,0", "condition", "100000000", "is not a hexadecimal flag."),
        ("34200000,1674100,100,P,0,2", "suspicious", "2", "is neither 0 nor 1."),
        ("34200000,1674100,100,P,0", "suspicious", None, "is neither 0 nor 1."),
        ("34200000,1674100", "size", None, "is not a whole number from 0."),
        ("34200000,6448000,6448000,6448000,6448000,90", "exchange", "6448000", "is not an exchange code."),
        ("", "time", None, "is not a millisecond of the day."),
    ],
)
def test_a_bad_row_is_named(
    lean_file: LeanFile, line: str, column: str, value: str | None, reason: str
) -> None:
    path = lean_file([GOOD, GOOD, line, GOOD])
    with pytest.raises(FileError) as refused:
        rows_of(path)
    error = refused.value
    assert (error.line, error.column, error.value, error.reason) == (3, column, value, reason)
    assert str(path) in str(error)


def test_too_many_cells_are_named(lean_file: LeanFile) -> None:
    with pytest.raises(FileError, match=r"line 2: .*has 7 cells where 6 are expected"):
        rows_of(lean_file([GOOD, GOOD + ",9", GOOD]))


ODD = ("", " 5", "5 ", "\t5", "5\r", "+5", "-5", "-0", "05", "5.0", "5e3", "0x5", "1_0", "٣", "NaN", "null", "1", "2", "P",
       "FFFFFFFF", "ffffffff", "100000000", '"5"', "99999999999999", "9999999999999999", "9" * 19, "9" * 40)  # fmt: skip


@pytest.mark.parametrize("position", range(6))
def test_both_ways_of_reading_agree(position: int) -> None:
    """What the quick one takes, the one that names errors takes as well, and as the same numbers."""
    quick = 0
    for cell in ODD:
        cells = GOOD.split(",")
        cells[position] = cell
        body = "\n".join([GOOD, ",".join(cells), GOOD]).encode()
        found = lean_ticks._typed(body, lean.TRADE_COLUMNS, ("price", "size"))
        if found is not None:
            quick += 1
            assert found.equals(lean_ticks._as_text(body, lean.TRADE_COLUMNS, ("price", "size"))), cell
    assert quick, "else nothing was compared"


def test_the_largest_amounts(lean_file: LeanFile) -> None:
    row = rows_of(lean_file(["0,9999999999999999,99999999999999,P,0,0"])).to_dicts()[0]
    assert (row["price"], row["quantity"]) == (Decimal("999999999999.9999"), 99999999999999)


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("20131007_spy_minute_trade.csv", "is not a whole number"),
        ("notes.txt", "is not a file of a Lean archive"),
        ("20139907_spy_Trade_Tick.csv", '"20139907" is not a date'),
        ("20131008_spy_Trade_Tick.csv", "does not belong into 20131007_trade.zip"),
        ("20131007_spy_Quote_Tick.csv", "does not belong into 20131007_trade.zip"),
    ],
)
def test_other_archives_are_refused(tmp_path: Path, member: str, message: str) -> None:
    import zipfile

    path = tmp_path / "20131007_trade.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, GOOD)
    with pytest.raises(FileError, match=message):
        rows_of(path)


@pytest.mark.parametrize("resolution", ["tick", "minute"])
def test_an_archive_in_the_folder_of_another_symbol_is_refused(tmp_path: Path, resolution: str) -> None:
    path = tmp_path / resolution / "bac" / "20131007_trade.zip"
    path.parent.mkdir(parents=True)
    name = "20131007_ibm_Trade_Tick.csv" if resolution == "tick" else "20131007_ibm_minute_trade.csv"
    path.write_bytes(
        zipped(name, GOOD if resolution == "tick" else "34200000,1851000,1852000,1850000,1851500,100")
    )
    with pytest.raises(FileError, match=f'holds IBM but lies in the folder "{resolution}/bac"'):
        rows_of(path)
    right = path.parent.with_name("IBM") / path.name
    right.parent.mkdir()
    assert rows_of(path.rename(right)).height == 1


def test_an_encrypted_archive_is_named_as_such(lean_file: LeanFile) -> None:
    path = lean_file([GOOD])
    content = bytearray(path.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(FileError, match="is encrypted"):
        rows_of(path)


def test_every_cut_of_an_archive_is_refused(
    lean_file: LeanFile, lean_lines: Callable[..., list[str]]
) -> None:
    path = lean_file(lean_lines(400))
    whole = path.read_bytes()
    assert rows_of(path).height == 400
    for size in [*range(1, 60), *range(60, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:size])
        with pytest.raises(FileError) as refused:
            rows_of(path)
        assert "The archive ends or breaks" in str(refused.value), size
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileError, match=r"20131007_tst_Trade_Tick.csv breaks off after line \d+"):
        rows_of(path)


def test_a_flipped_bit_is_noticed(lean_file: LeanFile, lean_lines: Callable[..., list[str]]) -> None:
    path = lean_file(lean_lines(400))
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 0x10
    path.write_bytes(damaged)
    with pytest.raises(FileError, match="The archive ends or breaks"):
        rows_of(path)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "20131007_trade.zip"
    path.write_bytes(b"")
    with pytest.raises(FileError, match="The file is empty"):
        rows_of(path)
