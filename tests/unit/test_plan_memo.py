"""A plan is found again by all that it was compiled from, and by nothing less."""

from __future__ import annotations

from typing import Any

from flowforge.graph import Graph, parse_graph
from flowforge.results.memo import MAX_PLANS, MAX_WRITTEN_OUT, PlanMemo, key_of
from samples import EVERYONE, FIRM, compiled


def graph(*wires: tuple[str, str], x: int = 0, **data: Any) -> Graph:
    """Two sources and two unions, wired in this order."""
    kinds = {"a": "data_source", "b": "data_source", "one": "union", "two": "union"}
    nodes = [
        {"id": name, "type": kind, "position": {"x": x, "y": 0}, "data": data} for name, kind in kinds.items()
    ]
    edges = [{"id": f"{index}", "source": wire[0], "target": wire[1]} for index, wire in enumerate(wires)]
    return parse_graph({"nodes": nodes, "edges": edges})


WIRES = (("a", "one"), ("a", "one"), ("b", "one"), ("a", "two"), ("one", "two"))


def key(made: Graph, access: Any = FIRM, params: Any = None, target: str = "two", rest: Any = ("1",)) -> Any:
    return key_of(made, target, access, params, rest)


def test_layout_does_not_matter_and_everything_else_does() -> None:
    known = key(graph(*WIRES))
    assert key(graph(*WIRES, x=7)) == known
    others = [
        key(graph(*WIRES, table="x")),
        key(graph(*WIRES), access=EVERYONE),
        key(graph(*WIRES), params={"p": 1}),
        key(graph(*WIRES), target="one"),
        key(graph(*WIRES), rest=("2",)),
    ]
    assert known not in others
    assert len(set(others)) == len(others)


def test_a_wire_belongs_to_the_node_where_it_ends() -> None:
    moved = (("a", "one"), ("a", "one"), ("b", "two"), ("a", "two"), ("one", "two"))
    assert key(graph(*moved)) != key(graph(*WIRES))


def test_the_plan_not_used_for_longest_is_forgotten() -> None:
    memo, plan = PlanMemo(), compiled([])
    keys = [(bytes([index // 256, index % 256]), FIRM) for index in range(MAX_PLANS + 1)]
    for each in keys[:-1]:
        memo.put(each, plan)
    assert memo.get(keys[0]) is plan
    memo.put(keys[-1], plan)
    assert memo.get(keys[0]) is plan
    assert memo.get(keys[1]) is None


def test_the_key_of_a_very_large_graph_is_a_digest() -> None:
    long = "x" * MAX_WRITTEN_OUT
    content, _ = key(graph(*WIRES, table=long))
    assert len(content) < 100
    assert key(graph(*WIRES, table=long)) == (content, FIRM)
    assert key(graph(*WIRES, table=long + "x")) != (content, FIRM)


def test_a_node_beside_the_target_does_not_count() -> None:
    wires = WIRES[:-1]  # now both unions are ends
    assert key(graph(*wires), target="one") == key(graph(*wires[:-1], ("b", "two")), target="one")
