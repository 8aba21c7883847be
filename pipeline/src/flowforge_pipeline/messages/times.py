"""Instants in messages: ISO 8601 with an offset ↔ nanoseconds since 1970, exactly."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?(Z|z|[+-]\d\d:?\d\d)\Z", re.ASCII
).match
_LARGEST = (1 << 63) - 1


def nanoseconds_of(text: str) -> int | None:
    """The instant, or None where the text is not one (a date that does not exist, no offset, …).

    Digits beyond the ninth of a second are cut off.
    """
    found = _ISO(text)
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    seconds = _seconds(day, clock, offset)
    if seconds is None:
        return None
    nanoseconds = seconds * 1_000_000_000 + (int(fraction.ljust(9, "0")) if fraction else 0)
    return nanoseconds if -_LARGEST <= nanoseconds <= _LARGEST else None


@lru_cache(maxsize=4096)
def _seconds(day: str, clock: str, offset: str) -> int | None:
    """Neighbouring messages share their second: most calls are answered from memory."""
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if offset in 'Zz' else offset}")
    except ValueError:
        return None
    return int(moment.astimezone(UTC).timestamp())
