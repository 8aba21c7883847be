"""Volumes of a function: claims on storage that its instances share, and the claims themselves.

Knative admits claims with its features ``kubernetes.podspec-persistent-volume-claim`` and ``-write``. Of its other
volumes ours use none: settings and secrets come as variables.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from flowforge_local.mesh.manifests.model import DnsLabel, Object, quantity


class ClaimSource(Object):
    """A PersistentVolumeClaim of the same namespace."""

    claim_name: DnsLabel
    read_only: bool = False


class Volume(Object):
    """One volume of a revision."""

    name: DnsLabel
    persistent_volume_claim: ClaimSource


class PodSecurityContext(Object):
    """The group that may write what is mounted (feature ``kubernetes.podspec-securitycontext``)."""

    fs_group: int = Field(ge=1)


class ClaimMetadata(Object):
    """Which claim it is."""

    name: DnsLabel
    namespace: DnsLabel | None = None
    labels: dict[str, str] = Field(default_factory=dict)


def _storage(text: str) -> str:
    if quantity(text) <= 0:
        raise ValueError(f"{text!r} must be more than nothing")
    return text


class StorageRequest(Object):
    """How much is asked for."""

    storage: Annotated[str, AfterValidator(_storage)]


class ClaimResources(Object):
    """The request; storage has no limit."""

    requests: StorageRequest


class ClaimSpec(Object):
    """What kind of storage, and how many nodes may mount it at a time."""

    access_modes: tuple[Literal["ReadWriteMany", "ReadWriteOnce"], ...] = Field(
        strict=False, min_length=1, max_length=1
    )
    resources: ClaimResources
    storage_class_name: DnsLabel | None = None


class Claim(Object):
    """Storage that outlives the instances that write it."""

    api_version: Literal["v1"]
    kind: Literal["PersistentVolumeClaim"]
    metadata: ClaimMetadata
    spec: ClaimSpec
