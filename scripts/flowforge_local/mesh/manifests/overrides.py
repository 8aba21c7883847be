"""Attributes that a source adds to every event (``ceOverrides``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from flowforge_local.mesh.manifests.attributes import attribute_name
from flowforge_local.mesh.manifests.model import Object


def _names(extensions: dict[str, str]) -> dict[str, str]:
    for name in extensions:
        attribute_name(name)
    return extensions


class Overrides(Object):
    """Extension attributes by name."""

    extensions: Annotated[dict[str, str], Field(min_length=1), AfterValidator(_names)]
