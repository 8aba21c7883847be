"""Grouping without keys, so that ClickHouse cannot forget it: it gives one row, also of no rows.

    SELECT 0 FROM t                                       has as many rows as t
    SELECT if(1 IN (1, 2), 0, count()) FROM t             is folded to that, and so is
    SELECT 0 FROM t HAVING count() >= 0

Where no column is sure to keep an aggregate, those that there are get a SELECT of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowforge.compiler.names import free
from flowforge.formula.functions.filtered import FILTER
from flowforge.formula.rewriting import aggregates, rewriter
from flowforge.formula.tree import Call, Expression, Reference, call
from flowforge.relation import Derived, Field, Projection, Relation
from flowforge.types import INT64

_COUNT_ROWS = call("count", (), INT64, nullable=False, aggregate=True)
_FOLDED = frozenset({"IF", "CASE", "COALESCE", "NULLIF"})
"""What may turn out to be one of its operands. Of conditions (count() >= 0) any may turn out to be a constant."""


def stays_grouped(fields: Sequence[Field]) -> bool:
    """Whether one of the columns has an aggregate that nothing can be folded around."""
    stack: list[Expression] = [field.expression for field in fields]
    seen: set[int] = set()
    while stack:
        each = stack.pop()
        if not isinstance(each, Call) or not each.aggregate or id(each) in seen:
            continue
        if _is_whole(each):
            return True
        seen.add(id(each))
        if each.function not in _FOLDED and each.type.kind != "boolean":
            stack.extend(each.arguments)
    return False


def grouped_apart(relation: Relation, fields: Sequence[Field]) -> tuple[Relation, Relation]:
    """These columns of a grouping without keys, over a SELECT with the aggregates that they use; both SELECTs."""
    inner_fields: list[Field] = []

    def column(each: Expression) -> Expression | None:
        """The column that an aggregate gets."""
        if not isinstance(each, Call) or not each.aggregate:
            return each
        if not _is_whole(each):
            return None
        name = each.function if each.label is None else each.label.column
        name = free(name, {field.name for field in inner_fields})
        inner_fields.append(Field(name, each))
        return Reference(name, each.type, each.nullable)

    apart = rewriter(column)
    shown = [replace(each, expression=apart(each.expression)) for each in fields]
    inner = replace(
        relation, fields=Projection(inner_fields or [Field("rows", _COUNT_ROWS)]), order=(), window=None
    )
    outer = replace(
        relation, source=Derived(inner), fields=Projection(shown), keys=None, having=(), where=(), order=()
    )
    return outer, inner


def _is_whole(it: Call) -> bool:
    """Whether it is an aggregate, with what filters its rows."""
    return it.function == FILTER or aggregates(it)
