"""Read a kustomize base and admit what is in it, or say for every fault which file and field.

Kinds are read by :data:`ADMITTED`; the broker's will be added there. Plain Kubernetes kinds, which
mean nothing to one machine, do not belong in this folder.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError

from flowforge_local.mesh.manifests.model import DnsLabel, Object
from flowforge_local.mesh.manifests.service import KnativeService
from flowforge_local.mesh.routing import RouteTable

Model = TypeVar("Model", bound=Object)
KUSTOMIZATION = "kustomization.yaml"
ADMITTED = {("serving.knative.dev/v1", "Service"): KnativeService}


class ManifestError(Exception):
    """Manifests that are not admitted; ``problems`` has one sentence per fault: file, field, reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class LabelRule(Object):
    """Labels that kustomize adds to every object."""

    pairs: dict[str, str]
    include_selectors: Literal[False] = False
    include_templates: bool = False


class Kustomization(Object):
    """The part of kustomize that a base may use: a list of files, labels, a namespace."""

    api_version: Literal["kustomize.config.k8s.io/v1beta1"]
    kind: Literal["Kustomization"]
    namespace: DnsLabel | None = None
    resources: tuple[str, ...] = Field(strict=False, min_length=1)
    labels: tuple[LabelRule, ...] = Field(default=(), strict=False)


class _UniqueKeys(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word; kubectl refuses them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is there twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


def load(folder: Path) -> tuple[KnativeService, ...]:
    """Every Service of the base, in the order of its kustomization; raises ManifestError."""
    root = folder / KUSTOMIZATION
    kustomization = _admit(Kustomization, _only_document(root), root)
    problems = [
        f"{path}: not listed under resources of {root.name}"
        for path in sorted(folder.glob("*.yaml"))
        if path != root and path.name not in kustomization.resources
    ]
    services: list[KnativeService] = []
    for name in kustomization.resources:
        path = folder / name
        try:
            services += [_manifest(document, path) for document in _documents(path)]
        except ManifestError as error:
            problems += error.problems
    problems += _across(services, folder)
    if problems:
        raise ManifestError(problems)
    return tuple(services)


def _across(services: list[KnativeService], folder: Path) -> list[str]:
    names = [service.name for service in services]
    problems = [
        f"{folder}: two Services are named {name}" for name in sorted(set(names)) if names.count(name) > 1
    ]
    try:
        RouteTable(route for service in services for route in service.routes)
    except ValueError as error:
        problems.append(f"{folder}: {error}")
    return problems


def _manifest(document: object, path: Path) -> KnativeService:
    if not isinstance(document, dict):
        raise ManifestError([f"{path}: a manifest must be a mapping, not {type(document).__name__}"])
    kind = (document.get("apiVersion"), document.get("kind"))
    model = ADMITTED.get((str(kind[0]), str(kind[1])))
    if model is None:
        raise ManifestError([f"{path}: kind: {kind[0]}/{kind[1]} is not read by the mesh"])
    return _admit(model, document, path)


def _documents(path: Path) -> Iterator[object]:
    try:
        # _UniqueKeys is a SafeLoader: it builds plain values only.
        yield from yaml.load_all(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)
    except FileNotFoundError:
        raise ManifestError([f"{path}: no such file"]) from None
    except yaml.YAMLError as error:
        raise ManifestError([f"{path}: {' '.join(str(error).split())}"]) from None


def _only_document(path: Path) -> object:
    documents = list(_documents(path))
    if len(documents) != 1:
        raise ManifestError([f"{path}: one document is expected, found {len(documents)}"])
    return documents[0]


def _admit(model: type[Model], document: object, path: Path) -> Model:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise ManifestError(
            [f"{path}: {_place(fault['loc'])}{_reason(fault)}" for fault in error.errors()]
        ) from None


def _place(location: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".") + ": " if parts else ""


def _reason(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "no such field, or not one this project may use"
    if fault["type"] == "none_required" and fault["loc"][-1] == "periodSeconds":
        return "leave it out, so that readiness is polled every 50 ms"
    return str(fault["msg"]).removeprefix("Value error, ")
