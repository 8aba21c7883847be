"""A Broker of class Kafka, and the ConfigMap that says how its topic is made.

``eventing-kafka-broker/control-plane/pkg/reconciler/kafka/topic.go`` reads the keys. The class is immutable and its
default differs from cluster to cluster, so it is written out.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from flowforge_local.mesh.manifests.delivery import Delivery
from flowforge_local.mesh.manifests.destination import Reference
from flowforge_local.mesh.manifests.kafka import addresses
from flowforge_local.mesh.manifests.model import DnsLabel, Object

CLASS = "eventing.knative.dev/broker.class"
KAFKA = "Kafka"
PARTITIONS, REPLICATION = "default.topic.partitions", "default.topic.replication.factor"
SERVERS = "bootstrap.servers"
AUTH = "auth.secret.ref.name"
TOPIC_CONFIG = "default.topic.config."
_COUNT = re.compile(r"[1-9]\d{0,4}")


class BrokerMetadata(Object):
    """Name and class."""

    name: DnsLabel
    namespace: DnsLabel | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str]

    @model_validator(mode="after")
    def _class(self) -> Self:
        for name in self.annotations:
            if name != CLASS:
                raise ValueError(f"annotations.{name}: not an annotation this project uses on a Broker")
        if self.annotations.get(CLASS) != KAFKA:
            raise ValueError(f"annotations.{CLASS}: must be {KAFKA!r}, not {self.annotations.get(CLASS)!r}")
        return self


def _config_map(reference: Reference) -> Reference:
    if (reference.api_version, reference.kind) != ("v1", "ConfigMap"):
        raise ValueError(
            f"a Broker of class Kafka is configured by a v1 ConfigMap, not {reference.api_version} {reference.kind}"
        )
    return reference


class BrokerSpec(Object):
    """The configuration, and the delivery of Triggers that bring none of their own."""

    config: Annotated[Reference, AfterValidator(_config_map)]
    delivery: Delivery | None = None


class Broker(Object):
    """One pool of events."""

    api_version: Literal["eventing.knative.dev/v1"]
    kind: Literal["Broker"]
    metadata: BrokerMetadata
    spec: BrokerSpec

    @property
    def name(self) -> str:
        """The Broker's name, the last part of its address."""
        return self.metadata.name


def require_broker_config(data: dict[str, str]) -> None:
    """Raise ValueError, which names the key, unless a ConfigMap's data makes a Broker's topic."""
    for name in (PARTITIONS, REPLICATION, SERVERS):
        if name not in data:
            raise ValueError(f"data.{name}: a Broker of class Kafka needs it")
    for name, value in data.items():
        if name in (PARTITIONS, REPLICATION):
            if not _COUNT.fullmatch(value):
                raise ValueError(f"data.{name}: {value!r} is not a number from 1 to 99999")
        elif name == SERVERS:
            try:
                addresses(value.split(","))
            except ValueError as error:
                raise ValueError(f"data.{name}: {error}") from None
        elif name != AUTH and not name.startswith(TOPIC_CONFIG):
            raise ValueError(f"data.{name}: a Broker of class Kafka has no such setting")
