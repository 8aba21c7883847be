"""``formula``: one more column, or a new meaning for an old one in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowforge.types import Column
from oracle.context import Context
from oracle.formula import compile_formula
from oracle.relation import Relation, Row


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    (relation,) = inputs
    formula = compile_formula(config["expression"], relation.schema, context.as_of)
    overflowed = relation.overflowed or any(formula.overflows(row) for row in relation.rows)
    assert formula.term.type is not None
    made = Column(config["output_column"], formula.term.type, nullable=True)
    names = [column.name for column in relation.schema]
    at = names.index(made.name) if made.name in names else len(names)
    schema = (*relation.schema[:at], made, *relation.schema[at + 1 :])

    def extended(row: Row) -> Row:
        return (*row[:at], formula.term.evaluate(row), *row[at + 1 :])

    return replace(relation.mapped(schema, extended), overflowed=overflowed)
