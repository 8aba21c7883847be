"""What makes two requests the same query: content, tenant, parameters – not where nodes lie on a canvas."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from flowforge.errors import ErrorCode, GraphError
from flowforge.graph import MEANING, Edge, Graph, Node
from flowforge.nodes import BY_KIND
from flowforge.tenancy import Access, wire_form


def fingerprint(
    graph: Graph,
    nodes: Sequence[Node],
    target: str,
    *,
    catalog_version: str,
    access: Access,
    parameters: Mapping[str, Any],
    as_of: str | None,
    use_rollups: bool = True,
) -> str:
    """SHA-256 in hexadecimal over ``nodes``, which are the target and its ancestors.

    Each is described by its type, its configuration and the places of its inputs, in the order in which
    the target reaches them: neither ids nor the order of nodes and of wires to different ports matter.
    ``INVALID_REQUEST`` for values that no request can hold.
    """
    wires = {node.id: _by_port(node, graph.inputs(node.id)) for node in nodes}
    place: dict[str, int] = {}
    content: list[Any] = []
    for node in _as_reached(graph, target, wires):
        place[node.id] = len(content)
        content.append([node.type, node.data, [[place[each.source], port] for port, each in wires[node.id]]])
    document = [MEANING, content, place[target], access.tenant_id, access.version, wire_form(access.symbols)]
    document += [catalog_version, parameters, as_of, use_rollups]
    try:
        return hashlib.sha256(orjson.dumps(document, option=_OPTIONS, default=repr)).hexdigest()
    except TypeError:  # HTTP refuses both where they enter; a graph may also come from elsewhere
        raise GraphError(
            ErrorCode.INVALID_REQUEST,
            "The graph holds an integer beyond 64 bits, or a text with half of a surrogate pair.",
            field="graph",
            hint="Send large numbers as text.",
        ) from None


def _by_port(node: Node, wires: Sequence[Edge]) -> list[tuple[str, Edge]]:
    """The wires by ports; those of one port in their own order. A handle of the only port says nothing."""
    kind = BY_KIND.get(node.type)
    if kind is None or len(kind.ports) > 1:
        return sorted([(wire.target_handle or "", wire) for wire in wires], key=lambda each: each[0])
    return [("", wire) for wire in wires]


def _as_reached(graph: Graph, target: str, wires: Mapping[str, list[tuple[str, Edge]]]) -> Iterator[Node]:
    """The nodes, each once and after its inputs, depth first from the target."""
    seen: set[str] = set()
    stack = [(target, False)]
    while stack:
        node_id, expanded = stack.pop()
        if expanded:
            yield graph.nodes[node_id]
        elif node_id not in seen:
            seen.add(node_id)
            stack.append((node_id, True))
            stack += [(wire.source, False) for _, wire in reversed(wires[node_id])]


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
