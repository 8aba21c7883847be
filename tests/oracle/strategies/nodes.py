"""Configurations of one node of each type, given what its input offers.

Each function draws a configuration and says which of the output's columns are exact (see ``formulas``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from flowforge.types import Column, find
from oracle.relation import Relation
from oracle.strategies.formulas import KINDS, Formulas
from oracle.strategies.pick import below, chance, pick, some
from oracle.strategies.values import value

ALIASES = (
    "out", "price", "x", "total é", "seq", "count", "select", "sum", "date", "user", "f", "symbol 2", "x.y", "1st",
)  # fmt: skip
"""Some are names of columns that may exist: aliases that mean something else inside are a classic trap."""

NEW_NAME = re.compile(r'[^\x00-\x1f\x7f"`\\\[\]]{1,128}')
"""What a column that is made can be called."""

PATTERNS = ("%", "a%", "%x", "_", "%\\%", "a\\_b", "%'%", "%é%", "__", "", "%\\\\%", "line%")
FORMULA_DEPTH = 3


@dataclass(frozen=True)
class Input:
    """A relation under construction, and which of its columns may decide something."""

    relation: Relation
    exact: frozenset[str]

    @property
    def columns(self) -> list[Column]:
        """The columns that may decide something."""
        return [column for column in self.relation.schema if column.name in self.exact]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [column.name for column in self.columns]


Drawn = tuple[dict[str, Any], frozenset[str]]


def filter_(draw: st.DrawFn, given: Input) -> Drawn:
    """Conditions, sometimes nested, on values that often occur."""
    return _group(draw, given, nested=False), given.exact


def _group(draw: st.DrawFn, given: Input, *, nested: bool) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = []
    for _ in range(draw(below(3)) + (not nested)):
        if not nested and chance(draw, 20):
            conditions.append(_group(draw, given, nested=True))
        else:
            conditions.append(_condition(draw, given, pick(draw, given.columns)))
    return {"logic": pick(draw, ("AND", "OR", "OR")), "filters": conditions}


def _condition(draw: st.DrawFn, given: Input, column: Column) -> dict[str, Any]:
    kinds = [">=", "!=", "=", "<=", "<", ">", "NOT IN", "IN", "BETWEEN", "IS NULL", "IS NOT NULL"]
    if column.type.kind == "string":
        kinds += ["LIKE", "NOT LIKE"]
    if column.type.kind == "boolean":
        kinds = ["=", "!=", "IN", "NOT IN", "IS NULL", "IS NOT NULL"]
    operator = pick(draw, kinds)
    config: dict[str, Any] = {"column": column.name, "operator": operator}
    if operator in ("IN", "NOT IN"):
        config["value"] = [_value(draw, given, column) for _ in range(draw(below(4)))]
    elif operator == "BETWEEN":
        config["value"] = [_value(draw, given, column) for _ in range(2)]
    elif operator in ("LIKE", "NOT LIKE"):
        config["value"] = pick(draw, PATTERNS)
    elif not operator.startswith("IS"):
        config["value"] = _value(draw, given, column)
    return config


ODD_VALUES: Mapping[str, tuple[Any, ...]] = {
    "int64": (0.5, "1.5", "-0.25", 2.0, "3", 9007199254740993),
    "decimal": (0.1, 1.5, "0.1000000000001", -2, "10"),
    "float64": (0.125, "0.5", 1, "-2"),
    "date": ("2024-02-29T12:00:00Z", "2024-03-10"),
    "datetime": ("2024-03-10", "2024-03-10T02:00:00-05:00", "2024-01-02 14:31"),
}
"""Other ways to write a value, and values that the column cannot hold."""


def _value(draw: st.DrawFn, given: Input, column: Column) -> Any:
    index = given.relation.index(column.name)
    present = [row[index] for row in given.relation.rows if row[index] is not None and _has_json(row[index])]
    if present and chance(draw, 60):
        return wire(pick(draw, present))
    if column.type.kind in ODD_VALUES and chance(draw, 40):
        return pick(draw, ODD_VALUES[column.type.kind])
    drawn = value(draw, column.type)
    return wire(drawn) if _has_json(drawn) else 0.0


def _has_json(cell: Any) -> bool:
    """Whether a configuration can say it: JSON has neither NaN nor infinity."""
    return not isinstance(cell, float) or math.isfinite(cell)


def wire(value: Any) -> Any:
    """A value as JSON configurations write it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def select(draw: st.DrawFn, given: Input) -> Drawn:
    """Some columns in any order."""
    chosen = some(draw, [column.name for column in given.relation.schema], 1, 6)
    return {"columns": chosen}, given.exact & frozenset(chosen)


