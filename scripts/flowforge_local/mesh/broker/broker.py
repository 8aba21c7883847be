"""The Brokers of the mesh at work: their streams, one dispatcher per Trigger, the ingress, and trimming."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flowforge.stores.resp import FAILURES, Client, connect
from flowforge_local.mesh.broker.dispatcher import READ_SECONDS, Dispatcher
from flowforge_local.mesh.broker.following import Following
from flowforge_local.mesh.broker.ingress import Ingress
from flowforge_local.mesh.broker.log import EventLog
from flowforge_local.mesh.broker.posting import Posting
from flowforge_local.mesh.broker.subscriber import FunctionSubscriber, Subscriber, UrlSubscriber
from flowforge_local.mesh.manifests import Broker, Manifests, Trigger
from flowforge_local.mesh.manifests.delivery import Delivery
from flowforge_local.mesh.manifests.destination import Destination
from flowforge_local.mesh.revision import Revision

log = logging.getLogger("flowforge.broker")

ANSWER_SECONDS = 3.0
REST_SECONDS = 0.1
TRIM_EVERY = 10.0


@dataclass(frozen=True)
class Mesh:
    """What subscribers are found through; ``secret`` is the credential of deliveries to functions."""

    revisions: Mapping[str, Revision]
    secret: str


class Brokers:
    """All Brokers of the manifests. ``start`` returns at once; while Valkey is away the ingress answers 503."""

    def __init__(self, manifests: Manifests, redis_url: str, mesh: Mesh) -> None:
        self._mesh = mesh
        self._post = Posting()
        self._redis_url = redis_url
        self._client = connect(ANSWER_SECONDS, redis_url)
        self._readers: list[Client] = []
        self._brokers = {broker.name: broker for broker in manifests.of(Broker)}
        self._triggers = manifests.of(Trigger)
        self._logs = {name: EventLog(self._client, name) for name in self._brokers}
        self._following = {name: Following(self._logs[name], self._reader(name)) for name in self._brokers}
        self.ingress = Ingress(self._logs)
        self.dispatchers = [self._dispatcher(trigger) for trigger in self._triggers]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to deliver as soon as Valkey answers."""
        self._tasks.append(asyncio.create_task(self._run(), name="broker"))

    async def aclose(self) -> None:
        """Stop; what is not settled is delivered after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._post.aclose()
        for client in (*self._readers, self._client):
            await client.aclose()

    async def check(self) -> None:
        """Raise unless events are taken and delivered."""
        if not self.ingress.ready or any(task.done() for task in self._tasks):
            raise ConnectionError("the broker is not running")
        await self._client("PING")

    async def _run(self) -> None:
        await self._open()
        self.ingress.ready = True
        async with asyncio.TaskGroup() as group:
            for dispatcher in self.dispatchers:
                group.create_task(dispatcher.run(), name=f"trigger {dispatcher.trigger.name}")
            for name, following in self._following.items():
                group.create_task(following.run(), name=f"broker {name}")
            group.create_task(self._trim())

    async def _open(self) -> None:
        said = False
        while True:
            try:
                for name, events in self._logs.items():
                    wanted = [each.name for each in self._triggers if each.spec.broker == name]
                    for gone in await events.open(wanted):
                        log.warning("Trigger %s is gone, and with it what it had not delivered", gone)
            except FAILURES as error:
                if not said:
                    log.info("The broker waits for Valkey: %s", error)
                    said = True
                await asyncio.sleep(REST_SECONDS)
            else:
                return

    async def _trim(self) -> None:
        while True:
            for name, events in self._logs.items():
                try:
                    await events.trim()
                except FAILURES as error:
                    log.warning("The events of broker %s were not trimmed: %s", name, error)
            await asyncio.sleep(TRIM_EVERY)

    def _dispatcher(self, trigger: Trigger) -> Dispatcher:
        name = trigger.spec.broker
        delivery = trigger.spec.delivery or self._brokers[name].spec.delivery
        if delivery is None:
            raise ValueError(f"Trigger {trigger.name} has no delivery, and neither has its Broker")
        subscriber = self._subscriber(trigger.spec.subscriber)
        if subscriber is None:
            raise ValueError(f"Trigger {trigger.name}: {trigger.spec.subscriber} is not on this machine")
        return Dispatcher(
            trigger,
            delivery,
            self._logs[name],
            self._reader(name),
            self._following[name],
            subscriber,
            self._dead_letters(delivery),
        )

    def _reader(self, name: str) -> EventLog:
        """The same streams over a connection of its own: whoever waits there for events holds up nobody."""
        client = connect(READ_SECONDS + ANSWER_SECONDS, self._redis_url)
        self._readers.append(client)
        return EventLog(client, name)

    def _dead_letters(self, delivery: Delivery) -> Subscriber | None:
        """The sink beside the stream of dead letters, which stands for a KafkaSink on this machine."""
        return self._subscriber(delivery.dead_letter_sink)

    def _subscriber(self, destination: Destination) -> Subscriber | None:
        reference = destination.ref
        if reference is None:
            return UrlSubscriber(str(destination.uri), self._post)
        if reference.kind != "Service":
            return None
        revision = self._mesh.revisions[reference.name]
        return FunctionSubscriber(reference.name, revision, destination.path, self._post, self._mesh.secret)
