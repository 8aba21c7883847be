"""One reading of a Broker's stream for all of its Triggers that keep up.

Each Trigger's consumer group says what it was given and what of it is not settled, as if it had read for itself: one
transaction moves the groups on and enters the wanted events as pending. So an event is read, decoded and judged once
per machine and not once per Trigger, and what a Trigger does not want needs no acknowledgement.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from flowforge.stores.resp import FAILURES
from flowforge_local.mesh.broker.dispatcher import LINGER_SECONDS, READ_AT_ONCE, READ_SECONDS, Dispatcher
from flowforge_local.mesh.broker.entries import Entry, number
from flowforge_local.mesh.broker.log import EventLog

log = logging.getLogger("flowforge.broker")


class Following:
    """The Triggers that follow, and how far they have come together."""

    def __init__(self, events: EventLog, reader: EventLog) -> None:
        self._log = events
        self._reader = reader
        self._position = b"0-0"
        self._followers: dict[Dispatcher, asyncio.Future[None]] = {}
        self._joined = asyncio.Event()

    def join(self, dispatcher: Dispatcher) -> bool:
        """Follow from now on; False for one that is behind, which reads on for itself and asks again."""
        if not self._followers:
            self._position = dispatcher.position
        elif number(dispatcher.position) < number(self._position):
            return False
        self._followers[dispatcher] = asyncio.get_running_loop().create_future()
        self._joined.set()
        return True

    async def left(self, dispatcher: Dispatcher) -> None:
        """Wait until the Trigger has to read for itself; raises what the store failed with, if it did."""
        await self._followers[dispatcher]

    def leave(self, dispatcher: Dispatcher, failure: Exception | None = None) -> None:
        """Follow no longer; nothing happens if it does not."""
        leaving = self._followers.pop(dispatcher, None)
        if leaving is None or leaving.done():
            return
        if failure is None:
            leaving.set_result(None)
        else:
            leaving.set_exception(failure)

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            if not self._followers:
                self._joined.clear()
                await self._joined.wait()
            try:
                read = await self._read()
            except FAILURES as error:
                # Whether the groups were moved on is not known: each Trigger looks at its own.
                for each in list(self._followers):
                    self.leave(each, error)
            else:
                await asyncio.sleep(LINGER_SECONDS if read else 0)

    async def _read(self) -> int:
        entries = await self._reader.after(self._position, READ_AT_ONCE, READ_SECONDS)
        if not entries:
            return 0
        taking = self._shares(entries)
        last = self._position = entries[-1].id  # whoever joins from here on must have read these
        given = {each.trigger.name: [entry.id for entry in share] for each, share in taking.items()}
        if given:
            consumer = next(iter(taking)).consumer
            await self._log.give(consumer, last, given)
        for each, share in taking.items():
            each.position = last
            each.start(share)
        return len(entries)

    def _shares(self, entries: Sequence[Entry]) -> Mapping[Dispatcher, Sequence[Entry]]:
        """What each Trigger gets of these; one that cannot hold its share follows no longer."""
        shares: dict[Dispatcher, Sequence[Entry]] = {}
        for each in list(self._followers):
            behind = number(each.position)
            share = [entry for entry in entries if each.wants(entry) and number(entry.id) > behind]
            if len(share) > each.room:
                self.leave(each)
            elif number(entries[-1].id) > behind:
                shares[each] = share
        return shares
