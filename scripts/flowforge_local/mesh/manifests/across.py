"""What no single manifest shows: names given twice, calls claimed twice, references that lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flowforge_events.catalog import EVENTS
from flowforge_local.mesh.manifests.broker import Broker, require_broker_config
from flowforge_local.mesh.manifests.config_map import ConfigMap
from flowforge_local.mesh.manifests.destination import Destination, Reference
from flowforge_local.mesh.manifests.filters import Filter
from flowforge_local.mesh.manifests.kafka import KafkaSink, KafkaSource
from flowforge_local.mesh.manifests.service import KnativeService
from flowforge_local.mesh.manifests.sink_binding import SinkBinding
from flowforge_local.mesh.manifests.trigger import Trigger
from flowforge_local.mesh.manifests.volume import Claim
from flowforge_local.mesh.routing import RouteTable

Kind = TypeVar("Kind")
ADDRESSABLE: dict[tuple[str, str], type[Any]] = {
    ("serving.knative.dev/v1", "Service"): KnativeService,
    ("eventing.knative.dev/v1", "Broker"): Broker,
    ("eventing.knative.dev/v1alpha1", "KafkaSink"): KafkaSink,
}
"""What an event can be sent to, by API version and kind."""
EVENTS_PATH = "/_events"
OURS = "flowforge."
"""Event types that begin so are this project's; it takes any other as it is."""


@dataclass(frozen=True)
class Manifests:
    """The admitted objects of one base, in the order of its files."""

    objects: Sequence[Any]

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The objects of one kind."""
        return tuple(each for each in self.objects if isinstance(each, kind))

    @property
    def services(self) -> tuple[KnativeService, ...]:
        """The functions."""
        return self.of(KnativeService)

    def problems(self) -> list[str]:
        """One sentence per fault: object, field, reason."""
        return [
            *self._names(),
            *self._routes(),
            *self._claims(),
            *self._brokers(),
            *self._triggers(),
            *self._destinations(),
        ]

    def _names(self) -> Iterator[str]:
        counts = Counter((each.kind, each.metadata.name) for each in self.objects)
        for (kind, name), count in counts.items():
            if count > 1:
                yield f"two {kind}s are named {name}"

    def _routes(self) -> Iterator[str]:
        try:
            RouteTable(route for service in self.services for route in service.routes)
        except ValueError as error:
            yield str(error)

    def _claims(self) -> Iterator[str]:
        claims = {each.metadata.name for each in self.of(Claim)}
        for service in self.services:
            for number, volume in enumerate(service.spec.template.spec.volumes):
                name = volume.persistent_volume_claim.claim_name
                if name not in claims:
                    yield (
                        f"Service {service.name}: spec.template.spec.volumes[{number}].persistentVolumeClaim"
                        f".claimName: there is no PersistentVolumeClaim {name}"
                    )

    def _brokers(self) -> Iterator[str]:
        configs = {each.metadata.name: each for each in self.of(ConfigMap)}
        for broker in self.of(Broker):
            config = configs.get(broker.spec.config.name)
            if config is None:
                yield f"Broker {broker.name}: spec.config.name: there is no ConfigMap {broker.spec.config.name}"
                continue
            try:
                require_broker_config(config.data)
            except ValueError as error:
                yield f"ConfigMap {config.metadata.name}: {error}"

    def _triggers(self) -> Iterator[str]:
        brokers = {each.name: each for each in self.of(Broker)}
        for trigger in self.of(Trigger):
            broker_of = brokers.get(trigger.spec.broker)
            if broker_of is None:
                yield f"Trigger {trigger.name}: spec.broker: there is no Broker {trigger.spec.broker}"
            elif trigger.spec.delivery is None and broker_of.spec.delivery is None:
                yield f"Trigger {trigger.name}: spec.delivery: neither it nor its Broker says how to deliver"
            subscriber = trigger.spec.subscriber.ref
            if subscriber is not None and subscriber.kind != "Service":
                yield f"Trigger {trigger.name}: spec.subscriber.ref: {subscriber} is no function of the mesh"
            if subscriber is not None and trigger.spec.subscriber.path != EVENTS_PATH:
                yield f"Trigger {trigger.name}: spec.subscriber.uri: functions take events at {EVENTS_PATH} only"
            for kind in sorted(set(_types(trigger.spec.filters)) - EVENTS.keys()):
                if kind.startswith(OURS):
                    yield f"Trigger {trigger.name}: spec.filters: type {kind!r} is not in the catalogue of events"

    def _destinations(self) -> Iterator[str]:
        for owner, field, destination in self._sent():
            if destination.ref is not None and (reason := self._missing(destination.ref)) is not None:
                yield f"{owner.kind} {owner.metadata.name}: {field}.ref: {reason}"

    def _sent(self) -> Iterator[tuple[Any, str, Destination]]:
        for each in self.of(Trigger):
            yield each, "spec.subscriber", each.spec.subscriber
        bound: Any
        for bound in (*self.of(SinkBinding), *self.of(KafkaSource)):
            yield bound, "spec.sink", bound.spec.sink
        tried: Any
        for tried in (*self.of(Broker), *self.of(Trigger), *self.of(KafkaSource)):
            if tried.spec.delivery is not None:
                yield tried, "spec.delivery.deadLetterSink", tried.spec.delivery.dead_letter_sink

    def _missing(self, reference: Reference) -> str | None:
        kind = ADDRESSABLE.get((reference.api_version, reference.kind))
        if kind is None:
            return f"{reference.api_version} {reference.kind} is nothing that this project sends events to"
        if not any(each.metadata.name == reference.name for each in self.of(kind)):
            return f"there is no {reference}"
        return None


def _types(filters: Iterable[Filter]) -> Iterator[str]:
    """The event types that are named in full, at any depth."""
    for each in filters:
        if each.exact is not None and "type" in each.exact:
            yield each.exact["type"]
        yield from _types(
            (*(each.all or ()), *(each.any or ()), *((each.not_,) if each.not_ is not None else ()))
        )
