"""``time_bucket``: the start of the second … month that a time lies in, as a new column.

    utc      by UTC
    zone     by the wall clock of ``timezone``. Up to an hour a bucket is that much time, so that a day of
             25 hours has 25 hourly buckets; longer ones follow the clock face and may last an hour more or
             less. A start that the clock skips is the first instant after the gap
    session  from the opening of the exchange's session: of its regular hours (``rth``), or of the whole
             trading day (``all``). Outside a session, and outside the years that the calendar covers, NULL.
             Sizes of a day and more give the opening itself

Seconds, minutes and hours are counted from the start of the day (of the session), days from 1970-01-01,
weeks from Mondays, months from January of the year 0. A date is midnight UTC.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula import buckets
from flowforge.formula.bucket_size import MOST, SIZE_PATTERN, BucketSize
from flowforge.formula.calendars import CALENDARS
from flowforge.formula.errors import nearest
from flowforge.formula.time_zones import time_zones
from flowforge.formula.tree import Reference
from flowforge.nodes.base import ColumnName, NewColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.relation import Relation
from flowforge.types import DATETIME, Column, Schema


class TimeBucketConfig(NodeConfig):
    """The time, the size (a count and s, m, h, d, w or M for months), and what the buckets start from.

    ``timezone`` is only read with the anchor ``zone``, ``session`` and ``calendar`` with ``session``.
    """

    column: ColumnName
    size: str = Field(pattern=SIZE_PATTERN, description="For example 5m, 1h, 1d, 1w or 1M")
    anchor: Literal["utc", "zone", "session"] = "utc"
    timezone: str | None = Field(default=None, max_length=64, description="For example America/New_York")
    session: Literal["all", "rth"] = "all"
    calendar: str = Field(default="XNYS", max_length=64)
    output_column: NewColumnName = "bucket"


def infer(config: TimeBucketConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The input and the bucket's start."""
    (schema,) = inputs
    column = column_of(schema, config.column, "column")
    if not column.type.temporal:
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"A time bucket needs a date or a datetime, but {column.name!r} is {column.type}.",
            field="column",
            column=column.name,
            hint="Choose another column, or convert it with TO_DATE in a formula node first.",
        )
    size = BucketSize.parse(config.size)
    if not size.allowed:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"A bucket of {config.size} is too long.",
            field="size",
            hint=f"At most {MOST[size.unit]}{size.unit}.",
        )
    _check_place(config)
    names = [*[each.name for each in schema], config.output_column]
    refuse_duplicates(names, lambda _: "output_column")
    nullable = column.nullable or config.anchor == "session"
    return (*schema, Column(config.output_column, DATETIME, nullable))


def _check_place(config: TimeBucketConfig) -> None:
    """``INVALID_CONFIG`` where the anchor needs a place that is not given or not known."""
    if config.anchor == "utc":
        return
    field, what, name, known = (
        ("timezone", "time zone", config.timezone, time_zones())
        if config.anchor == "zone"
        else ("calendar", "trading calendar", config.calendar, CALENDARS)
    )
    if name is None:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"The anchor {config.anchor} needs a {what}.",
            field=field,
            hint="Choose one, for example America/New_York.",
        )
    if name not in known:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"There is no {what} {name!r}.",
            field=field,
            hint=nearest(name, sorted(known)),
        )


def apply(config: TimeBucketConfig, relations: tuple[Relation, ...]) -> Relation:
    """A computed field, inlined where it is used."""
    (relation,) = relations
    column = column_of(relation.schema, config.column, "column")
    places = {"utc": "UTC", "zone": config.timezone or "UTC", "session": config.calendar}
    bucket = buckets.time_bucket(
        Reference(column.name, column.type, column.nullable),
        config.size,
        config.anchor,
        places[config.anchor],
        config.session,
    )
    return relation.extend(config.output_column, bucket)


NODE = NodeType(
    "time_bucket", TimeBucketConfig, infer, apply, "The start of the second … month that a time lies in."
)
