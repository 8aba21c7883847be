"""Read a kustomize base and admit what is in it, or say for every fault which file and field.

Kinds are read by :data:`ADMITTED`. Plain Kubernetes kinds, which mean nothing to one machine, do not belong in this
folder; ConfigMaps do where a Broker reads them, and claims on storage where a Service mounts it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from flowforge_local.mesh.manifests.across import Manifests
from flowforge_local.mesh.manifests.broker import Broker
from flowforge_local.mesh.manifests.config_map import ConfigMap
from flowforge_local.mesh.manifests.kafka import KafkaSink, KafkaSource
from flowforge_local.mesh.manifests.model import DnsLabel, Object
from flowforge_local.mesh.manifests.reading import ManifestError, admit, documents
from flowforge_local.mesh.manifests.service import KnativeService
from flowforge_local.mesh.manifests.sink_binding import SinkBinding
from flowforge_local.mesh.manifests.trigger import Trigger
from flowforge_local.mesh.manifests.volume import Claim

KUSTOMIZATION = "kustomization.yaml"
ADMITTED: dict[tuple[str, str], type[Object]] = {
    ("serving.knative.dev/v1", "Service"): KnativeService,
    ("eventing.knative.dev/v1", "Broker"): Broker,
    ("eventing.knative.dev/v1", "Trigger"): Trigger,
    ("eventing.knative.dev/v1alpha1", "KafkaSink"): KafkaSink,
    ("sources.knative.dev/v1", "SinkBinding"): SinkBinding,
    ("sources.knative.dev/v1", "KafkaSource"): KafkaSource,
    ("sources.knative.dev/v1beta1", "KafkaSource"): KafkaSource,
    ("v1", "ConfigMap"): ConfigMap,
    ("v1", "PersistentVolumeClaim"): Claim,
}


class LabelRule(Object):
    """Labels that kustomize adds to every object."""

    pairs: dict[str, str]
    include_selectors: Literal[False] = False
    include_templates: bool = False


class Kustomization(Object):
    """The part of kustomize that a base may use: a list of files, labels, a namespace, name references."""

    api_version: Literal["kustomize.config.k8s.io/v1beta1"]
    kind: Literal["Kustomization"]
    namespace: DnsLabel | None = None
    resources: tuple[str, ...] = Field(strict=False, min_length=1)
    labels: tuple[LabelRule, ...] = Field(default=(), strict=False)
    configurations: tuple[str, ...] = Field(default=(), strict=False)


def load(folder: Path) -> Manifests:
    """Everything in the base, in the order of its kustomization; raises ManifestError."""
    root = folder / KUSTOMIZATION
    kustomization = admit(Kustomization, _only_document(root), root)
    listed = {*kustomization.resources, *kustomization.configurations}
    problems = [
        f"{path}: not listed under resources of {root.name}"
        for path in sorted(folder.glob("*.yaml"))
        if path != root and path.name not in listed
    ]
    found: list[Any] = []
    for name in kustomization.resources:
        path = folder / name
        try:
            found += [admit_any(document, path) for document in documents(path)]
        except ManifestError as error:
            problems += error.problems
    manifests = Manifests(found)
    if not problems:  # what leads nowhere may only be a fault of the file it should lead to
        problems += [f"{folder}: {each}" for each in manifests.problems()]
    if problems:
        raise ManifestError(problems)
    return manifests


def admit_any(document: object, name: object) -> Object:
    """A document of any kind that the mesh reads; raises ManifestError."""
    if not isinstance(document, dict):
        raise ManifestError([f"{name}: a manifest must be a mapping, not {type(document).__name__}"])
    kind = (document.get("apiVersion"), document.get("kind"))
    model = ADMITTED.get((str(kind[0]), str(kind[1])))
    if model is None:
        raise ManifestError([f"{name}: kind: {kind[0]}/{kind[1]} is not read by the mesh"])
    return admit(model, document, name)


def _only_document(path: Path) -> object:
    found = list(documents(path))
    if len(found) != 1:
        raise ManifestError([f"{path}: one document is expected, found {len(found)}"])
    return found[0]
