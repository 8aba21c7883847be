"""Python values of a row-wise driver as wire values (API.md): what ClickHouse's formats do by themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flowforge.types import ColumnType

Encoder = Callable[[Any], Any]


def encoder(column_type: ColumnType) -> Encoder:
    """The function from a driver's value to its JSON value; NULL is handled by the caller."""
    return _ENCODERS.get(column_type.kind, str)


def decimal_text(value: Decimal | int) -> str:
    """Plain digits without an exponent and without trailing zeros: ``1.5``, ``-3``, ``0``."""
    if isinstance(value, int):
        return str(value)
    if not value.is_finite():
        raise ValueError("not a finite decimal")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def datetime_text(value: datetime) -> str:
    """ISO 8601 in UTC with ``Z``; a value without a zone is UTC. Microseconds only if there are any."""
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds")[:-6] + "Z"


def _decimal(value: Any) -> str | None:
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return decimal_text(value if isinstance(value, Decimal | int) else Decimal(str(value)))


def _float(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _date(value: date) -> str:
    return value.isoformat()[:10]


_ENCODERS: dict[str, Encoder] = {
    "string": str,
    "int64": lambda value: str(int(value)),
    "float64": _float,
    "decimal": _decimal,
    "date": _date,
    "datetime": datetime_text,
    "boolean": bool,
}
