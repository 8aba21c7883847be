"""``limit``: the first rows of the incoming order (of any order, where none is defined)."""

from __future__ import annotations

from pydantic import Field

from flowforge.nodes.base import NodeConfig, NodeType
from flowforge.relation import Relation
from flowforge.types import Schema

MAX_ROWS = 1_000_000_000


class LimitConfig(NodeConfig):
    """How many rows to keep after skipping some."""

    rows: int = Field(ge=0, le=MAX_ROWS)
    offset: int = Field(default=0, ge=0, le=MAX_ROWS)


def infer(config: LimitConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Unchanged."""
    return inputs[0]


def apply(config: LimitConfig, relations: tuple[Relation, ...]) -> Relation:
    """LIMIT and OFFSET."""
    return relations[0].limit(config.rows, config.offset)


NODE = NodeType("limit", LimitConfig, infer, apply, "The first rows.")