def formula(draw: st.DrawFn, given: Input) -> Drawn:
    """A new column, or one in the place of an old one."""
    kind = pick(draw, ("number", "number", *KINDS))
    text = Formulas(draw, given.relation.schema, given.exact).of(kind, FORMULA_DEPTH)
    old = [column.name for column in given.relation.schema if NEW_NAME.fullmatch(column.name)]
    name = pick(draw, old) if old and chance(draw, 25) else pick(draw, ALIASES)
    exact = given.exact | {name} if kind != "float64" else given.exact - {name}
    return {"expression": text, "output_column": name}, exact


def sort(draw: st.DrawFn, given: Input) -> Drawn:
    """One to three columns."""
    names = some(draw, given.names, 1, 3)
    return {
        "sorts": [{"column": name, "direction": pick(draw, ("asc", "desc"))} for name in names]
    }, given.exact


def limit(draw: st.DrawFn, given: Input) -> Drawn:
    """A few rows, sometimes not the first."""
    config = {"rows": pick(draw, (5, 3, 1, 0, 8, 20))}
    if chance(draw, 40):
        config["offset"] = draw(below(4))
    return config, given.exact


def group_by(draw: st.DrawFn, given: Input) -> Drawn:
    """Up to two keys and three aggregates; aliases may take the name of a column."""
    names = given.names if chance(draw, 15) else [name for name in given.names if name != "seq"]
    keys = some(draw, names, 0, 2)
    made: list[dict[str, Any]] = []
    exact = set(keys)
    for _ in range(draw(below(4)) + (not keys)):
        config = aggregation(draw, given)
        name = config.get("alias") or "_".join(filter(None, (config["function"], config.get("column"))))
        if name in {*keys, *[each["name"] for each in made]}:
            continue
        if is_exact(given, config["function"], config.get("column")):
            exact.add(name)
        made.append({"name": name, "config": config})
    aggregations = [each["config"] for each in made]
    return {"group_by": keys, "aggregations": aggregations}, frozenset(exact)


def is_exact(given: Input, function: str, name: str | None) -> bool:
    """Whether the aggregate of that column has one exact value, not a float that may differ in the last bit."""
    column = find(given.relation.schema, name or "")
    floating = function == "stddev" or (column is not None and column.type.kind == "float64")
    return not floating or function in ("count", "count_distinct", "min", "max", "first", "last")


def aggregation(draw: st.DrawFn, given: Input) -> dict[str, Any]:
    """One aggregate that these columns suffice for."""
    numbers = [column.name for column in given.columns if column.type.numeric]
    numbers = [name for name in numbers if name != "seq"] or numbers
    ordered = [column.name for column in given.columns if column.type.kind != "boolean"]
    has_tape = given.relation.tape is not None
    functions = ["count", "count_distinct"]
    functions += ["sum", "avg", "median", "stddev", "vwap"] if numbers else []
    functions += ["min", "max"] if ordered else []
    functions += ["first", "last"] if has_tape or "seq" in given.exact else []
    function = pick(draw, functions)
    config: dict[str, Any] = {"function": function}
    if function in ("sum", "avg", "median", "stddev", "vwap"):
        config["column"] = pick(draw, numbers)
    elif function in ("min", "max"):
        config["column"] = pick(draw, ordered)
    elif function != "count" or chance(draw, 50):
        config["column"] = pick(draw, given.names)
    if function == "vwap":
        config["weight"] = pick(draw, numbers)
    if function in ("first", "last") and (not has_tape or chance(draw, 50)):
        config["by"] = pick(draw, given.names) if has_tape else "seq"
    if chance(draw, 40):
        config["alias"] = pick(draw, ALIASES)
    return config


