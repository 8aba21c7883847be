"""Tell that tables changed, at most once a second for each: counters in Redis, and an event to the broker.

    with Announcer("vwap") as announcer:
        announcer.changed("metrics.vwap_5min", symbols={"IBM"}, rows=1, watermark=end)

Changes of one second are one ``flowforge.data.changed.v1`` with the symbols of all and the newest
watermark. What the broker does not take is tried again with the next second's, which then names both.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flowforge_pipeline.loading.announce import count
from flowforge_pipeline.loading.teller import Teller
from flowforge_pipeline.loading.together import BY_FLOWS, MOST_SYMBOLS

if TYPE_CHECKING:
    from flowforge_events.sending import Sender

log = logging.getLogger(__name__)


@dataclass
class Pending:
    """What is still to be told of one table."""

    symbols: set[str] = field(default_factory=set)
    columns: set[str] | None = field(default_factory=set)
    rows: int = 0
    watermark: datetime | None = None

    def add(
        self, symbols: Iterable[str], columns: Iterable[str] | None, rows: int, watermark: datetime | None
    ) -> None:
        """One more change."""
        self.symbols.update(symbols)
        self.columns = None if columns is None or self.columns is None else self.columns | set(columns)
        self.rows += rows
        if watermark is not None:
            self.watermark = watermark if self.watermark is None else max(self.watermark, watermark)


class Announcer(Teller):
    """One per process; may be used from any thread."""

    def __init__(self, component: str) -> None:
        super().__init__("announcer")
        self._component = component
        self._pending: dict[str, Pending] = {}

    def changed(
        self,
        table: str,
        *,
        symbols: Iterable[str],
        rows: int,
        watermark: datetime | None,
        columns: Iterable[str] | None = None,
    ) -> None:
        """Rows of these symbols were written; ``columns`` None means all."""
        with self.lock:
            self._pending.setdefault(table, Pending()).add(symbols, columns, rows, watermark)

    def tell(self, sender: Sender) -> None:
        """Count the changes, and send an event for each table."""
        from flowforge_events.sending import RefusedError, UnreachableError

        with self.lock:
            waiting, self._pending = self._pending, {}
        count([name for table in waiting for name in (table, *BY_FLOWS.get(table, ()))])
        for table, pending in waiting.items():
            try:
                sender.send(_event(self._component, table, pending))
            except UnreachableError as error:
                log.warning("%s changed, which the broker could not be told yet: %s", table, error)
                self.changed(
                    table,
                    symbols=pending.symbols,
                    rows=pending.rows,
                    watermark=pending.watermark,
                    columns=pending.columns,
                )
            except RefusedError as error:
                log.error("the broker does not take the change of %s: %s", table, error)


def _event(component: str, table: str, pending: Pending) -> Any:
    from flowforge_events.catalog import DataChanged
    from flowforge_events.envelope import make

    data = DataChanged(
        table=table,
        derived_tables=BY_FLOWS.get(table, ()),
        symbols=tuple(sorted(pending.symbols)) if len(pending.symbols) <= MOST_SYMBOLS else None,
        columns=None if pending.columns is None else tuple(sorted(pending.columns)),
        watermark=pending.watermark,
        rows=pending.rows,
    )
    return make(data, component=component, subject=table)
