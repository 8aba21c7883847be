"""Buckets of time as trees: ``time_bucket(size, anchor, place, session, time)``, all but the time constant.

``size`` is a text such as ``5m``; ``anchor`` is utc, zone or session. ``place`` is the time zone or the
trading calendar, and ``UTC`` where neither counts; ``session`` is rth or all. The formula language cannot
write them; its DATE_TRUNC gives buckets of UTC too, up to a week and a month.
"""

from __future__ import annotations

from flowforge.formula.bucket_size import DAY, HOUR, BucketSize
from flowforge.formula.clock_changes import offsets
from flowforge.formula.tree import Call, Constant, Expression, call
from flowforge.records import dataclass
from flowforge.types import DATETIME, STRING

NAME = "time_bucket"

_TRUNCATED = {"second": "1s", "minute": "1m", "hour": "1h", "day": "1d", "week": "1w", "month": "1M"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """What the constants of a bucket say."""

    size: BucketSize
    anchor: str
    place: str
    session: str

    @staticmethod
    def of(bucket: Call) -> Bucket:
        """Those of a call of ``time_bucket``."""
        size, anchor, place, session = [
            str(each.value) for each in bucket.arguments[:4] if isinstance(each, Constant)
        ]
        return Bucket(BucketSize.parse(size), anchor, place, session)


def time_bucket(
    time: Expression, size: str, anchor: str = "utc", place: str = "UTC", session: str = "all"
) -> Call:
    """The start of the bucket that ``time`` (a date or a datetime) lies in."""
    if anchor == "zone" and coincides(BucketSize.parse(size), place):
        anchor, place = "utc", "UTC"
    constants = [Constant(each, STRING) for each in (size, anchor, place, session)]
    return call(NAME, (*constants, time), DATETIME, time.nullable or anchor == "session")


def coincides(size: BucketSize, zone: str) -> bool:
    """Whether buckets by the zone's clock start when those by UTC do: its offsets are multiples of the size."""
    if zone == "UTC":
        return True
    if not size.below_day or size.seconds > HOUR or DAY % size.seconds:
        return False
    return not any(offset.total_seconds() % size.seconds for offset in offsets(zone))


def utc_bucket(expression: Expression) -> tuple[BucketSize, Expression] | None:
    """The size and the time of a bucket by UTC, however it was written; None for anything else."""
    if not isinstance(expression, Call):
        return None
    if expression.function == NAME:
        bucket = Bucket.of(expression)
        return (bucket.size, expression.arguments[-1]) if bucket.anchor == "utc" else None
    if expression.function == "DATE_TRUNC" and expression.type == DATETIME:
        unit, time = expression.arguments
        size = _TRUNCATED.get(str(unit.value).lower()) if isinstance(unit, Constant) else None
        return None if size is None else (BucketSize.parse(size), time)
    return None