def chart(draw: st.DrawFn, given: Input) -> Drawn:
    """One or two numbers over another column."""
    names = [column.name for column in given.relation.schema]
    y = some(draw, [column.name for column in given.relation.schema if column.type.numeric], 1, 2)
    y = y[: len(names) - 1]
    axes = some(draw, [name for name in names if name not in y], 1, 2)
    config: dict[str, Any] = {"x": axes[0], "y": y, **({"series": axes[1]} if len(axes) == 2 else {})}
    return config, given.exact & frozenset([*axes, *y])


def kpi(draw: st.DrawFn, given: Input) -> Drawn:
    """One or two numbers."""
    names = some(draw, [column.name for column in given.relation.schema if column.type.numeric], 1, 2)
    config = dict(zip(("value", "comparison"), names, strict=False))
    return config, given.exact & frozenset(names)


def _numbers(given: Input) -> list[str]:
    return [column.name for column in given.relation.schema if column.type.numeric]


def candlestick(draw: st.DrawFn, given: Input) -> Drawn:
    """A time, four or five numbers."""
    times = [column.name for column in given.relation.schema if column.type.temporal]
    names = [pick(draw, times), *some(draw, _numbers(given), 4, 5)]
    fields = ("time", "open", "high", "low", "close", "volume")
    return dict(zip(fields, names, strict=False)), given.exact & frozenset(names)


def heatmap(draw: st.DrawFn, given: Input) -> Drawn:
    """A number and two other columns."""
    value = pick(draw, _numbers(given))
    names = [*some(draw, [each for each in _names(given) if each != value], 2, 2), value]
    return dict(zip(("x", "y", "value"), names, strict=True)), given.exact & frozenset(names)


def treemap(draw: st.DrawFn, given: Input) -> Drawn:
    """A number and one to three other columns."""
    value = pick(draw, _numbers(given))
    path = some(draw, [each for each in _names(given) if each != value], 1, 3)
    return {"path": path, "value": value}, given.exact & frozenset([*path, value])


def pivot_table(draw: st.DrawFn, given: Input) -> Drawn:
    """Any columns, at least two."""
    first, *names = some(draw, _names(given), 2, 5)
    values = names[: draw(below(len(names))) + 1]
    config = {"rows": [first], "columns": names[len(values) :], "values": values}
    return config, given.exact & frozenset([first, *names])


def _names(given: Input) -> list[str]:
    return [column.name for column in given.relation.schema]


def drawable(given: Input) -> list[str]:
    """The terminal nodes that these columns suffice for."""
    numbers, columns = len(_numbers(given)), len(given.relation.schema)
    timed = any(column.type.temporal for column in given.relation.schema)
    found = ["table_view", *(["kpi"] if numbers else []), *(["pivot_table"] if columns > 1 else [])]
    if numbers and columns > 1:
        found += ["line_chart", "bar_chart", "scatter", "treemap"]
    if numbers and columns > 2:
        found.append("heatmap")
    return [*found, "candlestick"] if timed and numbers > 3 else found


def table_view(draw: st.DrawFn, given: Input) -> Drawn:
    """The first page that a viewer sees does not change the rows."""
    return {"page": pick(draw, (0, 0, 0, 1)), "page_size": draw(below(12)) + 1}, given.exact


Draw = Callable[[st.DrawFn, Input], Drawn]

INNER: Mapping[str, Draw] = {
    "filter": filter_,
    "select": select,
    "formula": formula,
    "sort": sort,
    "group_by": group_by,
    "limit": limit,
}
TERMINAL: Mapping[str, Draw] = {
    "table_view": table_view,
    "line_chart": chart,
    "bar_chart": chart,
    "scatter": chart,
    "kpi": kpi,
    "candlestick": candlestick,
    "heatmap": heatmap,
    "treemap": treemap,
    "pivot_table": pivot_table,
}
WEIGHTED = (
    "filter",
    "formula",
    "group_by",
    "sort",
    "limit",
    "select",
    "formula",
    "group_by",
    "filter",
    "formula",
)
"""How often each inner type comes."""
