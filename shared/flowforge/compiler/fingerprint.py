"""What makes two requests the same query: content, tenant, parameters – not where nodes lie on a canvas."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from flowforge.errors import ErrorCode, GraphError
from flowforge.graph import Graph, Node
from flowforge.tenancy import EVERYTHING, Access

VERSION = 1
"""Raised when the same graph begins to compile to something else."""


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
    """SHA-256 in hexadecimal over the target and its ancestors.

    ``nodes`` are in topological order; each is described by its type, its configuration and the
    positions of its inputs in that order, so that ids do not matter either. ``INVALID_REQUEST`` for
    values that no request can hold.
    """
    place = {node.id: index for index, node in enumerate(nodes)}
    content = [
        [node.type, node.data, [[place[wire.source], wire.target_handle] for wire in graph.inputs(node.id)]]
        for node in nodes
    ]
    symbols = "*" if access.symbols is EVERYTHING else sorted(access.symbols)  # type: ignore[arg-type]
    document = [VERSION, content, place[target], access.tenant_id, access.version, symbols]
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


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
