"""``union``: the rows of several inputs one under the other, columns matched by their names.

Columns come in the order of the first input, then those that only later inputs have; where an input
lacks one, it is NULL. Types that differ are promoted to a common one. ``distinct`` keeps one of equal
rows, and NULL equals NULL. The rows come in no order.
"""

from __future__ import annotations

from typing import Literal

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula import rules
from flowforge.nodes.base import NodeConfig, NodeType, Port
from flowforge.relation import Relation, united
from flowforge.types import Column, Schema

MAX_INPUTS = 100


class UnionConfig(NodeConfig):
    """Whether equal rows are all kept, or one of them."""

    mode: Literal["all", "distinct"] = "all"


def infer(config: UnionConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Every name once, with the type that holds all its values."""
    found: dict[str, Column] = {}
    seen: dict[str, int] = {}
    for index, schema in enumerate(inputs):
        for column in schema:
            known = found.get(column.name)
            found[column.name] = column if known is None else _both(known, column, index)
            seen[column.name] = seen.get(column.name, 0) + 1
    return tuple(
        Column(each.name, each.type, each.nullable or seen[each.name] < len(inputs))
        for each in found.values()
    )


def _both(known: Column, column: Column, index: int) -> Column:
    type_ = rules.common([known.type, column.type])
    if type_ is None:
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"{column.name!r} is {known.type} in one input and {column.type} in another.",
            field=f"inputs.{index}",
            column=column.name,
            hint="Convert one of them in a formula node first, or rename it.",
        )
    return Column(column.name, type_, known.nullable or column.nullable)


def apply(config: UnionConfig, relations: tuple[Relation, ...]) -> Relation:
    """UNION ALL or UNION DISTINCT."""
    schema = infer(config, tuple([relation.schema for relation in relations]))
    return united(relations, schema, distinct=config.mode == "distinct")


NODE = NodeType(
    "union", UnionConfig, infer, apply, "The rows of several inputs.", ports=(Port(None, 2, MAX_INPUTS),)
)
