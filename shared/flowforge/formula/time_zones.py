"""The time zones that can be named: those of the IANA data that the package ``tzdata`` carries.

Not ``zoneinfo.available_timezones()``: it also lists what the machine has, and would differ between
two of them. The browser's list is generated from this one.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

_NO_PLACES = frozenset({"Factory", "localtime"})
"""Names for a clock that nobody has set."""


@cache
def time_zones() -> frozenset[str]:
    """All names, links such as ``US/Eastern`` included."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(listed) - _NO_PLACES
