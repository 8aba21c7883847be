"""ConfigMaps of the base: settings by name, all of them texts."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from flowforge_local.mesh.manifests.model import Object, PlainMetadata

_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")


def _keys(data: dict[str, str]) -> dict[str, str]:
    for name in data:
        if not _KEY.fullmatch(name):
            raise ValueError(f"{name!r} is not a key: letters, digits, '-', '_' and '.'")
    return data


class ConfigMap(Object):
    """A number or a boolean without quotes is refused by the API server as well."""

    api_version: Literal["v1"]
    kind: Literal["ConfigMap"]
    metadata: PlainMetadata
    data: Annotated[dict[str, str], AfterValidator(_keys)]
    immutable: bool = False
