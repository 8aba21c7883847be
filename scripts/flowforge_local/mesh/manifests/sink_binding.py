"""SinkBinding: gives the pods of other workloads the Broker's address as ``K_SINK``.

``knative.dev/eventing/pkg/apis/sources/v1`` (sinkbinding_validation.go), ``knative.dev/pkg/tracker``.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from flowforge_local.mesh.manifests.destination import Destination
from flowforge_local.mesh.manifests.model import DnsLabel, DnsSubdomain, Object, PlainMetadata
from flowforge_local.mesh.manifests.overrides import Overrides


class Requirement(Object):
    """One label requirement."""

    key: str = Field(min_length=1)
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    values: tuple[str, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _values(self) -> Self:
        if bool(self.values) != (self.operator in ("In", "NotIn")):
            raise ValueError(f"values: {self.operator} {'needs values' if not self.values else 'takes none'}")
        return self


class Selector(Object):
    """Labels of the workloads that are bound."""

    match_labels: dict[str, str] = Field(default_factory=dict)
    match_expressions: tuple[Requirement, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.match_labels and not self.match_expressions:
            raise ValueError("an empty selector would bind everything of that kind")
        return self


class Subject(Object):
    """A workload by name, or all of a kind with certain labels."""

    api_version: str = Field(pattern=r"^([a-z0-9.-]+/)?v\d+((alpha|beta)\d+)?$")
    kind: str = Field(pattern=r"^[A-Z][A-Za-z]*$")
    namespace: DnsLabel | None = None
    name: DnsSubdomain | None = None
    selector: Selector | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.name is None) == (self.selector is None):
            raise ValueError("give exactly one of name and selector")
        return self


class SinkBindingSpec(Object):
    """Who gets the address of what."""

    subject: Subject
    sink: Destination
    ce_overrides: Overrides | None = None


class SinkBinding(Object):
    """One binding."""

    api_version: Literal["sources.knative.dev/v1"]
    kind: Literal["SinkBinding"]
    metadata: PlainMetadata
    spec: SinkBindingSpec
