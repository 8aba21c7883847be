"""What users do wrong: one thing at a time, in a configuration or in the graph around it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Document = dict[str, Any]
Container = dict[str, Any] | list[Any]

_WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "nope",
    [],
    {},
    ["nope"],
    {"column": "nope"},
    "x" * 129,
)
_RENAMED = ("renamed", "symbol", "price", 'with "quotes"', "")


def break_config(random: Random, config: dict[str, Any]) -> dict[str, Any]:
    """A copy of a configuration with one place in it changed, taken away, doubled or added."""
    broken = copy.deepcopy(config)
    places = list(_places(broken))
    if not places or random.random() < 0.1:
        broken["unheard_of"] = 1
        return broken
    container, key = random.choice(places)
    match random.choice(("misspell", "misspell", "misspell", "replace", "remove", "double", "parameter")):
        case "misspell" if isinstance(_get(container, key), str):
            _set(container, key, _get(container, key) + "x")
        case "remove":
            container.pop(key)
        case "double" if isinstance(container, list):
            container.append(_get(container, key))
        case "parameter":
            _set(container, key, {"param": random.choice(("p", "q", "nope"))})
        case _:
            _set(container, key, copy.deepcopy(random.choice(_WRONG)))
    return broken


def _places(value: Any) -> Iterator[tuple[Container, Any]]:
    """Every (container, key) below a JSON value."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _get(container: Container, key: Any) -> Any:
    return container[key]


def _set(container: Container, key: Any, value: Any) -> None:
    container[key] = value


def rename_upstream(random: Random, graph: Document) -> None:
    """Another name for a column that a formula or an aggregate makes: what uses it breaks."""
    made = [(node["data"], "output_column") for node in graph["nodes"] if node["type"] == "formula"]
    for node in graph["nodes"]:
        aggregations = node["data"].get("aggregations")
        if isinstance(aggregations, list):
            made += [(each, "alias") for each in aggregations if isinstance(each, dict)]
    if made:
        maker, name = random.choice(made)
        maker[name] = random.choice(_RENAMED)


def remove_wire(random: Random, graph: Document) -> None:
    """An input that nothing is connected to."""
    if graph["edges"]:
        graph["edges"].pop(random.randrange(len(graph["edges"])))


def add_wire(random: Random, graph: Document) -> None:
    """One wire too many; it may close a loop."""
    source, target = (random.choice(graph["nodes"])["id"] for _ in range(2))
    graph["edges"].append({"id": "extra", "source": source, "target": target, "targetHandle": None})


def dangling_wire(random: Random, graph: Document) -> None:
    """A wire from a node that is not there."""
    graph["edges"].append({"id": "dangling", "source": "gone", "target": graph["nodes"][0]["id"]})


def unknown_kind(random: Random, graph: Document) -> None:
    """A node type that does not exist."""
    random.choice(graph["nodes"])["type"] = random.choice(("fliter", "pivot_chart", ""))


def other_table(random: Random, graph: Document) -> None:
    """A source that now reads a table which is not there, or has other columns."""
    graph["nodes"][0]["data"] = random.choice(
        (
            {"database": "flowforge", "table": "raw_trade"},
            {"database": "metrics", "table": "rolling_volatility"},
            {"database": "secret", "table": "raw_trades"},
        )
    )


def same_id(random: Random, graph: Document) -> None:
    """Two nodes of one id."""
    graph["nodes"][-1] = graph["nodes"][-1] | {"id": graph["nodes"][0]["id"]}


MISTAKES: tuple[Callable[[Random, Document], None], ...] = (
    rename_upstream,
    rename_upstream,
    remove_wire,
    add_wire,
    dangling_wire,
    unknown_kind,
    other_table,
    other_table,
    same_id,
)
