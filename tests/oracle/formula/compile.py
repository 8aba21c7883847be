"""Tree → term: names found in the schema, literals read, functions looked up by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from flowforge.types import BOOLEAN, DATE, DATETIME, FLOAT64, INT64, STRING, Column, ColumnType, decimal
from oracle.formula import arithmetic, casts, choice, comparison, logic, mathematics, temporal, text
from oracle.formula.parse import Node, parse
from oracle.formula.term import Term, constant
from oracle.numbers import INT64_MOST
from oracle.relation import Poison, Row

Build = Callable[[Sequence[Term]], Term]

FUNCTIONS: Mapping[str, Build] = {
    **arithmetic.FUNCTIONS,
    **comparison.FUNCTIONS,
    **logic.FUNCTIONS,
    **choice.FUNCTIONS,
    **mathematics.FUNCTIONS,
    **text.FUNCTIONS,
    **temporal.FUNCTIONS,
    **casts.FUNCTIONS,
}

ALIKE: Mapping[str, int] = {
    "=": 0, "<>": 0, "<": 0, "<=": 0, ">": 0, ">=": 0, "IN": 0, "BETWEEN": 0, "IF": 1, "COALESCE": 0,
    "NULLIF": 0, "GREATEST": 0, "LEAST": 0, "DATE_DIFF": 1,
}  # fmt: skip
"""From which argument on a literal text beside a date or a datetime is read as one (CASE: its results)."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula over rows of one schema. ``parts`` are all its calls, the whole one last."""

    term: Term
    parts: tuple[Term, ...]

    def overflows(self, row: Row) -> bool:
        """Whether any part leaves its type: an engine may compute parts that are not needed."""
        return any(isinstance(part.evaluate(row), Poison) for part in self.parts)


def compile_formula(expression: str, schema: Sequence[Column], as_of: datetime | None = None) -> Formula:
    """A valid formula over rows of this schema; ``as_of`` is NOW()."""
    parts: list[Term] = []
    columns = {column.name: Term(column.type, itemgetter(index)) for index, column in enumerate(schema)}

    def visit(node: Node) -> Term:
        if node.kind == "column":
            return columns[node.text]
        if node.kind == "number":
            return number(node.text)
        if node.kind == "text":
            return constant(node.text, STRING)
        if node.kind == "word":
            return constant(None, None) if node.text == "NULL" else constant(node.text == "TRUE", BOOLEAN)
        if node.text == "NOW":
            assert as_of is not None, "NOW() needs the request's time"
            return constant(as_of, DATETIME)
        arguments = [visit(argument) for argument in node.arguments]
        parts.append(FUNCTIONS[node.text](_moments(node.text, arguments)))
        return parts[-1]

    term = visit(parse(expression))
    return Formula(term, tuple(parts))


def number(written: str) -> Term:
    """1 is int64 (decimal from 2^63 on), 1.50 is decimal(3,2), 1e3 is float64."""
    if "e" in written.lower():
        return constant(float(written), FLOAT64)
    whole, _, digits = written.partition(".")
    if not digits:
        if int(whole) <= INT64_MOST:
            return constant(int(whole), INT64)
        return constant(Decimal(whole), decimal(len(str(int(whole))), 0))
    return constant(Decimal(written), decimal(len(str(int(whole))) + len(digits), len(digits)))


def _moments(name: str, arguments: Sequence[Term]) -> list[Term]:
    result = list(arguments)
    group = range(1, len(result), 2) if name == "CASE" else range(ALIKE.get(name, len(result)), len(result))
    members = [*group, len(result) - 1] if name == "CASE" else list(group)
    temporal_types = [t for index in members if (t := result[index].type) is not None and t.temporal]
    if temporal_types:
        for index in members:
            if result[index].type == STRING:
                result[index] = moment(result[index].literal, temporal_types[0])
    return result


def moment(written: Any, type_: ColumnType) -> Term:
    """A literal text as the date or datetime that it is compared with; ISO 8601, UTC unless it says so."""
    if type_ == DATE and re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        return constant(date.fromisoformat(written), DATE)
    instant = datetime.fromisoformat(written)
    return constant(instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC), DATETIME)
