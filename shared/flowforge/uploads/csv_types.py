"""The types of a CSV file's columns: what every cell of the column can be read as, without changing it.

int64      -?digits without leading zeros, within 64 bits (007 is an identifier: a string)
decimal    -?digits.digits, at most 38 digits: never a float, so that every digit is kept
float64    a number with an exponent
boolean    true, false (any case)
date       YYYY-MM-DD
datetime   YYYY-MM-DD, T or a blank, hh:mm[:ss[.fraction]], Z or an offset or nothing (UTC)
string     everything else; also a column without any value
"""

from __future__ import annotations

from typing import Any

from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, ColumnType, decimal

_WHOLE = r"^-?(?:0|[1-9][0-9]{0,37})$"
_NUMBER = r"^-?(?:0|[1-9][0-9]{0,37})(?:\.[0-9]{1,38})?$"
_FLOAT = r"^-?(?:0|[1-9][0-9]{0,307})(?:\.[0-9]{1,40})?[eE][+-]?[0-9]{1,3}$"
_BOOLEAN = r"^(?i:true|false)$"
_DATE = r"^(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}$"
_DATETIME = (
    r"^(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_INT64_DIGITS = 18


def typed(texts: Any) -> tuple[ColumnType, Any]:
    """The type of a column of texts (an Arrow array, NULL where empty), and the column in that type."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = texts.drop_null()
    if len(values) == 0:
        return STRING, texts
    if _all(values, _WHOLE):
        if pc.max(pc.utf8_length(values)).as_py() <= _INT64_DIGITS:
            return INT64, texts.cast(pa.int64())
        try:
            return INT64, texts.cast(pa.int64())
        except pa.ArrowInvalid:
            pass
    if _all(values, _NUMBER):
        found = _decimal(values)
        if found is not None:
            return found, texts.cast(pa.decimal128(found.precision, found.scale))
        return STRING, texts
    if _all(values, f"(?:{_NUMBER})|(?:{_FLOAT})"):
        return FLOAT64, texts.cast(pa.float64())
    if _all(values, _BOOLEAN):
        return BOOLEAN, pc.equal(pc.utf8_lower(texts), "true")
    for pattern, type_, read in ((_DATE, DATE, _dates), (_DATETIME, DATETIME, _datetimes)):
        if _all(values, pattern):
            try:
                return type_, read(texts)
            except (ValueError, OverflowError, pa.ArrowInvalid):
                return STRING, texts  # 2024-02-30 is no day
    return STRING, texts


def _all(values: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


def _decimal(values: Any) -> ColumnType | None:
    """The narrowest usual decimal that holds all values: 18 or 38 digits."""
    import pyarrow.compute as pc

    parts = pc.extract_regex(values, r"^-?(?P<whole>[0-9]+)(?:\.(?P<fraction>[0-9]+))?$")
    whole, scale = (
        pc.max(pc.utf8_length(pc.struct_field(parts, [field]))).as_py() for field in ("whole", "fraction")
    )
    scale = scale or 0
    if whole + scale > 38:
        return None
    return decimal(18 if whole + scale <= 18 else 38, scale)


def _dates(texts: Any) -> Any:
    import pyarrow as pa

    return texts.cast(pa.date32())


def _datetimes(texts: Any) -> Any:
    """Nanoseconds in UTC."""
    import pyarrow as pa

    return pa.array(
        [None if text is None else _instant(text) for text in texts.to_pylist()], pa.timestamp("ns")
    )


def _instant(text: str) -> int:
    from datetime import UTC, datetime

    head, point, rest = text.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))] if point else ""
    zone = rest[len(digits) :] if point else ""
    found = datetime.fromisoformat(head + zone)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    span = found - datetime(1970, 1, 1, tzinfo=UTC)
    return (span.days * 86_400 + span.seconds) * 1_000_000_000 + int(f"{digits:0<9}"[:9] or 0)
