"""Durations as Eventing writes them: ISO 8601 (``PT0.2S``, ``PT1M30S``)."""

from __future__ import annotations

import re

_ISO = re.compile(
    r"P(?!$)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


def iso_duration(text: str) -> float:
    """Seconds; raises ValueError. Years and months have no length, so they are not read.

    >>> iso_duration("PT0.2S"), iso_duration("P1DT1M")
    (0.2, 86460.0)
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an ISO 8601 duration such as PT0.2S or PT1M")
    return sum(float(value) * _SECONDS[unit] for unit, value in match.groupdict().items() if value)
