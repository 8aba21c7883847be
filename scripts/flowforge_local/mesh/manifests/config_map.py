"""ConfigMaps of the base: settings by name, all of them texts; those of a Broker's topic are checked as such."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from flowforge_local.mesh.manifests.broker import PARTITIONS, REPLICATION, SERVERS, require_broker_config
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

    @model_validator(mode="after")
    def _of_a_broker(self) -> Self:
        if {PARTITIONS, REPLICATION, SERVERS} & self.data.keys():
            require_broker_config(self.data)
        return self
