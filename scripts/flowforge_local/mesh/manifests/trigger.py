"""A Trigger: which of a Broker's events go to which subscriber."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from flowforge_local.mesh.manifests.attributes import attribute_name
from flowforge_local.mesh.manifests.delivery import Delivery
from flowforge_local.mesh.manifests.destination import Destination
from flowforge_local.mesh.manifests.filters import Filter
from flowforge_local.mesh.manifests.model import DnsLabel, DnsSubdomain, Object

ORDER = "kafka.eventing.knative.dev/delivery.order"


class TriggerMetadata(Object):
    """Name, and whether order matters."""

    name: DnsSubdomain
    namespace: DnsLabel | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, value in self.annotations.items():
            if name != ORDER:
                raise ValueError(f"annotations.{name}: not an annotation this project uses on a Trigger")
            if value not in ("ordered", "unordered"):
                raise ValueError(f"annotations.{name}: {value!r} is neither 'ordered' nor 'unordered'")
        return self


def _attributes(values: dict[str, str]) -> dict[str, str]:
    for name, value in values.items():
        attribute_name(name)
        if not isinstance(value, str):
            raise ValueError(f"{name}: {value!r} is no text")
    return values


class AttributeFilter(Object):
    """The older filter: every attribute equal to a value; an empty value means any."""

    attributes: Annotated[dict[str, str], AfterValidator(_attributes)]


class TriggerSpec(Object):
    """``filters`` must all hold; without any, every event is wanted."""

    broker: DnsSubdomain
    subscriber: Destination
    filters: tuple[Filter, ...] = Field(default=(), strict=False)
    filter: AttributeFilter | None = None
    delivery: Delivery | None = None

    @model_validator(mode="after")
    def _one_kind_of_filter(self) -> Self:
        if self.filter is not None and "filters" in self.model_fields_set:
            raise ValueError("filter: filters would silently override it; give one of them")
        return self


class Trigger(Object):
    """One subscription to a Broker."""

    api_version: Literal["eventing.knative.dev/v1"]
    kind: Literal["Trigger"]
    metadata: TriggerMetadata
    spec: TriggerSpec

    @property
    def name(self) -> str:
        """The Trigger's name, which is its consumer group's."""
        return self.metadata.name

    @property
    def ordered(self) -> bool:
        """Whether an event waits until the one before it, of the same partition key, was delivered."""
        return self.metadata.annotations.get(ORDER) == "ordered"

    @property
    def mentioned(self) -> frozenset[str]:
        """The attributes that decide whether an event is wanted; no other makes a difference."""
        if self.spec.filter is not None:
            return frozenset(self.spec.filter.attributes)
        return frozenset().union(*(each.mentioned for each in self.spec.filters))

    def wants(self, attributes: Mapping[str, str]) -> bool:
        """Whether an event with these context attributes goes to the subscriber."""
        if self.spec.filter is not None:
            return all(
                name in attributes and value in ("", attributes[name])
                for name, value in self.spec.filter.attributes.items()
            )
        return all(each.matches(attributes) for each in self.spec.filters)
