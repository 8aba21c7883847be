"""Kinds of Kubernetes itself, against its own published schemas (kubernetes-validate, offline, strict)."""

from __future__ import annotations

import re
from typing import Any

VERSION = "1.34"
"""The oldest cluster that the manifests are written for."""
_KIND = re.compile(r"[A-Z][A-Za-z]*")
_API_VERSION = re.compile(r"([a-z0-9.-]+/)?v\d+((alpha|beta)\d+)?")


def problems_of(document: dict[str, Any]) -> list[str]:
    """Field and reason of the first fault; empty when there is none."""
    for field, pattern in (("apiVersion", _API_VERSION), ("kind", _KIND)):
        if not pattern.fullmatch(document[field]):
            return [f"{field}: {document[field]!r} is none"]
    try:
        import kubernetes_validate
    except ImportError:
        return ["kind: kubernetes-validate, which knows the kinds of Kubernetes, is not installed"]
    try:
        kubernetes_validate.validate(document, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        return [f"{place.removeprefix('.') or 'manifest'}: {error.message[:300]}"]
    except kubernetes_validate.SchemaNotFoundError:
        kind = f"{document['apiVersion']} {document['kind']}"
        return [f"kind: {kind} is neither a kind of Kubernetes {VERSION} nor one that this project uses"]
    metadata = document.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        return ["metadata.name: an object needs a name"]
    return []
