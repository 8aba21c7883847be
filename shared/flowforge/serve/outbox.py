"""Sending what the outbox holds to the broker: after each commit, once a second, and before the process leaves.

At least once: a row is deleted after the broker has accepted it, and its id is the event's id. Several
processes may flush at once; each takes rows that no other has (``FOR UPDATE SKIP LOCKED``).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from flowforge.errors import StoreError
from flowforge.metadata.unsent import Unsent, claim
from flowforge.metadata.waking import on_commit
from flowforge.resources import resource
from flowforge.serve.events import Wire
from flowforge.settings import settings
from flowforge.stores.http import HttpPool

log = logging.getLogger(__name__)

BATCH = 50
EVERY_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 15.0
ANSWER_SECONDS = 5.0
LAST_FLUSH_SECONDS = 3.0
RETRIED = frozenset({404, 408, 409, 429})
"""Statuses below 500 that Knative's delivery retries; every other one is the broker's last word."""


class BrokerAwayError(Exception):
    """The broker did not accept the event now; it may later."""


class Flusher:
    """Sends the outbox of one process to one broker until it is closed."""

    def __init__(self, wire: Wire, sink: str) -> None:
        self._wire = wire
        self._http = HttpPool(sink)
        self._committed = asyncio.Event()
        self._closing = False
        self._forget = on_commit(self._committed.set)
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def aclose(self) -> None:
        """Stop, after one last try to send what is there."""
        self._forget()
        self._closing = True
        self._committed.set()
        # What is being sent is let finish: to cut it would only mean to send it again.
        await asyncio.wait({self._task}, timeout=LAST_FLUSH_SECONDS)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._http.aclose()

    async def _run(self) -> None:
        wait = EVERY_SECONDS  # what another process left waits until the first answers are given
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._committed.wait()
            self._committed.clear()
            last = self._closing
            try:
                await self.flush()
                wait = EVERY_SECONDS
            except (StoreError, BrokerAwayError) as failure:
                if wait <= EVERY_SECONDS:  # said once per outage
                    log.warning("Events stay in the outbox: %s", failure)
                wait = min(max(wait, EVERY_SECONDS) * 2, LONGEST_WAIT_SECONDS)
            if last:
                return

    async def flush(self) -> int:
        """Send everything that is unsent; how many events the broker took. ``BrokerAwayError`` if it is away."""
        total = 0
        while True:
            away: BrokerAwayError | None = None
            async with claim(BATCH) as claimed:
                for row in claimed.rows:
                    try:
                        refusal = await self._send(row)
                    except BrokerAwayError as failure:
                        away = failure
                        break
                    if refusal is None:
                        claimed.sent(row)
                        total += 1
                    else:
                        log.error("Event %s (%s) can never be sent: %s", row.id, row.kind, refusal)
                        claimed.refuse(row, refusal)
            if away is not None:
                raise away
            if len(claimed.rows) < BATCH:
                return total

    async def _send(self, row: Unsent) -> str | None:
        """None once the broker has it; otherwise why it never will."""
        try:
            headers, body = self._wire.encode(
                row.kind,
                row.data,
                component=row.component,
                subject=row.subject,
                tenant=row.tenant,
                id=str(row.id),
                traceparent=row.traceparent,
            )
        except ValueError as invalid:
            return str(invalid)
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._http.post({}, body, headers) as answer:
                await answer.read()
                status = answer.status
        except (OSError, TimeoutError) as gone:
            raise BrokerAwayError(f"the broker does not answer ({gone or type(gone).__name__})") from gone
        if 200 <= status < 300:
            return None
        if status >= 500 or status in RETRIED:
            raise BrokerAwayError(f"the broker answers {status}")
        return f"the broker answers {status}"


_wires: list[Wire] = []


def use(wire: Wire) -> None:
    """How this process writes events; called when its function is loaded."""
    _wires[:] = [wire]


@resource
async def _flusher() -> Flusher:
    sink = settings().broker_url
    assert sink is not None
    return Flusher(_wires[0], sink)


async def start() -> None:
    """Begin to flush, where the function tells of events and a broker is known; ends with ``close_all``."""
    if not _wires:
        return
    if settings().broker_url is None:
        log.warning("K_SINK is not set: events stay in the outbox")
        return
    await _flusher()
