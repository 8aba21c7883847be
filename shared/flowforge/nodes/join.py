"""``join``: rows of two inputs side by side where their keys are equal. NULL equals nothing.

Left columns, then right columns; a right column whose name is taken gets ``_right``, or if that is taken
``_right_2``. A row without a partner is left out (``inner``), or kept with NULLs on the other side. The rows
come in no order.
"""

from __future__ import annotations

from typing import Literal

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import NodeType
from flowforge.nodes.joining import PORTS, KeyedConfig, both, key_pairs, names
from flowforge.relation import Relation, joined
from flowforge.types import Schema

JoinType = Literal["inner", "left", "right", "full"]


class JoinConfig(KeyedConfig):
    """Which rows without a partner are kept, and the keys by which partners are found."""

    join_type: JoinType = "inner"


def infer(config: JoinConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The columns of both sides."""
    for side, given in (
        ("left", config.left_key or config.left_keys),
        ("right", config.right_key or config.right_keys),
    ):
        if not given:
            raise GraphError(
                ErrorCode.INVALID_CONFIG,
                f"No key is chosen on the {side}.",
                field=f"{side}_key",
                hint="Choose the columns whose values must be equal.",
            )
    key_pairs(config, inputs)
    kind = config.join_type
    return both(inputs, left_missing=kind in ("right", "full"), right_missing=kind in ("left", "full"))


def apply(config: JoinConfig, relations: tuple[Relation, ...]) -> Relation:
    """JOIN."""
    left, right = relations
    inputs = left.schema, right.schema
    pairs = [(a.name, b.name) for a, b in key_pairs(config, inputs)]
    return joined(left, right, config.join_type, pairs, names(inputs))


NODE = NodeType("join", JoinConfig, infer, apply, "Rows of two inputs that have equal keys.", ports=PORTS)
