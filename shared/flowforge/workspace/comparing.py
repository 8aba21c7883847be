"""What is different between two graphs: nodes, their settings, wires and parameters. Pure.

Where a node stands and how it looks is no difference; React Flow's own keys are none either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

Document = Mapping[str, Any]
NOTHING: dict[str, Any] = {}


class FieldChange(BaseModel):
    """A setting that differs: ``field`` is its path (``filters.0.value``); null is also "not there"."""

    field: str
    before: Any
    after: Any


class NodeSummary(BaseModel):
    """A node that is in one of the graphs only."""

    id: str
    type: str | None
    data: dict[str, Any]


class NodeChange(BaseModel):
    """A node that is in both graphs and means something else."""

    id: str
    type: str | None
    fields: list[FieldChange]


class EdgeSummary(BaseModel):
    """A wire."""

    source: str
    target: str
    target_handle: str | None


class GraphDifference(BaseModel):
    """All that differs; everything is empty where the graphs mean the same."""

    nodes_added: list[NodeSummary]
    nodes_removed: list[NodeSummary]
    nodes_changed: list[NodeChange]
    edges_added: list[EdgeSummary]
    edges_removed: list[EdgeSummary]
    parameters: list[FieldChange]

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not any(getattr(self, name) for name in type(self).model_fields)


def difference(before: Document, after: Document) -> GraphDifference:
    """From one graph document, as it was saved, to another."""
    old, new = _nodes(before), _nodes(after)
    wires_before, wires_after = _edges(before), _edges(after)
    return GraphDifference(
        nodes_added=[_summary(new[node_id]) for node_id in new if node_id not in old],
        nodes_removed=[_summary(old[node_id]) for node_id in old if node_id not in new],
        nodes_changed=[
            NodeChange(id=node_id, type=new[node_id]["type"], fields=fields)
            for node_id in new
            if node_id in old and (fields := list(changes(old[node_id], new[node_id])))
        ],
        edges_added=[_edge(each) for each in wires_after if each not in wires_before],
        edges_removed=[_edge(each) for each in wires_before if each not in wires_after],
        parameters=list(changes(_parameters(before), _parameters(after))),
    )


def changes(before: Any, after: Any, path: str = "") -> Iterator[FieldChange]:
    """The innermost values that differ. Lists of unlike lengths differ as wholes."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from changes(before.get(name), after.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from changes(left, right, f"{path}.{index}")
    elif before != after or type(before) is not type(after):
        yield FieldChange(field=path, before=before, after=after)


def _nodes(document: Document) -> dict[str, dict[str, Any]]:
    """What each node means; the settings' paths begin at the node itself."""
    return {
        str(node["id"]): {"id": node["id"], "type": node.get("type"), "name": node.get("name")}
        | dict(node.get("data") or NOTHING)
        for node in document.get("nodes", ())
    }


def _summary(node: Mapping[str, Any]) -> NodeSummary:
    data = {name: value for name, value in node.items() if name not in ("id", "type") and value is not None}
    return NodeSummary(id=node["id"], type=node["type"], data=data)


def _edges(document: Document) -> list[tuple[str, str, str | None]]:
    return [
        (str(edge["source"]), str(edge["target"]), edge.get("targetHandle"))
        for edge in document.get("edges", ())
    ]


def _edge(wire: Sequence[str | None]) -> EdgeSummary:
    return EdgeSummary(source=str(wire[0]), target=str(wire[1]), target_handle=wire[2])


def _parameters(document: Document) -> dict[str, Any]:
    return {str(each.get("name")): dict(each) for each in document.get("parameters") or ()}
