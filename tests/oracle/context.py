"""What a node sees beside its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from oracle.relation import Relation


@dataclass(frozen=True, slots=True)
class Context:
    """The tables by ``database.name``, and the request's NOW()."""

    tables: Mapping[str, Relation]
    as_of: datetime | None
