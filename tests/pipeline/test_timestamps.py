"""Times in files: exact to the nanosecond, in the right zone, or refused."""

import polars as pl
import pytest

from flowforge_pipeline.importers import timestamps
from flowforge_pipeline.importers.checks import first_breach
from flowforge_pipeline.problems import PipelineError

NEW_YORK = "America/New_York"


def nanoseconds(*texts: str | None, zone: str = "UTC") -> list[int | None]:
    values, rules = timestamps.parse(pl.Series(texts, dtype=pl.String), zone, "t")
    assert first_breach(rules) is None
    return values.cast(pl.Int64).to_list()


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2024-01-02T03:04:05Z", "UTC", "2024-01-02T03:04:05"),
        ("2024-01-02 03:04:05.123456789Z", "UTC", "2024-01-02T03:04:05.123456789"),
        ("2024-01-02T03:04:05.1+02:00", "UTC", "2024-01-02T01:04:05.100000000"),
        ("2024-01-02T03:04:05-0530", "UTC", "2024-01-02T08:34:05"),
        ("2024-01-02T09:30", NEW_YORK, "2024-01-02T14:30:00"),
        ("2024-07-02 09:30:00", NEW_YORK, "2024-07-02T13:30:00"),
        ("2024-07-02 09:30:00 UTC", NEW_YORK, "2024-07-02T09:30:00"),
        ("2024-07-02", NEW_YORK, "2024-07-02T04:00:00"),
        ("20240702 09:30:00,5", NEW_YORK, "2024-07-02T13:30:00.500000000"),
        ("2024-11-03 01:30:00", NEW_YORK, "2024-11-03T05:30:00"),  # twice that night: the first
        ("1704164645", NEW_YORK, "2024-01-02T03:04:05"),
        ("1704164645.123456789", "UTC", "2024-01-02T03:04:05.123456789"),
        ("1704164645123", "UTC", "2024-01-02T03:04:05.123000000"),
        ("1704164645123456", "UTC", "2024-01-02T03:04:05.123456000"),
        ("1704164645123456789", "UTC", "2024-01-02T03:04:05.123456789"),
    ],
)
def test_read(text: str, zone: str, expected: str) -> None:
    wanted = pl.Series([expected]).str.to_datetime(time_unit="ns").cast(pl.Int64)[0]
    assert nanoseconds(text, zone=zone) == [wanted]


@pytest.mark.parametrize(
    ("texts", "row", "reason"),
    [
        (["2024-01-02T03:04:05Z", "soon"], 1, "is not a time."),
        (["2024-02-30T00:00:00Z"], 0, "is not a time."),
        (["2024-01-02T24:00:00Z"], 0, "is not a time."),
        (["2024-01-02T10:61:00Z"], 0, "is not a time."),
        (["01/02/2024 10:00"], 0, "is not a time."),
        (["2024-01-02T03:04:05.1234567891Z"], 0, "is not a time."),
        (["1704164645", "tomorrow"], 1, "is not a time."),
        (["1704164645123", "1704164645"], 1, "has another epoch unit than the rest of the column (ms)."),
        (["2024-03-10 02:30:00"], 0, f"does not exist in {NEW_YORK}: clocks are set forward over it."),
    ],
)
def test_refused(texts: list[str], row: int, reason: str) -> None:
    _, rules = timestamps.parse(pl.Series(texts), NEW_YORK, "t")
    breach = first_breach(rules)
    assert breach is not None
    assert (breach.row, breach.rule.reason) == (row, reason)


def test_typed_columns() -> None:
    naive = pl.Series([1704187800_000_000]).cast(pl.Datetime("us"))
    local, _ = timestamps.parse(naive, NEW_YORK, "t")
    aware, _ = timestamps.parse(naive.dt.replace_time_zone("Asia/Tokyo"), NEW_YORK, "t")
    assert str(local[0]) == "2024-01-02 14:30:00+00:00"
    assert str(aware[0]) == "2024-01-02 00:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2013-03-01", "2013-03-01"),
        ("20130301", "2013-03-01"),
        ("2013-03-01 00:00:00", "2013-03-01"),
        ("2013-03-01T23:00:00-05:00", "2013-03-01"),
        ("1362114000000", "2013-03-01"),
    ],
)
def test_days(text: str, day: str) -> None:
    days, rules = timestamps.parse_day(pl.Series([text]), NEW_YORK, "d")
    assert first_breach(rules) is None
    assert str(days[0]) == day


def test_a_zone_must_exist() -> None:
    with pytest.raises(PipelineError, match='"Mars/Olympus" is not a time zone'):
        timestamps.checked_zone("Mars/Olympus")
