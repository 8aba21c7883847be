"""Where events go: a reference to an addressable object, a URL, or a path on such an object.

``knative.dev/pkg/apis/duck/v1`` (destination.go, knative_reference.go).
"""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from flowforge_local.mesh.manifests.model import DnsLabel, DnsSubdomain, Object


class Reference(Object):
    """An object by its kind and name, in the namespace of whoever refers to it."""

    api_version: str = Field(pattern=r"^([a-z0-9.-]+/)?v\d+((alpha|beta)\d+)?$")
    kind: str = Field(pattern=r"^[A-Z][A-Za-z]*$")
    name: DnsSubdomain
    namespace: DnsLabel | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def _uri(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError(f"{text!r}: an absolute URI must be http(s)://host…")
    if not parts.scheme and not text.startswith("/"):
        raise ValueError(f"{text!r}: a relative URI must begin with '/'")
    return text


class Destination(Object):
    """``ref``, or an absolute ``uri``, or a ``uri`` relative to the address of ``ref``."""

    ref: Reference | None = None
    uri: Annotated[str, AfterValidator(_uri)] | None = None
    ca_certs: str | None = Field(default=None, alias="CACerts")
    audience: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        absolute = self.uri is not None and not self.uri.startswith("/")
        if self.ref is None and self.uri is None:
            raise ValueError("give ref, or uri, or both")
        if self.ref is None and not absolute:
            raise ValueError(f"uri: {self.uri!r} is relative to nothing: give ref as well")
        if self.ref is not None and absolute:
            raise ValueError(f"uri: {self.uri!r} is absolute: ref must not be given as well")
        return self

    @property
    def path(self) -> str:
        """The path on the referenced object."""
        return self.uri or "/"

    def __str__(self) -> str:
        return f"{self.ref}{self.uri or ''}" if self.ref is not None else str(self.uri)
