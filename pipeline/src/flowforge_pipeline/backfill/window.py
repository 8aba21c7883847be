"""The window of a backfill: as it was asked for, widened to whole buckets of the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flowforge_pipeline.problems import PipelineError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(2262, 1, 1, tzinfo=UTC)
"""Nanoseconds since 1970, as trades carry them, end in that year."""


@dataclass(frozen=True, slots=True)
class Window:
    """``[start, end)`` in UTC."""

    start: datetime
    end: datetime

    def widened(self, step: timedelta) -> Window:
        """The least window of whole steps since 1970 that holds this one."""
        first = (self.start - _EPOCH) // step
        last = -((_EPOCH - self.end) // step)
        return Window(_EPOCH + first * step, _EPOCH + last * step)

    def holds(self, expression: str) -> str:
        """The condition that a DateTime64 expression lies in the window."""
        return f"{expression} >= {_literal(self.start)} AND {expression} < {_literal(self.end)}"

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%dT%H:%M:%SZ} to {self.end:%Y-%m-%dT%H:%M:%SZ}"


def parse(start: str, end: str) -> Window:
    """From ISO 8601 instants or days, UTC unless they say otherwise; a day as ``end`` includes that day."""
    first, last = _instant(start), _instant(end)
    if max(first, last) >= _LAST:
        raise PipelineError(
            f"There is no data from {_LAST.year} on.", remedy="Give an earlier --from or --to."
        )
    if len(end.strip()) == len("2024-01-31"):
        last += timedelta(days=1)
    if last <= first:
        raise PipelineError(
            f"The window {start} to {end} is empty.", remedy="--to must be later than --from."
        )
    if first < _EPOCH:
        raise PipelineError("There is no data before 1970.", remedy="Give a later --from.")
    return Window(first, last)


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise PipelineError(
            f'"{text}" is not a time.', remedy="Write 2024-01-31 or 2024-01-31T14:30:00Z."
        ) from error


def _literal(moment: datetime) -> str:
    return f"toDateTime64('{moment:%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
