"""``group_by``: one row per combination of keys, with aggregates.

Empty input gives NULL (0 for counts). NULLs are left out of every aggregate except the bare count,
``first`` and ``last``. Without keys there is exactly one row.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.tree import Expression
from flowforge.nodes import aggregates
from flowforge.nodes.base import ColumnName, NewColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.operands import operands, require_order
from flowforge.nodes.ordering import NONE, Ordering
from flowforge.relation import Relation
from flowforge.types import Column, Schema

AggregateFunction = Literal[
    "sum", "avg", "min", "max", "count", "count_distinct", "median", "stddev", "first", "last", "vwap"
]


class Aggregation(NodeConfig):
    """One aggregate.

    ``column`` may only be left out of ``count``. ``by`` orders ``first`` and ``last`` (default: the
    table's trade order). ``weight`` is the quantity of ``vwap``.
    """

    function: AggregateFunction
    column: ColumnName | None = None
    by: ColumnName | None = None
    weight: ColumnName | None = None
    alias: NewColumnName | None = None

    @property
    def output(self) -> str:
        """The alias, or ``function_column`` (``count`` for the bare count)."""
        if self.alias is not None:
            return self.alias
        return self.function if self.column is None else f"{self.function}_{self.column}"


class GroupByConfig(NodeConfig):
    """The keys and the aggregates; at least one of either."""

    group_by: list[ColumnName] = Field(default_factory=list, max_length=100)
    aggregations: list[Aggregation] = Field(default_factory=list, max_length=200)


def infer(config: GroupByConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The keys, then one column per aggregate."""
    if not config.group_by and not config.aggregations:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            "Neither keys nor aggregates are chosen.",
            field="group_by",
            hint="Choose a column to group by, or an aggregate such as count.",
        )
    keys = [column_of(inputs[0], name, f"group_by.{index}") for index, name in enumerate(config.group_by)]
    made = [
        _result(each, inputs[0], grouped=bool(keys), place=f"aggregations.{index}")
        for index, each in enumerate(config.aggregations)
    ]
    names = [*config.group_by, *[column.name for column in made]]
    fields = [f"group_by.{index}" for index in range(len(keys))]
    fields += [f"aggregations.{index}.alias" for index in range(len(made))]
    refuse_duplicates(names, lambda index: fields[index])
    return (*keys, *made)


def _result(each: Aggregation, schema: Schema, *, grouped: bool, place: str) -> Column:
    columns = _operands(each, schema, place)
    expression = aggregates.build(each.function, columns, [], grouped=grouped)
    return Column(each.output, expression.type, expression.nullable)


def _operands(each: Aggregation, schema: Schema, place: str) -> list[Expression]:
    given = {"column": each.column, "weight": each.weight, "by": each.by}
    return operands(each.function, given, schema, lambda name: f"{place}.{name}")


def apply(config: GroupByConfig, relations: tuple[Relation, ...]) -> Relation:
    """GROUP BY."""
    (relation,) = relations
    schema = relation.schema
    grouped = bool(config.group_by)

    def builder(index: int, each: Aggregation) -> aggregates.Builder:
        read = _operands(each, schema, f"aggregations.{index}")

        def build(inner: Relation) -> Expression:
            require_order(each.function, each.by, f"aggregations.{index}.by", ordered=bool(inner.trade_order))
            resolved = [inner.resolve(operand) for operand in read]
            return aggregates.build(each.function, resolved, list(inner.trade_order), grouped=grouped)

        return build

    made = [(each.output, builder(index, each)) for index, each in enumerate(config.aggregations)]
    return relation.group(config.group_by, made)


def orders(config: GroupByConfig, inputs: tuple[Ordering, ...]) -> Ordering:
    """Groups have no order; ``first`` and ``last`` need one of the rows."""
    for index, each in enumerate(config.aggregations):
        require_order(each.function, each.by, f"aggregations.{index}.by", ordered=inputs[0].trade)
    return NONE


NODE = NodeType(
    "group_by",
    GroupByConfig,
    infer,
    apply,
    "One row per combination of keys, with aggregates.",
    orders=orders,
)
