"""``asof_join``: to each left row the right row that is nearest in time, among those with equal keys.

``backward`` takes the latest right row that is not after the left one, ``forward`` the earliest that is
not before it; without ``allow_exact`` an equal time does not count. Beyond ``tolerance`` there is no
partner. Among right rows of one time the trade order decides (the last one backward, the first one
forward), else the values of the other columns. A row without a time finds nothing and is never found.

Columns are those of a ``join``. Buckets join on ``available_at``, when their numbers were known: a
bucket's start is before them, and joining on it would look ahead.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import ColumnName, NodeType, column_of
from flowforge.nodes.joining import PORTS, KeyedConfig, both, key_pairs, names, refuse_clash
from flowforge.relation import AsOf, Relation, joined_as_of
from flowforge.types import Column, Schema, find

KNOWN_AT = "available_at"
_BUCKET_TIMES = frozenset({"bucket_start", "bucket_end", "window_start"})
_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}

Tolerance = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}[smhd]$")]
"""A length of time: a count and ``s``, ``m``, ``h`` or ``d``."""


class AsOfJoinConfig(KeyedConfig):
    """Keys (none: any row may be the partner), the times to compare, and how near they must be."""

    left_time: ColumnName
    right_time: ColumnName
    direction: Literal["backward", "forward"] = "backward"
    allow_exact: bool = True
    tolerance: Tolerance | None = Field(default=None, description="For example 30s, 5m, 1h or 1d")
    join_type: Literal["left", "inner"] = "left"


def infer(config: AsOfJoinConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The columns of both sides."""
    key_pairs(config, inputs)
    _times(config, inputs)
    return both(inputs, left_missing=False, right_missing=config.join_type == "left")


def _times(config: AsOfJoinConfig, inputs: tuple[Schema, ...]) -> tuple[Column, Column]:
    times = (
        column_of(inputs[0], config.left_time, "left_time"),
        column_of(inputs[1], config.right_time, "right_time"),
    )
    for time, field in zip(times, ("left_time", "right_time"), strict=True):
        if not time.type.temporal:
            raise GraphError(
                ErrorCode.TYPE_MISMATCH,
                f"An as-of join compares dates or datetimes, but {time.name!r} is {time.type}.",
                field=field,
                column=time.name,
                hint="Choose a date or datetime column.",
            )
    refuse_clash(times, "right_time")
    if config.right_time in _BUCKET_TIMES and find(inputs[1], KNOWN_AT) is not None:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{config.right_time!r} is before the bucket's numbers were known: joining on it looks ahead.",
            field="right_time",
            column=config.right_time,
            hint=f"Choose {KNOWN_AT!r}.",
        )
    return times


def apply(config: AsOfJoinConfig, relations: tuple[Relation, ...]) -> Relation:
    """ASOF JOIN."""
    left, right = relations
    inputs = left.schema, right.schema
    pairs = [(a.name, b.name) for a, b in key_pairs(config, inputs)]
    as_of = AsOf(
        (config.left_time, config.right_time),
        forward=config.direction == "forward",
        exact=config.allow_exact,
        tolerance=_span(config.tolerance),
    )
    return joined_as_of(left, right, config.join_type, pairs, as_of, names(inputs))


def _span(tolerance: str | None) -> tuple[int, str] | None:
    """``5m`` as (5, "minute")."""
    return None if tolerance is None else (int(tolerance[:-1]), _UNITS[tolerance[-1]])


NODE = NodeType(
    "asof_join",
    AsOfJoinConfig,
    infer,
    apply,
    "To each row of one input, the row of another that is nearest in time.",
    ports=PORTS,
    stores=frozenset({"clickhouse"}),
)
