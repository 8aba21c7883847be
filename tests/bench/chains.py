"""The chains that every contender compiles, in a form that belongs to none of them.

    source → (filter → formula)* → group by → sort         5, 20 or 100 nodes

``building``: each formula builds on the one before, and each filter asks it (the hard case: written
out, such a chain grows with the square of its length). ``apart``: all of them read source columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Shape = Literal["building", "apart"]
SIZES = (5, 20, 100)
SYMBOLS = ("AAPL", "MSFT")
"""What the tenant may see; every contender filters by it."""


@dataclass(frozen=True)
class Step:
    """``filter``: column > value. ``formula``: name = column + quantity × value."""

    kind: Literal["filter", "formula"]
    column: str
    value: str
    name: str = ""


@dataclass(frozen=True)
class Chain:
    """The steps between source and group-by; ``total`` is the column that is summed."""

    steps: tuple[Step, ...]
    total: str

    def to_json(self) -> dict[str, Any]:
        """For a contender in another process."""
        return {"steps": [vars(step) for step in self.steps], "total": self.total, "symbols": SYMBOLS}


def chain(nodes: int, seed: int, shape: Shape = "building") -> Chain:
    """A chain of so many nodes. Another seed gives other constants: a chain that nobody has seen yet."""
    steps: list[Step] = []
    latest = "price"
    for index in range(nodes - 3):
        column = latest if shape == "building" else "price"
        if index % 2 == 0:
            steps.append(Step("filter", column, f"{index}.{seed:04d}"))
        else:
            latest = f"level_{index // 2 + 1}"
            steps.append(Step("formula", column, f"{index}.{seed:04d}", latest))
    return Chain(tuple(steps), latest)


def document(made: Chain) -> tuple[dict[str, Any], str]:
    """The chain as a graph document, and the id of its last node."""
    parts: list[tuple[str, dict[str, Any]]] = [
        ("data_source", {"database": "flowforge", "table": "trades"}),
        *map(_node, made.steps),
        (
            "group_by",
            {
                "group_by": ["symbol"],
                "aggregations": [{"function": "sum", "column": made.total, "alias": "total"}],
            },
        ),
        ("sort", {"sorts": [{"column": "total", "direction": "desc"}]}),
    ]
    nodes = [
        {"id": f"node_{index}", "type": kind, "position": {"x": 200 * index, "y": 0}, "data": data}
        for index, (kind, data) in enumerate(parts)
    ]
    edges = [
        {"id": f"edge_{index}", "source": f"node_{index}", "target": f"node_{index + 1}"}
        for index in range(len(nodes) - 1)
    ]
    return {"nodes": nodes, "edges": edges}, str(nodes[-1]["id"])


def _node(step: Step) -> tuple[str, dict[str, Any]]:
    if step.kind == "filter":
        condition = {"column": step.column, "operator": ">", "value": step.value}
        return "filter", {"logic": "AND", "filters": [condition]}
    expression = f"[{step.column}] + [quantity] * {step.value}"
    return "formula", {"expression": expression, "output_column": step.name}


def as_text(made: Chain) -> str:
    """The floor: the statement put together from strings, nothing typed, checked, guarded or exact."""
    meaning = {"price": "price"}
    conditions = [f"symbol IN ({', '.join(map(repr, SYMBOLS))})"]
    for step in made.steps:
        if step.kind == "filter":
            conditions.append(f"{step.column} > {step.value}")
        else:
            meaning[step.name] = f"{step.column} + quantity * {step.value} AS {step.name}"
    named = ", ".join(text for name, text in meaning.items() if name != "price")
    return (
        f"{'WITH ' + named if named else ''} SELECT symbol, sum({made.total}) AS total FROM flowforge.trades "
        f"WHERE {' AND '.join(conditions)} GROUP BY symbol ORDER BY total DESC"
    )
