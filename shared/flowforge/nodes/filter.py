"""``filter``: keeps the rows for which a condition holds. Conditions nest with AND and OR.

A comparison with NULL never holds (SQL's three-valued logic), ``!=`` and ``NOT IN`` included; ``IS
NULL`` finds those rows. An empty ``IN`` list matches nothing, an empty group restricts nothing.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.tree import Constant, Expression, Reference, call
from flowforge.nodes.base import ColumnName, NodeConfig, NodeType, column_of
from flowforge.nodes.values import Value, constant
from flowforge.relation import Relation
from flowforge.types import BOOLEAN, Column, Schema

Logic = Literal["AND", "OR"]
Operator = Literal[
    "=", "!=", ">", "<", ">=", "<=", "LIKE", "NOT LIKE", "IN", "NOT IN", "BETWEEN", "IS NULL", "IS NOT NULL"
]

MAX_DEPTH = 20
MAX_VALUES = 10_000
_PATTERN = re.compile(r"^(?:[^\\]|\\[%_\\])*$", re.DOTALL)


class Condition(NodeConfig):
    """One comparison. ``value`` is a list for IN, NOT IN and BETWEEN, absent for IS [NOT] NULL."""

    column: ColumnName
    operator: Operator
    value: Value | list[Value] | None = None


class ConditionGroup(NodeConfig):
    """Conditions joined by AND or OR."""

    logic: Logic = "AND"
    filters: list[Condition | ConditionGroup] = Field(default_factory=list, max_length=1000)


class FilterConfig(ConditionGroup):
    """What a row must fulfil to be kept."""


def infer(config: FilterConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Unchanged."""
    predicate(config, inputs[0])
    return inputs[0]


def apply(config: FilterConfig, relations: tuple[Relation, ...]) -> Relation:
    """WHERE or HAVING."""
    (relation,) = relations
    condition = predicate(config, relation.schema)
    return relation.filter(condition) if condition is not None else relation


def predicate(
    group: ConditionGroup, schema: Schema, field: str = "filters", depth: int = 1
) -> Expression | None:
    """The condition as an expression over the columns; None if the group restricts nothing."""
    if depth > MAX_DEPTH:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"Conditions nest more than {MAX_DEPTH} levels deep.",
            field=field,
            hint="Flatten the groups, or use several filter nodes.",
        )
    terms: list[Expression] = []
    for index, each in enumerate(group.filters):
        place = f"{field}.{index}"
        if isinstance(each, ConditionGroup):
            term = predicate(each, schema, f"{place}.filters", depth + 1)
        else:
            term = _comparison(each, schema, place)
        if term is not None:
            terms.append(term)
    if len(terms) < 2:
        return terms[0] if terms else None
    return call(group.logic, tuple(terms), BOOLEAN, any(term.nullable for term in terms))


def _comparison(condition: Condition, schema: Schema, place: str) -> Expression:
    column = column_of(schema, condition.column, f"{place}.column")
    subject = Reference(column.name, column.type, column.nullable)
    operator, value, field = condition.operator, condition.value, f"{place}.value"
    if operator in ("IS NULL", "IS NOT NULL"):
        if value is not None:
            raise _bad_value(f"{operator} takes no value.", field, column, "Take it away.")
        test = call("IS NULL", (subject,), BOOLEAN, False)
        return test if operator == "IS NULL" else _not(test)
    if operator in ("IN", "NOT IN"):
        return _membership(
            column, subject, operator == "NOT IN", _values(value, operator, field, column), field
        )
    if operator == "BETWEEN":
        bounds = _values(value, operator, field, column)
        if len(bounds) != 2:
            raise _bad_value(
                "BETWEEN takes a list of two values.", field, column, "Give the least and the greatest one."
            )
        low, high = [constant(column, bound, f"{field}.{index}") for index, bound in enumerate(bounds)]
        return call("BETWEEN", (subject, low, high), BOOLEAN, column.nullable)
    if value is None or isinstance(value, list):
        raise _bad_value(
            f"{operator} takes one value.",
            field,
            column,
            "Use IS NULL or IS NOT NULL to find missing values."
            if value is None
            else "Use IN or BETWEEN for several.",
        )
    if operator in ("LIKE", "NOT LIKE"):
        test = call("LIKE", (subject, _pattern(column, value, field)), BOOLEAN, column.nullable)
        return test if operator == "LIKE" else _not(test)
    name = "<>" if operator == "!=" else operator
    return call(name, (subject, constant(column, value, field)), BOOLEAN, column.nullable)


def _membership(
    column: Column, subject: Expression, negated: bool, values: list[Value], field: str
) -> Expression:
    if not values:
        return Constant(negated, BOOLEAN)
    constants = [constant(column, each, f"{field}.{index}") for index, each in enumerate(values)]
    test = call("IN", (subject, *constants), BOOLEAN, column.nullable)
    return _not(test) if negated else test


def _values(value: object, operator: str, field: str, column: Column) -> list[Value]:
    if not isinstance(value, list):
        raise _bad_value(
            f"{operator} takes a list of values.", field, column, "Put the values into a list: […]."
        )
    if len(value) > MAX_VALUES:
        raise _bad_value(
            f"{operator} takes at most {MAX_VALUES} values.",
            field,
            column,
            "Join with a table of them instead.",
        )
    return value


def _pattern(column: Column, value: Value, field: str) -> Constant:
    if column.type.kind != "string":
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"LIKE needs a text, but {column.name!r} is {column.type}.",
            field=field,
            column=column.name,
            hint="Compare it with = < > or BETWEEN.",
        )
    pattern = constant(column, value, field)
    if not _PATTERN.match(str(pattern.value)):
        raise _bad_value(
            "In a LIKE pattern a backslash stands before %, _ or another backslash.",
            field,
            column,
            r"Write \\ for a backslash itself.",
        )
    return pattern


def _not(test: Expression) -> Expression:
    return call("NOT", (test,), BOOLEAN, test.nullable)


def _bad_value(detail: str, field: str, column: Column, hint: str) -> GraphError:
    return GraphError(ErrorCode.INVALID_CONFIG, detail, field=field, column=column.name, hint=hint)


NODE = NodeType(
    "filter", FilterConfig, infer, apply, "The rows for which a condition holds.", apply_checks=True
)
