"""A Knative Service as this project writes it: one revision template, one container, our annotations."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from flowforge_local.mesh.manifests.annotations import AUTOSCALING, ROUTES, Scaling, routes, scaling
from flowforge_local.mesh.manifests.container import Container
from flowforge_local.mesh.manifests.model import DnsLabel, No, Object
from flowforge_local.mesh.manifests.volume import PodSecurityContext, Volume
from flowforge_local.mesh.routing import Route

VISIBILITY = "networking.knative.dev/visibility"


class ServiceMetadata(Object):
    """The Service's own metadata; the routes live here."""

    name: DnsLabel
    namespace: DnsLabel | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.annotations:
            if name.startswith(AUTOSCALING):
                raise ValueError(
                    f"annotations.{name}: autoscaling annotations belong under spec.template.metadata"
                )
            if name != ROUTES:
                raise ValueError(f"annotations.{name}: not an annotation this project uses")
        for name in self.labels:
            if name.startswith("networking.knative.dev/") and name != VISIBILITY:
                raise ValueError(f"labels.{name}: the only networking label is {VISIBILITY}")
        routes(self.annotations, self.name)
        return self


class TemplateMetadata(Object):
    """The revision template's metadata; scaling lives here. Names are given by the mesh."""

    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.annotations:
            if not name.startswith(AUTOSCALING):
                raise ValueError(f"annotations.{name}: not an annotation this project uses")
        try:
            scaling(self.annotations)
        except ValueError as error:
            raise ValueError(f"annotations.{error}") from None
        return self


class RevisionSpec(Object):
    """How requests reach the container. Seconds; 600 is the cluster's maximum for one request."""

    container_concurrency: int = Field(default=0, ge=0, le=1000)
    timeout_seconds: int = Field(default=300, ge=1, le=600)
    response_start_timeout_seconds: int | None = Field(default=None, ge=1, le=600)
    service_account_name: DnsLabel | None = None
    automount_service_account_token: No = False
    enable_service_links: No = False
    security_context: PodSecurityContext | None = None
    containers: tuple[Container, ...] = Field(strict=False, min_length=1, max_length=1)
    volumes: tuple[Volume, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _volumes(self) -> Self:
        names = [volume.name for volume in self.volumes]
        volumes = {volume.name: volume for volume in self.volumes}
        if len(volumes) < len(names):
            raise ValueError("volumes: two of them have one name")
        mounts = {mount.name: mount for mount in self.containers[0].volume_mounts}
        for name in sorted(mounts.keys() - volumes.keys()):
            raise ValueError(f"containers.0.volumeMounts: there is no volume {name}")
        for name in sorted(volumes.keys() - mounts.keys()):
            raise ValueError(f"volumes: {name} is mounted nowhere, which Knative refuses")
        for name, mount in mounts.items():
            if volumes[name].persistent_volume_claim.read_only and not mount.read_only:
                raise ValueError(f"containers.0.volumeMounts: {name} must be readOnly, as its volume is")
        return self

    @model_validator(mode="after")
    def _timeouts(self) -> Self:
        start = self.response_start_timeout_seconds
        if start is not None and start > self.timeout_seconds:
            raise ValueError(
                f"responseStartTimeoutSeconds {start} is more than timeoutSeconds {self.timeout_seconds}"
            )
        return self


class RevisionTemplate(Object):
    """What each new revision is made from."""

    metadata: TemplateMetadata = TemplateMetadata()
    spec: RevisionSpec


class ServiceSpec(Object):
    """One template; traffic always goes to the latest ready revision."""

    template: RevisionTemplate


class KnativeService(Object):
    """One function of the mesh."""

    api_version: Literal["serving.knative.dev/v1"]
    kind: Literal["Service"]
    metadata: ServiceMetadata
    spec: ServiceSpec

    @property
    def name(self) -> str:
        """The Service's name, which is the function's."""
        return self.metadata.name

    @property
    def routes(self) -> tuple[Route, ...]:
        """The calls it answers."""
        return routes(self.metadata.annotations, self.name)

    @property
    def scaling(self) -> Scaling:
        """How it scales."""
        return scaling(self.spec.template.metadata.annotations)

    @property
    def container(self) -> Container:
        """Its one container."""
        return self.spec.template.spec.containers[0]

    @property
    def environment(self) -> dict[str, str]:
        """The literal variables of the container."""
        return {variable.name: variable.value for variable in self.container.env}
