"""What can become of a message, and what it is judged against."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a message went to quarantine; part of the contract with operators, never renamed."""

    TOO_LARGE = "too_large"
    BAD_JSON = "bad_json"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    WRONG_SCHEMA_VERSION = "wrong_schema_version"
    BAD_VALUE = "bad_value"
    BAD_TIME = "bad_time"
    NEGATIVE_PRICE = "negative_price"
    NEGATIVE_QUANTITY = "negative_quantity"
    OUT_OF_RANGE = "out_of_range"
    TIME_MISMATCH = "time_mismatch"
    KEY_MISMATCH = "key_mismatch"
    FUTURE_TIME = "future_time"
    TOO_OLD = "too_old"
    UNKNOWN_SYMBOL = "unknown_symbol"
    DUPLICATE_ID = "duplicate_id"


@dataclass(frozen=True, slots=True)
class Accepted:
    """Times are nanoseconds since 1970; ``payload`` has every field of its kind."""

    event_id: str
    nanoseconds: int
    ingested: int
    source: str
    entity_id: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The reason, and in words which field and value; ``event_id`` where it could be read."""

    reason: Reason
    detail: str
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What is known outside a message: the latest time it may carry (ns), and every symbol there ever was."""

    latest: int
    symbols: Container[str]
