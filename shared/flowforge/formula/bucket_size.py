"""How long a bucket of time is: a count and a unit, such as ``5m`` or ``1M``."""

from __future__ import annotations

from flowforge.records import dataclass

SIZE_PATTERN = r"^[1-9][0-9]{0,4}[smhdwM]$"

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
HOUR, DAY = SECONDS["h"], SECONDS["d"]

MOST = {"s": DAY, "m": 1440, "h": 24, "d": 366, "w": 53, "M": 12}
"""The largest count of each unit: seconds, minutes and hours start anew each day, and no bucket is longer
than about a year.
"""


@dataclass(frozen=True, slots=True)
class BucketSize:
    """``unit`` is one of s, m, h, d, w and M (months, of no fixed length)."""

    count: int
    unit: str

    @staticmethod
    def parse(text: str) -> BucketSize:
        """Read a text that ``SIZE_PATTERN`` matches."""
        return BucketSize(int(text[:-1]), text[-1])

    @property
    def allowed(self) -> bool:
        """Whether the count is not too large for its unit."""
        return self.count <= MOST[self.unit]

    @property
    def seconds(self) -> int:
        """Its length; months have none."""
        return self.count * SECONDS[self.unit]

    @property
    def below_day(self) -> bool:
        """Whether it is counted from the start of a day, and not across days."""
        return self.unit in "smh"
