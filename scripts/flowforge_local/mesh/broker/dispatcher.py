"""One Trigger at work: read, filter, deliver with retries, settle.

A Trigger that keeps up follows the one reading of its Broker's stream (:mod:`flowforge_local.mesh.broker.following`);
one that does not – it holds all it may, or was away – reads for itself until it has caught up.

At least once: an event is acknowledged after its subscriber took it or after it lies in the dead letters, never before.
What an earlier process was given and did not settle is delivered first. While Valkey is away deliveries in progress
end, and wait to be settled until it is back.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

from flowforge.stores.resp import FAILURES
from flowforge_local.mesh.broker.entries import Entry
from flowforge_local.mesh.broker.log import EventLog
from flowforge_local.mesh.broker.message import Message
from flowforge_local.mesh.broker.subscriber import NO_RESPONSE, Outcome, Subscriber
from flowforge_local.mesh.manifests.delivery import Delivery
from flowforge_local.mesh.manifests.trigger import Trigger

if TYPE_CHECKING:
    from flowforge_local.mesh.broker.following import Following

log = logging.getLogger("flowforge.broker")

OUTSTANDING = 2_048
"""Events that a Trigger may hold unsettled: what waits for a retry, or a subscriber's start, does not keep the others back."""
READ_AT_ONCE = 128
LINGER_SECONDS = 0.01
"""After a read the next one waits so long: under load it brings many events for the price of one."""
LANES = 8
"""Ordered Triggers deliver one event at a time per lane, as Kafka does per partition."""
READ_SECONDS = 2.0
MOST_JUDGED = 1_024
"""Values of the filtered attributes for which it is remembered whether the Trigger wants them."""
REST_SECONDS = 0.5
MOST_RETRY_AFTER = 60.0
MOST_HOPS = 32
"""An event that comes as a reply to a reply … so often goes round in circles."""
REASON_BYTES = 1024
"""What Knative keeps of an answer (eventing ``attributes.KnativeErrorDataExtensionMaxLength``)."""


