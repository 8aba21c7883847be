"""Send events to the broker after a command wrote: what ends soon cannot coalesce like ``announcer`` does."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from flowforge_events.catalog import DataChanged, EventData
from flowforge_events.envelope import make
from flowforge_events.sending import Sender, SendError
from flowforge_pipeline.loading.derived import Change
from flowforge_pipeline.loading.together import BY_COMMANDS, MOST_SYMBOLS

log = logging.getLogger(__name__)


def changed(change: Change) -> tuple[str, EventData]:
    """Subject and data of the event that tells of a change."""
    symbols = change.symbols if len(change.symbols) <= MOST_SYMBOLS else None
    return change.table, DataChanged(
        table=change.table,
        derived_tables=BY_COMMANDS.get(change.table, ()),
        symbols=symbols,
        watermark=_instant(change.watermark),
        rows=change.rows,
    )


def tell(component: str, events: Sequence[tuple[str, EventData]]) -> None:
    """Send them in order. The rows are written either way: a broker that is away is a warning, not a failure."""
    sender = Sender.of_environment()
    if not sender.has_sink:
        return  # a command on a home that nobody runs: there is nobody to tell
    try:
        for subject, data in events:
            try:
                sender.send(make(data, component=component, subject=subject))
            except SendError as error:
                log.warning("%s changed, but the broker could not be told: %s", subject, error)
    finally:
        sender.close()


def _instant(watermark: datetime | date) -> datetime:
    """A day as its first moment; times are UTC."""
    if isinstance(watermark, datetime):
        return watermark if watermark.tzinfo else watermark.replace(tzinfo=UTC)
    return datetime.combine(watermark, time(), UTC)
