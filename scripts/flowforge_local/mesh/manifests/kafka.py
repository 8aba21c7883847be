"""KafkaSource and KafkaSink: between topics of the Kafka protocol and CloudEvents.

``eventing-kafka-broker/control-plane/pkg/apis/{sources/v1,eventing/v1alpha1}`` (…_validation.go, …_defaults.go).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from flowforge_local.mesh.manifests.delivery import Delivery
from flowforge_local.mesh.manifests.destination import Destination
from flowforge_local.mesh.manifests.model import DnsSubdomain, Object, PlainMetadata
from flowforge_local.mesh.manifests.overrides import Overrides

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_ADDRESS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:(\d{1,5})")


def topic(name: str) -> str:
    """A topic's name as Kafka admits it; raises ValueError."""
    if not _TOPIC.fullmatch(name) or name in (".", ".."):
        raise ValueError(f"{name!r} is not a topic: letters, digits, '.', '_' and '-', at most 249")
    return name


def addresses(servers: Iterable[str]) -> None:
    """Check ``host:port`` texts; raises ValueError that quotes the first bad one."""
    for server in servers:
        match = _ADDRESS.fullmatch(server.strip())
        if match is None or not 1 <= int(match[2]) <= 65535:
            raise ValueError(f"{server!r} is not host:port")


def _servers(servers: tuple[str, ...]) -> tuple[str, ...]:
    addresses(servers)
    return servers


Topic = Annotated[str, AfterValidator(topic)]
Servers = Annotated[tuple[str, ...], Field(strict=False, min_length=1), AfterValidator(_servers)]


class SecretKey(Object):
    """One key of a Secret."""

    name: DnsSubdomain
    key: str = Field(min_length=1)
    optional: bool = False


class FromSecret(Object):
    """A value that stands in a Secret."""

    secret_key_ref: SecretKey


class Sasl(Object):
    """Log-in to the Kafka cluster."""

    enable: bool = False
    user: FromSecret | None = None
    password: FromSecret | None = None
    type: FromSecret | None = None


class Tls(Object):
    """Encryption towards the Kafka cluster."""

    enable: bool = False
    cert: FromSecret | None = None
    key: FromSecret | None = None
    ca_cert: FromSecret | None = None


class Net(Object):
    """How to reach the Kafka cluster."""

    sasl: Sasl | None = None
    tls: Tls | None = None


class KafkaSourceSpec(Object):
    """Topics whose records become events for a sink."""

    bootstrap_servers: Servers
    topics: tuple[Topic, ...] = Field(strict=False, min_length=1)
    consumer_group: str | None = Field(default=None, min_length=1)
    consumers: int = Field(default=1, ge=0)
    initial_offset: Literal["earliest", "latest"] = "latest"
    ordering: Literal["ordered", "unordered"] = "ordered"
    sink: Destination
    delivery: Delivery | None = None
    ce_overrides: Overrides | None = None
    net: Net | None = None


class KafkaSource(Object):
    """Records in, events out."""

    api_version: Literal["sources.knative.dev/v1", "sources.knative.dev/v1beta1"]
    kind: Literal["KafkaSource"]
    metadata: PlainMetadata
    spec: KafkaSourceSpec


class SecretReference(Object):
    """A Secret by name."""

    name: DnsSubdomain


class SecretHolder(Object):
    """Where credentials stand."""

    ref: SecretReference


class KafkaAuth(Object):
    """Credentials of a KafkaSink."""

    secret: SecretHolder


class KafkaSinkSpec(Object):
    """The topic that events are written to."""

    topic: Topic
    bootstrap_servers: Servers
    num_partitions: int | None = Field(default=None, ge=1)
    replication_factor: int | None = Field(default=None, ge=1)
    content_mode: Literal["binary", "structured"] = "structured"
    auth: KafkaAuth | None = None


class KafkaSink(Object):
    """Events in, records out; here it keeps the dead letters."""

    api_version: Literal["eventing.knative.dev/v1alpha1"]
    kind: Literal["KafkaSink"]
    metadata: PlainMetadata
    spec: KafkaSinkSpec
