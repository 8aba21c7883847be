"""Bytes → the members of an envelope, exactly: no number is rounded, no member silently chosen among several.

``orjson`` reads a number with a fraction as a double, and of a name that stands twice it keeps the last value where
others keep the first. A message where either could matter is read once more, slowly, with the numbers' own digits.
A member that is null counts as not there. :data:`MEMBER` and :data:`INEXACT` tell such messages among many.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import orjson

MEMBER = r'"\s*:\s*[^\sn]'
"""One match for each member that is not null, and for text that looks like one."""
INEXACT = r'"\s*:\s*-?(?:[0-9]{19}|[0-9]{9,}\.|[0-9]+\.[0-9]{7}|[0-9.]+[eE])'
"""A number that a double or 64 bits may not hold: others have at most 15 digits, which both do."""
_MOST_DIGITS = 40


class UnreadableError(Exception):
    """The bytes are not one JSON value, or one that different readers would read differently."""


def parse(value: bytes) -> Any:
    """The JSON value; numbers of the envelope and its payload are int or Decimal. Raises UnreadableError."""
    try:
        read = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UnreadableError(f"Not JSON: {error}") from None
    if not isinstance(read, dict):
        return read
    payload = read.get("payload")
    inner = payload if isinstance(payload, dict) else {}
    fractions = float in map(type, read.values()) or float in map(type, inner.values())
    if not fractions and value.count(b'":') == len(read) + len(inner):
        return read
    try:
        return json.loads(value, parse_float=Decimal, object_pairs_hook=_once)
    except RecursionError:
        raise UnreadableError("It is nested too deeply.") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise UnreadableError(f"Not JSON: {error}") from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if found.get(name) is None:
            found[name] = value
        elif value is not None:
            raise UnreadableError(f"{name[:60]!r} stands twice in the same object.")
    return found


def digits(number: Decimal) -> str | None:
    """A number in plain digits, without zeros at its end; None where it has more of them than any column keeps."""
    if abs(number.adjusted()) > _MOST_DIGITS:
        return None
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
