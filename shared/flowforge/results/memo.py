"""Plans of this process by what they were compiled from, so that asking again compiles nothing."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from flowforge.graph import Graph
from flowforge.tenancy import Access

if TYPE_CHECKING:
    from flowforge.compiler import Plan

MAX_PLANS = 1_024
MAX_WRITTEN_OUT = 65_536
"""Bytes of content up to which it is a key itself: hashing it would take as long as writing it. A plan is larger."""

Key = tuple[bytes, Access]


class PlanMemo:
    """The plans used last. The key holds everything that compiling reads, node ids included."""

    def __init__(self) -> None:
        self._plans: OrderedDict[Key, Plan] = OrderedDict()

    def get(self, key: Key) -> Plan | None:
        """The plan, which becomes the one used last."""
        found = self._plans.get(key)
        if found is not None:
            self._plans.move_to_end(key)
        return found

    def put(self, key: Key, plan: Plan) -> None:
        """Remember a plan; the one that was not used for longest is forgotten."""
        self._plans[key] = plan
        if len(self._plans) > MAX_PLANS:
            self._plans.popitem(last=False)


def key_of(
    graph: Graph, target: str, access: Access, params: Mapping[str, Any] | None, rest: Sequence[Any]
) -> Key:
    """The target's ancestors, their wires and ``rest`` as one text, or its digest; the tenant's access stands beside it."""
    nodes = graph.upstream(target)
    wires = graph.edges
    if len(nodes) < len(graph.nodes):
        reached = {node.id for node in nodes}
        wires = tuple([wire for wire in wires if wire.target in reached])
    document = [
        [(node.id, node.type, node.data) for node in nodes],
        [(wire.source, wire.target, wire.target_handle) for wire in wires],
        graph.parameters,
        params,
        target,
        *rest,
    ]
    content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    if len(content) > MAX_WRITTEN_OUT:
        content = hashlib.blake2b(content, digest_size=32).digest()
    return content, access
