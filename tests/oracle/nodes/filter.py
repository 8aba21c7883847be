"""``filter``: the rows for which a condition holds; one that is NULL does not hold.

An empty group restricts nothing; an empty ``IN`` list matches nothing, an empty ``NOT IN`` everything.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flowforge.types import ColumnType
from oracle.context import Context
from oracle.formula.logic import all_of, any_of
from oracle.formula.promotion import comparable
from oracle.relation import Poison, Relation, Row, looked_at

Test = Callable[[Row], Any]

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    test = group(config, relation)
    if test is None:
        return relation
    return relation.arranged([at for at, row in enumerate(relation.rows) if looked_at(test(row))])


def group(config: Mapping[str, Any], relation: Relation) -> Test | None:
    """Conditions joined by AND (the default) or OR; None if there are none."""
    found = [
        group(each, relation) if "filters" in each or "logic" in each else condition(each, relation)
        for each in config.get("filters", [])
    ]
    tests = [test for test in found if test is not None]
    decide = any_of if config.get("logic") == "OR" else all_of
    return (lambda row: decide([test(row) for test in tests])) if tests else None


def condition(config: Mapping[str, Any], relation: Relation) -> Test:
    """One comparison of a column with values."""
    name, index = config["operator"], relation.index(config["column"])
    value: Any = config.get("value")
    type_ = relation.schema[index].type
    if name == "IS NULL":
        return lambda row: row[index] is None
    if name == "IS NOT NULL":
        return lambda row: row[index] is not None
    if name in ("NOT IN", "NOT LIKE"):
        positive = condition({**config, "operator": name.removeprefix("NOT ")}, relation)
        return lambda row: _negated(positive(row))
    if name == "IN":
        tests = [_against(operator.eq, index, type_, each) for each in value]
        return lambda row: any_of([test(row) for test in tests])
    if name == "BETWEEN":
        bounds = [
            _against(each, index, type_, end)
            for each, end in zip((operator.ge, operator.le), value, strict=True)
        ]
        return lambda row: all_of([test(row) for test in bounds])
    if name == "LIKE":
        pattern = like(value)
        return lambda row: _applied(lambda text: pattern.fullmatch(text) is not None, row[index])
    return _against(COMPARISONS[name], index, type_, value)


def like(pattern: str) -> re.Pattern[str]:
    """``%`` is any text, ``_`` any one character, a backslash takes the next literally."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    words = {"%": ".*", "_": "."}
    return re.compile("".join(words.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)


def _against(test: Callable[[Any, Any], bool], index: int, type_: ColumnType, value: Any) -> Test:
    constant = read(value, type_)
    kind = ColumnType("datetime") if isinstance(constant, datetime) else type_

    def compared(cell: Any) -> bool:
        a, b = comparable([cell, constant], [type_, kind])
        return test(a, b)

    return lambda row: _applied(compared, row[index])


def read(value: Any, type_: ColumnType) -> Any:
    """A configured value as what the column is compared with; numbers stay exact, texts may be numbers."""
    if type_.kind in ("int64", "decimal"):
        return Decimal(value if isinstance(value, str | int) else repr(value))
    if type_.kind == "float64":
        return float(value)
    if type_.kind in ("date", "datetime"):
        if type_.kind == "date" and len(value) == 10:
            return date.fromisoformat(value)
        instant = datetime.fromisoformat(value)
        return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    return value


def _applied(test: Callable[[Any], bool], cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, Poison) else test(cell)


def _negated(value: Any) -> Any:
    return value if value is None or isinstance(value, Poison) else not value
