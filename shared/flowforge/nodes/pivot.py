"""``pivot``: one row per combination of ``rows``, and in it one column per listed value of ``column``.

A cell is the aggregate over the rows of its group that have its value: NULL where there is none (0 for
counts). A value that is not listed makes no column, but its rows still make their group. Columns are
named after their values as TO_TEXT writes them.
"""

from __future__ import annotations

from pydantic import Field, TypeAdapter, ValidationError

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.functions.aggregates import AGGREGATES
from flowforge.formula.functions.filtered import filtered
from flowforge.formula.tree import Constant, Expression, Reference, call
from flowforge.nodes import aggregates
from flowforge.nodes.base import ColumnName, NewColumnName, NodeConfig, NodeType, column_of, refuse_duplicates
from flowforge.nodes.group_by import AggregateFunction
from flowforge.nodes.operands import operands, require_order
from flowforge.nodes.ordering import NONE, Ordering
from flowforge.nodes.values import Value, constant, written
from flowforge.relation import Relation
from flowforge.types import BOOLEAN, Column, Schema

MAX_VALUES = 200
_AGGREGATES = frozenset(AGGREGATES)
_NEW_NAME: TypeAdapter[str] = TypeAdapter(NewColumnName)


class PivotConfig(NodeConfig):
    """The keys, the column that is spread out with its listed values, and the aggregate in the cells.

    ``value`` may only be left out of ``count``. ``by`` and ``weight`` are those of a group by.
    """

    rows: list[ColumnName] = Field(min_length=1, max_length=100)
    column: ColumnName
    column_values: list[Value] = Field(min_length=1, max_length=MAX_VALUES)
    value: ColumnName | None = None
    function: AggregateFunction
    weight: ColumnName | None = None
    by: ColumnName | None = None


def infer(config: PivotConfig, inputs: tuple[Schema, ...]) -> Schema:
    """The keys, then one column per listed value."""
    (schema,) = inputs
    keys = [column_of(schema, name, f"rows.{index}") for index, name in enumerate(config.rows)]
    names = _names(_listed(config, schema))
    cell = aggregates.build(config.function, _operands(config, schema), [], grouped=False)
    refuse_duplicates(
        [*config.rows, *names],
        lambda index: f"rows.{index}" if index < len(keys) else f"column_values.{index - len(keys)}",
    )
    return (*keys, *[Column(name, cell.type, cell.nullable) for name in names])


def _listed(config: PivotConfig, schema: Schema) -> list[Constant]:
    """The values as constants of the column's type; a date is no datetime here."""
    column = column_of(schema, config.column, "column")
    found = [
        constant(column, value, f"column_values.{index}") for index, value in enumerate(config.column_values)
    ]
    for index, each in enumerate(found):
        if column.type.kind == "date" and each.type.kind != "date":
            raise GraphError(
                ErrorCode.TYPE_MISMATCH,
                f"{column.name!r} is date; {config.column_values[index]!r} is datetime.",
                field=f"column_values.{index}",
                column=column.name,
                hint='Give a date like "2024-01-31".',
            )
    return found


def _names(listed: list[Constant]) -> list[str]:
    """The names of the columns that are made; ``INVALID_CONFIG`` where a value's text cannot be one."""
    names = [written(each) for each in listed]
    for index, name in enumerate(names):
        try:
            _NEW_NAME.validate_python(name)
        except ValidationError:
            shown = repr(name)
            raise GraphError(
                ErrorCode.INVALID_CONFIG,
                f"No column can be named {shown if len(shown) <= 64 else f'{shown[:61]}…'}.",
                field=f"column_values.{index}",
                hint="Give the value another text in a formula node first: 1 to 128 characters, no quotes or brackets.",
            ) from None
    return names


def _operands(config: PivotConfig, schema: Schema) -> list[Expression]:
    given = {"column": config.value, "weight": config.weight, "by": config.by}
    return operands(config.function, given, schema, lambda name: "value" if name == "column" else name)


def _conditions(config: PivotConfig, schema: Schema) -> list[Expression]:
    """For each column that is made, which rows count in it."""
    column = column_of(schema, config.column, "column")
    subject = Reference(column.name, column.type, column.nullable)
    return [call("=", (subject, each), BOOLEAN, column.nullable) for each in _listed(config, schema)]


def apply(config: PivotConfig, relations: tuple[Relation, ...]) -> Relation:
    """GROUP BY with one conditional aggregate per listed value."""
    (relation,) = relations
    schema = relation.schema
    read = _operands(config, schema)

    def builder(condition: Expression) -> aggregates.Builder:
        def build(inner: Relation) -> Expression:
            require_order(config.function, config.by, "by", ordered=bool(inner.trade_order))
            resolved = [inner.resolve(operand) for operand in read]
            cell = aggregates.build(config.function, resolved, list(inner.trade_order), grouped=False)
            return filtered(cell, inner.resolve(condition), _AGGREGATES)

        return build

    names = _names(_listed(config, schema))
    made = [(name, builder(each)) for name, each in zip(names, _conditions(config, schema), strict=True)]
    return relation.group(config.rows, made, pivoted=True)


def orders(config: PivotConfig, inputs: tuple[Ordering, ...]) -> Ordering:
    """Groups have no order; ``first`` and ``last`` need one of the rows."""
    require_order(config.function, config.by, "by", ordered=inputs[0].trade)
    return NONE


NODE = NodeType(
    "pivot",
    PivotConfig,
    infer,
    apply,
    "One column per listed value, with aggregates.",
    orders=orders,
    stores=frozenset({"clickhouse"}),
)
