"""The hash is the same for the same question, however it lies on the canvas, and another for another."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowforge.compiler.fingerprint import fingerprint
from flowforge.graph import parse_graph
from oracle.strategies import Case, graphs
from oracle.strategies.further import BINARY, UNARY
from oracle.strategies.nodes import WEIGHTED
from samples import FIRM

Document = dict[str, Any]
CASES = graphs((*WEIGHTED, *UNARY, *BINARY, *BINARY))
UNHURRIED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def hashed(document: Document, target: str) -> str:
    graph = parse_graph(document)
    nodes = graph.upstream(target)
    return fingerprint(graph, nodes, target, catalog_version="1", access=FIRM, parameters={}, as_of=None)


def moved(document: Document, target: str, draw: random.Random) -> tuple[Document, str]:
    """The same question: other ids, places, labels, orders, and nodes that do not lead to the target."""
    other = deepcopy(document)
    ids = [node["id"] for node in other["nodes"]]
    fresh = dict(zip(ids, draw.sample([f"x{number}" for number in range(99)], len(ids)), strict=True))
    for node in other["nodes"]:
        node |= {
            "id": fresh[node["id"]],
            "position": {"x": draw.random(), "y": -3},
            "name": "My node",
            "selected": True,
        }
    for edge in other["edges"]:
        edge |= {"id": str(draw.random()), "source": fresh[edge["source"]], "target": fresh[edge["target"]]}
        if "targetHandle" not in edge:
            edge["targetHandle"] = draw.choice([None, "in"])
    draw.shuffle(other["nodes"])
    places = {id(edge): at for at, edge in enumerate(other["edges"])}
    draw.shuffle(other["edges"])
    unions = {node["id"] for node in other["nodes"] if node["type"] == "union"}
    ordered = iter(
        sorted(
            (each for each in other["edges"] if each["target"] in unions), key=lambda each: places[id(each)]
        )
    )
    other["edges"] = [next(ordered) if each["target"] in unions else each for each in other["edges"]]
    other["nodes"] += [
        {"id": "aside", "type": "note", "data": {"text": "x"}},
        {"id": "later", "type": "limit", "data": {"rows": 1}},
    ]
    other["edges"].append({"id": "z", "source": fresh[target], "target": "later"})
    other["viewport"] = {"zoom": draw.random()}
    return other, fresh[target]


@UNHURRIED
@given(case=CASES, seed=st.integers(0, 10**6))
def test_layout_does_not_count(case: Case, seed: int) -> None:
    document, target = moved(case.graph, case.target, random.Random(seed))
    assert hashed(document, target) == hashed(case.graph, case.target)


@UNHURRIED
@given(case=CASES, data=st.data())
def test_content_counts(case: Case, data: st.DataObject) -> None:
    before = hashed(case.graph, case.target)
    upstream = {node.id for node in parse_graph(case.graph).upstream(case.target)}
    changed = deepcopy(case.graph)
    node = data.draw(st.sampled_from([each for each in changed["nodes"] if each["id"] in upstream]))
    node["data"]["something else"] = 1
    assert hashed(changed, case.target) != before
    wires = [each for each in case.graph["edges"] if each["target"] in upstream]
    if wires:
        cut = data.draw(st.sampled_from(wires))
        fewer = {**case.graph, "edges": [each for each in case.graph["edges"] if each is not cut]}
        assert hashed(fewer, case.target) != before
    ports = {each["targetHandle"]: each for each in wires if each.get("targetHandle")}
    if len(ports) == 2 and ports["left"]["source"] != ports["right"]["source"]:
        swapped = deepcopy(case.graph)
        for edge in swapped["edges"]:
            if (
                edge["id"] in (ports["left"]["id"], ports["right"]["id"])
                and ports["left"]["target"] == ports["right"]["target"]
            ):
                edge["targetHandle"] = {"left": "right", "right": "left"}[edge["targetHandle"]]
        if swapped != case.graph and not _twins(case.graph, ports):
            assert hashed(swapped, case.target) != before


def _twins(document: Document, ports: dict[str, Any]) -> bool:
    """Whether both sides of a join ask the same, so that it does not matter which is which."""
    left, right = (hashed(document, ports[side]["source"]) for side in ("left", "right"))
    return left == right


def test_the_order_of_a_unions_inputs_counts() -> None:
    nodes = [
        *[
            {"id": name, "type": "data_source", "data": {"database": "flowforge", "table": name}}
            for name in "ab"
        ],
        {"id": "u", "type": "union", "data": {}},
    ]
    wires = [{"id": name, "source": name, "target": "u"} for name in "ab"]
    forwards = hashed({"nodes": nodes, "edges": wires}, "u")
    assert hashed({"nodes": nodes[::-1], "edges": wires}, "u") == forwards
    assert hashed({"nodes": nodes, "edges": wires[::-1]}, "u") != forwards
