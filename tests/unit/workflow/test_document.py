"""Workflow files: the same bytes for the same workflow, one changed line for one change, nothing lost."""

from __future__ import annotations

import copy
import difflib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowforge.errors import ErrorCode, GraphError
from flowforge.graph import parse_graph
from flowforge_local.workflow.document import canonical, read
from flowforge_local.workflow.json_text import MalformedError

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=12)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)
settings = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), values, max_size=5)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """A graph as React Flow writes it: what it only remembers while it draws is in it, too."""
    ids = draw(
        st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=9), max_size=5, unique=True)
    )
    nodes = [
        {
            "type": draw(st.sampled_from(["filter", "note", "unheard of"])),
            "selected": draw(st.booleans()),
            "measured": {"width": 10},
            **(
                {"position": {"y": draw(st.floats(-1e6, 1e6)), "x": draw(st.integers())}}
                if draw(st.booleans())
                else {}
            ),
            **({"name": draw(st.text(st.characters(codec="utf-8")))} if draw(st.booleans()) else {}),
            **({"style": draw(settings)} if draw(st.booleans()) else {}),
            "data": draw(settings),
            "id": each,
        }
        for each in ids
    ]
    pairs = [(a, b) for index, a in enumerate(ids) for b in ids[index + 1 :]]
    edges = [
        {"source": a, "target": b, "targetHandle": draw(st.none() | st.just("left"))}
        for a, b in (draw(st.lists(st.sampled_from(pairs), max_size=6)) if pairs else [])
    ]
    return {
        "viewport": {"x": 1, "zoom": 2},
        "edges": edges,
        "nodes": nodes,
        "parameters": draw(st.lists(settings, max_size=2)),
    }


def meaning(graph: Any) -> str:
    """Everything but what is only remembered while drawing, whatever the order of the keys."""
    kept = copy.deepcopy(graph)
    kept.pop("viewport", None)
    for node in kept["nodes"]:
        node.pop("selected", None)
        node.pop("measured", None)
    for edge in kept["edges"]:
        if edge.get("targetHandle") is None:
            edge.pop("targetHandle", None)
    return json.dumps(kept, sort_keys=True)


@given(graphs(), st.booleans())
def test_written_read_and_written_again_is_the_same(graph: dict[str, Any], wrapped: bool) -> None:
    source = json.dumps({"name": "A workflow", "graph": graph, "version": 3} if wrapped else graph)
    text = canonical(read(source))
    again = read(text)
    assert canonical(again) == text
    assert again.name == ("A workflow" if wrapped else None)
    assert meaning(again.react_flow()) == meaning(graph)
    assert parse_graph(again.content) == parse_graph(graph)


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(graph: dict[str, Any], random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            random.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(each) for each in value] if isinstance(value, list) else value

    assert canonical(read(json.dumps(shuffled(graph)))) == canonical(read(json.dumps(graph)))


GRAPH: dict[str, Any] = {
    "nodes": [
        {"id": "trades", "type": "data_source", "position": {"x": 0, "y": 0}, "data": {"database": "flowforge", "table": "raw_trades"}},
        {
            "id": "large",
            "type": "filter",
            "position": {"x": 260, "y": 0},
            "data": {"logic": "AND", "filters": [
                {"column": "sequence", "operator": ">", "value": 9007199254740993},
                {"column": "symbol", "operator": "IN", "value": ["AAPL", "MSFT"]},
            ]},
        },
    ],
    "edges": [{"id": "e", "source": "trades", "target": "large"}],
}  # fmt: skip


def lines_that_differ(change: Any) -> tuple[list[str], list[str]]:
    """The lines that a change takes away and adds."""
    other = copy.deepcopy(GRAPH)
    change(other)
    before, after = (canonical(read(json.dumps(graph))).splitlines() for graph in (GRAPH, other))
    found = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return [line[1:] for line in found if line[0] == "-"], [line[1:] for line in found if line[0] == "+"]


def test_a_moved_node_is_one_line_of_layout() -> None:
    gone, new = lines_that_differ(lambda graph: graph["nodes"][1].update(position={"x": 300.5, "y": -1}))
    assert gone == ['  "large": {"x": 260, "y": 0}']
    assert new == ['  "large": {"x": 300.5, "y": -1}']


@pytest.mark.parametrize(
    ("change", "gone", "new"),
    [
        (
            lambda graph: graph["nodes"][1]["data"]["filters"][0].update(operator="<"),
            ['     {"column": "sequence", "operator": ">", "value": 9007199254740993},'],
            ['     {"column": "sequence", "operator": "<", "value": 9007199254740993},'],
        ),
        (lambda graph: graph["nodes"][1]["data"]["filters"][1]["value"].insert(0, "A"), [], ['       "A",']),
        (lambda graph: graph["nodes"][1]["data"].update(logic="OR"), ['    "logic": "AND"'], ['    "logic": "OR"']),
        (
            lambda graph: graph["edges"][0].update(targetHandle="left"),
            ['  {"id": "e", "source": "trades", "target": "large"}'],
            ['  {"id": "e", "source": "trades", "target": "large", "targetHandle": "left"}'],
        ),
    ],
)  # fmt: skip
def test_one_change_is_one_line(change: Any, gone: list[str], new: list[str]) -> None:
    assert lines_that_differ(change) == (gone, new)


def test_numbers_stay_as_they_were_written() -> None:
    text = '{"nodes": [{"id": "a", "type": "filter", "data": {"v": [9007199254740993, 0.10, 1E5, -0]}}]}'
    found = canonical(read(text))
    assert [line.strip(" ,") for line in found.splitlines()[9:13]] == [
        "9007199254740993",
        "0.10",
        "1E5",
        "-0",
    ]


def test_what_cannot_be_seen_is_written_as_escapes() -> None:
    hidden = "\u202e\u200b\ufeff\u2028\x7f\U000e0041é"
    found = canonical(read(json.dumps({"nodes": [{"id": "a", "type": "note", "data": {"text": hidden}}]})))
    assert r'"text": "\u202e\u200b\ufeff\u2028\u007f\udb40\udc41é"' in found
    assert read(found).content["nodes"][0]["data"]["text"] == hidden


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"flowforge": 2, "nodes": []}',
        '{"name": 1, "nodes": []}',
        '{"graph": []}',
        '{"nodes": [], "layout": []}',
        '{"nodes": [], "layout": {"a": 1}}',
    ],
)
def test_other_documents_are_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        read(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", ErrorCode.INVALID_REQUEST),
        ('{"nodes": [{"id": "a", "type": "x"}, {"id": "a", "type": "x"}]}', ErrorCode.DUPLICATE_NODE),
        ('{"nodes": [{"id": "a", "type": "x"}], "edges": [{"source": "a", "target": "a"}]}', ErrorCode.CYCLE),
    ],
)
def test_what_is_no_graph_is_not_rewritten(text: str, code: ErrorCode) -> None:
    with pytest.raises(GraphError) as caught:
        canonical(read(text))
    assert caught.value.code is code
