"""Random configurations that are valid for the columns they are written over, one writer per kind."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from flowforge.nodes.aggregates import TAKES
from flowforge.types import Column, Schema
from flowforge_local.corpus.catalogue import CATALOG
from flowforge_local.corpus.formulas import formula as formula_text

Config = dict[str, Any]

_NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -3,
    1.5,
    0.000001,
    1e18,
    12345678901234567,
    "1.25",
    "-10",
    "0" * 38,
    1e70,
    5e-324,
)
_VALUES: Mapping[str, tuple[Any, ...]] = {
    "string": ("SPY", "", "it's", "%A_", "a\\%b"),
    "int64": _NUMBERS,
    "float64": _NUMBERS,
    "decimal": _NUMBERS[:-2],
    "date": ("2024-01-31", "2024-01-31T15:30:00Z", "1999-12-31 23:59"),
    "datetime": ("2024-01-31", "2024-01-31T15:30:00.123456+05:30", "2024-02-29 00:00:00"),
    "boolean": (True, False),
}
NAMES = ("value", "notional", "a b", "été", "x" * 128, "symbol", "price")


def data_source(random: Random, schema: Schema) -> Config:
    table = random.choice(list(CATALOG.tables.values()))
    config: Config = {"database": table.database, "table": table.name}
    if random.random() < 0.5:
        config["adjust"] = random.choice(
            ("none", "splits", "total_return") if table.adjustable else ("none",)
        )
    return config


def filter(random: Random, schema: Schema) -> Config:  # noqa: A001 – named as the kind is
    return _group(random, schema, depth=random.choice((0, 0, 1, 2)))


def _group(random: Random, schema: Schema, depth: int) -> Config:
    conditions: list[Config] = [_condition(random, schema) for _ in range(random.randint(0, 3))]
    if depth:
        conditions.append(_group(random, schema, depth - 1))
    logic = random.choice(("AND", "OR", None))
    return {"filters": conditions} | ({"logic": logic} if logic else {})


def _condition(random: Random, schema: Schema) -> Config:
    column = random.choice(schema)
    values = _VALUES[column.type.kind]
    operators = ["=", "!=", ">", "<", ">=", "<=", "IN", "NOT IN", "BETWEEN", "IS NULL", "IS NOT NULL"]
    operator = random.choice(operators + ["LIKE", "NOT LIKE"] * (column.type.kind == "string"))
    condition = {"column": column.name, "operator": operator}
    if operator in ("IS NULL", "IS NOT NULL"):
        return condition
    if operator in ("IN", "NOT IN"):
        return condition | {"value": [random.choice(values) for _ in range(random.randint(0, 3))]}
    if operator == "BETWEEN":
        return condition | {"value": [random.choice(values), random.choice(values)]}
    return condition | {"value": random.choice(values)}


def select(random: Random, schema: Schema) -> Config:
    return {"columns": some(random, schema)}


def rename(random: Random, schema: Schema) -> Config:
    olds = some(random, schema)[: random.randint(0, 3)]
    names = (*NAMES, *[column.name for column in schema])
    return {"renames": {old: random.choice(names) for old in olds}}


def unique(random: Random, schema: Schema) -> Config:
    return random.choice(({}, {"columns": []}, {"columns": some(random, schema)[:3]}))


def sort(random: Random, schema: Schema) -> Config:
    directions: tuple[Config, ...] = ({}, {"direction": "asc"}, {"direction": "desc"})
    return {"sorts": [{"column": name} | random.choice(directions) for name in some(random, schema)[:3]]}


def formula(random: Random, schema: Schema) -> Config:
    name = random.choice((*NAMES, random.choice(schema).name.replace("]", "")))
    return {"expression": formula_text(random, schema), "output_column": name}


def limit(random: Random, schema: Schema) -> Config:
    return {"rows": random.randint(0, 1000)} | random.choice(({}, {"offset": random.randint(0, 10)}))


def group_by(random: Random, schema: Schema) -> Config:
    keys = some(random, schema)[: random.randint(0, 3)]
    made = [_aggregation(random, schema) for _ in range(random.randint(0 if keys else 1, 3))]
    return {"group_by": keys, "aggregations": made}


def pivot(random: Random, schema: Schema) -> Config:
    column = random.choice(schema)
    # They become names, and JavaScript cannot tell numbers beyond 2**53 apart: those travel as texts.
    values = [
        str(each) if isinstance(each, int) and each > 2**53 else each for each in _VALUES[column.type.kind]
    ]
    listed = random.sample(values, random.randint(1, 2))
    aggregation = _aggregation(random, schema)
    aggregation.pop("alias", None)
    if "column" in aggregation:
        aggregation["value"] = aggregation.pop("column")
    rows = some(random, schema)[: random.randint(1, 3)]
    return {"rows": rows, "column": column.name, "column_values": listed} | aggregation


def _aggregation(random: Random, schema: Schema) -> Config:
    function, takes = random.choice(list(TAKES.items()))
    config: Config = {"function": function}
    for name in (*takes.required, *takes.optional):
        fitting = [column for column in schema if column.type.kind in takes.accepts] or schema
        if name in takes.required or random.random() < 0.5:
            config[name] = random.choice(schema if name == "by" else fitting).name
    if random.random() < 0.4:
        config["alias"] = random.choice(NAMES)
    return config


def table_view(random: Random, schema: Schema) -> Config:
    return random.choice(
        ({}, {"page": 3}, {"page": random.randint(0, 20), "page_size": random.choice((1, 500, 1000))})
    )


def line_chart(random: Random, schema: Schema) -> Config:
    numbers = [column for column in schema if column.type.numeric] or schema
    names = some(random, numbers)[: random.randint(1, 3)]
    x, series = (_other(random, schema, names) for _ in range(2))
    return {"x": x, "y": names} | random.choice(({}, {"series": None}, {"series": series}))


bar_chart = line_chart
scatter = line_chart


def kpi(random: Random, schema: Schema) -> Config:
    numbers = [column for column in schema if column.type.numeric] or list(schema)
    value, *others = some(random, numbers)
    return {"value": value} | (
        {"comparison": others[0]} if others else random.choice(({}, {"comparison": None}))
    )


def candlestick(random: Random, schema: Schema) -> Config:
    times = [column for column in schema if column.type.temporal] or schema
    numbers = [column.name for column in schema if column.type.numeric]
    names = random.sample(numbers, min(5, len(numbers))) + [random.choice(schema).name for _ in range(5)]
    config = {"time": random.choice(times).name}
    config |= dict(zip(("open", "high", "low", "close", "volume"), names, strict=False))
    return config | random.choice(({}, {}, {"volume": None}))


def heatmap(random: Random, schema: Schema) -> Config:
    value = random.choice([column for column in schema if column.type.numeric] or schema).name
    return {"x": _other(random, schema, [value]), "y": _other(random, schema, [value]), "value": value}


def treemap(random: Random, schema: Schema) -> Config:
    value = random.choice([column for column in schema if column.type.numeric] or schema).name
    return {"path": [name for name in some(random, schema) if name != value][:3] or [value], "value": value}


def pivot_table(random: Random, schema: Schema) -> Config:
    names = some(random, schema)[:6]
    first, second = sorted((random.randint(1, len(names)), random.randint(1, len(names))))
    values = names[second:] or [random.choice(schema).name]
    return {"rows": names[:first], "columns": names[first:second], "values": values}


def some(random: Random, schema: tuple[Column, ...] | list[Column]) -> list[str]:
    """Names of one or more of the columns, in any order."""
    return [column.name for column in random.sample(list(schema), random.randint(1, len(schema)))]


def _other(random: Random, schema: Schema, names: list[str]) -> str:
    return random.choice([column.name for column in schema if column.name not in names] or names)