class Dispatcher:
    """Delivers one Trigger's events until it is cancelled; ``dead_letters`` gets a copy of what nobody took."""

    def __init__(
        self,
        trigger: Trigger,
        delivery: Delivery,
        events: EventLog,
        reader: EventLog,
        following: Following,
        subscriber: Subscriber,
        dead_letters: Subscriber | None = None,
    ) -> None:
        self.trigger = trigger
        self.delivered = 0
        self.dead = 0
        self._delivery = delivery
        self._timeout = delivery.timeout_seconds or inf
        self._log = events
        self._reader = reader
        self._following = following
        self._subscriber = subscriber
        self._dead_letters = dead_letters
        self._mentioned = sorted(trigger.mentioned)
        self._judged: dict[tuple[str | None, ...], bool] = {}
        self.consumer = f"mesh-{os.getpid()}"
        self.position = b"0-0"
        """The last event that the Trigger was given, or did not want."""
        self._active: dict[bytes, asyncio.Task[None]] = {}
        self._room = asyncio.Event()
        self._sending = asyncio.Semaphore(subscriber.at_once)
        self._lanes = [asyncio.Lock() for _ in range(LANES)] if trigger.ordered else []

    @property
    def outstanding(self) -> int:
        """Events that are being delivered, or wait for a retry."""
        return len(self._active)

    @property
    def room(self) -> int:
        """How many more events it may hold."""
        return OUTSTANDING - len(self._active)

    async def run(self) -> None:
        """Deliver until cancelled; an event in progress then is delivered again by the next process."""
        try:
            while True:
                try:
                    await self._log.ensure_group(self.trigger.name, "0")
                    await self._take(await self._log.unsettled(self.trigger.name, self.consumer))
                    self.position = await self._log.given(self.trigger.name)
                    while True:
                        if self._following.join(self):
                            await self._following.left(self)
                        await self._read()  # whoever could not hold its share takes what it can
                except FAILURES as error:
                    log.warning("Trigger %s: the events are out of reach: %s", self.trigger.name, error)
                    await asyncio.sleep(REST_SECONDS)
        finally:
            self._following.leave(self)
            for task in self._active.values():
                task.cancel()
            await asyncio.gather(*self._active.values(), return_exceptions=True)

    async def _read(self) -> None:
        if self.room <= 0:
            self._room.clear()
            await self._room.wait()
            return
        entries = await self._reader.read(
            self.trigger.name, self.consumer, min(self.room, READ_AT_ONCE), READ_SECONDS
        )
        await self._take(entries)
        if entries:
            self.position = entries[-1].id
            await asyncio.sleep(LINGER_SECONDS)

    async def _take(self, entries: list[Entry]) -> None:
        """Start what is wanted, in order; acknowledge the rest at once."""
        fresh = [entry for entry in entries if entry.id not in self._active]
        self.start([entry for entry in fresh if self.wants(entry)])
        if unwanted := [entry.id for entry in fresh if not self.wants(entry)]:
            await self._log.settle(self.trigger.name, unwanted)

    def start(self, entries: Sequence[Entry]) -> None:
        """Deliver events that the Trigger's group holds for this consumer."""
        for entry in entries:
            task = asyncio.create_task(self._process(entry))
            self._active[entry.id] = task
            task.add_done_callback(lambda _, identifier=entry.id: self._ended(identifier))  # type: ignore[misc]

    def wants(self, entry: Entry) -> bool:
        """Whether the Trigger's filter lets an event through."""
        if entry.only is not None:
            return entry.only == self.trigger.name
        attributes = entry.message.attributes
        key = tuple([attributes.get(name) for name in self._mentioned])
        wanted = self._judged.get(key)
        if wanted is None:
            if len(self._judged) >= MOST_JUDGED:
                self._judged.clear()
            wanted = self._judged[key] = self.trigger.wants(attributes)
        return wanted

    def _ended(self, identifier: bytes) -> None:
        task = self._active.pop(identifier)
        self._room.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Trigger %s: an event waits for the next start", self.trigger.name, exc_info=error)

    async def _process(self, entry: Entry) -> None:
        if not self._lanes:
            await self._deliver(entry)
            return
        key = entry.message.attributes.get("partitionkey", "")
        # Locks are fair: events of a lane are taken in the order in which their tasks were made.
        async with self._lanes[zlib.crc32(key.encode()) % LANES]:
            await self._deliver(entry)

    async def _deliver(self, entry: Entry) -> None:
        tries = 0
        while True:
            async with self._sending:
                outcome = await self._attempt(self._subscriber, entry.message)
            if outcome.taken:
                await self._done(entry, outcome)
                return
            if outcome.final or tries >= self._delivery.retry:
                await self._bury(entry, outcome, tries + 1)
                return
            tries += 1
            await asyncio.sleep(max(self._delivery.pause(tries), min(outcome.retry_after, MOST_RETRY_AFTER)))

    async def _attempt(self, subscriber: Subscriber, message: Message) -> Outcome:
        try:
            async with asyncio.timeout(min(subscriber.patience, self._timeout)):
                return await subscriber.deliver(message)
        except TimeoutError:
            return Outcome(NO_RESPONSE, b"no answer in time")

    async def _done(self, entry: Entry, outcome: Outcome) -> None:
        reply = None
        if outcome.reply is not None:
            reply = Entry(b"", outcome.reply, entry.hops + 1)
            if reply.hops > MOST_HOPS:
                circle = Outcome(508, f"an event in reply to {MOST_HOPS} others is not taken".encode())
                await self._bury(Entry(entry.id, outcome.reply), circle, 1)
                return
        await self._settle(entry, reply=reply)
        self.delivered += 1

    async def _bury(self, entry: Entry, outcome: Outcome, tries: int) -> None:
        letter = entry.message.with_attributes(
            knativeerrordest=self._subscriber.address,
            knativeerrorcode=str(outcome.status),
            knativeerrordata=base64.b64encode(outcome.body[:REASON_BYTES]).decode(),
        )
        log.error(
            "Trigger %s: %s %s is a dead letter after %d tries: %d %s",
            self.trigger.name,
            letter.attributes["type"],
            letter.attributes["id"],
            tries,
            outcome.status,
            outcome.body[:300].decode(errors="replace"),
        )
        if self._dead_letters is not None:
            told = await self._attempt(self._dead_letters, letter)
            if not told.taken:
                log.error("Trigger %s: its dead letter sink answered %d", self.trigger.name, told.status)
        await self._settle(entry, dead=letter)
        self.dead += 1

    async def _settle(self, entry: Entry, *, dead: Message | None = None, reply: Entry | None = None) -> None:
        """What happened has happened: it is written down as soon as Valkey can."""
        while True:
            with suppress(*FAILURES):
                await self._log.settle(self.trigger.name, [entry.id], dead=dead, reply=reply)
                return
            await asyncio.sleep(REST_SECONDS)
