"""``formula``: one more column, worked out from the others of the same row."""

from __future__ import annotations

from pydantic import Field

from flowforge.formula import analyse
from flowforge.nodes.base import NewColumnName, NodeConfig, NodeType
from flowforge.relation import Relation
from flowforge.types import Column, Schema


class FormulaConfig(NodeConfig):
    """The formula and the column it fills; an existing column of that name is replaced in its place."""

    expression: str = Field(description="For example [price] * [quantity]")
    output_column: NewColumnName


def infer(config: FormulaConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The input and one typed column."""
    expression = analyse(config.expression, inputs[0])
    made = Column(config.output_column, expression.type, expression.nullable)
    if any(column.name == made.name for column in inputs[0]):
        return tuple(made if column.name == made.name else column for column in inputs[0])
    return (*inputs[0], made)


def apply(config: FormulaConfig, relations: tuple[Relation, ...]) -> Relation:
    """A computed field, inlined where it is used."""
    (relation,) = relations
    return relation.extend(config.output_column, analyse(config.expression, relation.schema))


NODE = NodeType("formula", FormulaConfig, infer, apply, "A column computed from others.", apply_checks=True)
