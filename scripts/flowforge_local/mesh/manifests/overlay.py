"""The part of kustomize that an overlay may use: a base with an image, a namespace, JSON patches, name references.

A strategic-merge patch on a Knative Service replaces its container, image and variables included, since kustomize does
not know that list's key: patches are JSON patches (RFC 6902) and nothing else.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, Field, model_validator

from flowforge_local.mesh.manifests.load import LabelRule
from flowforge_local.mesh.manifests.model import DnsLabel, Object

_VALUED = frozenset({"add", "replace", "test"})
_FROM = frozenset({"move", "copy"})


class Operation(Object):
    """One operation of a JSON patch."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: str = Field(pattern=r"^(/([^~/]|~[01])*)+$")
    value: Any = None
    from_: str | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.op in _VALUED) != ("value" in self.model_fields_set):
            raise ValueError(f"value: {self.op} {'needs one' if self.op in _VALUED else 'takes none'}")
        if (self.op in _FROM) != (self.from_ is not None):
            raise ValueError(f"from: {self.op} {'needs one' if self.op in _FROM else 'takes none'}")
        return self


class Target(Object):
    """What is patched, by regular expressions that match whole names."""

    group: str | None = None
    version: str | None = None
    kind: str
    name: str | None = None
    label_selector: str | None = None


def _json_patch(text: str) -> str:
    try:
        operations = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(operations, list):
        raise ValueError(
            "a strategic-merge patch would replace the container of a Knative Service; write a JSON patch "
            "(a list of op, path and value)"
        )
    for operation in operations:
        Operation.model_validate(operation)
    return text


class Patch(Object):
    """A JSON patch, written in place, and what it applies to."""

    target: Target
    patch: Annotated[str, AfterValidator(_json_patch)]


class Image(Object):
    """Another name, tag or digest of an image."""

    name: str = Field(min_length=1)
    new_name: str | None = None
    new_tag: str | None = None
    digest: str | None = Field(default=None, pattern=r"^sha256:[0-9a-f]{64}$")


class Overlay(Object):
    """What ``knative/overlays/<name>/kustomization.yaml`` says."""

    api_version: Literal["kustomize.config.k8s.io/v1beta1"]
    kind: Literal["Kustomization"]
    namespace: DnsLabel | None = None
    name_prefix: str | None = None
    name_suffix: str | None = None
    resources: tuple[str, ...] = Field(strict=False, min_length=1)
    labels: tuple[LabelRule, ...] = Field(default=(), strict=False)
    images: tuple[Image, ...] = Field(default=(), strict=False)
    patches: tuple[Patch, ...] = Field(default=(), strict=False)
    configurations: tuple[str, ...] = Field(default=(), strict=False)
