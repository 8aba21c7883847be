"""What an expression means, as a value: expressions of one meaning are equal on every row.

Operands of commutative operators count in any order, and a column that a constraint holds equal to a
formula means that formula. Expressions that are equal for deeper reasons have different meanings here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache

from flowforge.catalog import Table
from flowforge.formula.tree import Constant, Expression, Reference
from flowforge.types import find

Meaning = Hashable

_COMMUTATIVE = frozenset({"+", "*", "=", "<>", "AND", "OR"})


def meaning(expression: Expression, computed: Mapping[str, Meaning]) -> Meaning:
    """The meaning, given those of computed columns. It holds types: they decide how a value is rounded."""
    if isinstance(expression, Reference):
        return computed.get(expression.name, ("column", expression.name))
    if isinstance(expression, Constant):
        return ("constant", expression.value, str(expression.type))
    operands = [meaning(each, computed) for each in expression.arguments]
    if expression.function in _COMMUTATIVE:
        operands.sort(key=repr)
    return (expression.function, str(expression.type), tuple(operands))


@lru_cache(maxsize=256)
def computed_columns(table: Table) -> Mapping[str, Meaning]:
    """Meanings of the table's computed columns, without those that are not of their formula's type."""
    found: dict[str, Meaning] = {}
    for name, formula in table.computed:
        column = find(table.columns, name)
        if column is None:
            continue
        from flowforge.formula import analyse  # the language is only loaded where a formula is read

        expression = analyse(formula, table.columns)
        if (expression.type, expression.nullable) == (column.type, column.nullable):
            found[name] = meaning(expression, {})
    return found
