"""What a widget reads, found by compiling its graph for its tenant, and as it is kept in Valkey."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from flowforge.errors import FlowForgeError, StoreError
from flowforge.graph import parse_graph
from flowforge.live.index import Read
from flowforge.results import plan
from flowforge.results.locks import locked, locks_of
from flowforge.schema import catalog_for
from flowforge.tenancy import Access, Allowed

log = logging.getLogger(__name__)

PASSING = frozenset({429, 502, 503, 504})
"""Statuses of errors that say nothing about the graph."""


async def reads_of(
    graph_text: str,
    node_id: str,
    access: Access,
    locks: Sequence[Mapping[str, Any]] = (),
    params: Mapping[str, Any] | None = None,
) -> tuple[Read, ...]:
    """Per table the symbols and columns that a change must touch to change the rows at a node, under these locks.

    Where a rollup answers, both it and its base are among them. A graph that cannot be compiled shows
    nothing and so reads nothing; ``StoreError`` where that cannot be known at the moment.
    """
    try:
        graph = parse_graph(orjson.loads(graph_text))
        if locks:
            question = locked(graph, node_id, locks_of(map(dict, locks)), (), await catalog_for(access))
            graph, node_id = question.graph, question.target
        compiled = await plan(graph, node_id, access=access, params=params)
    except FlowForgeError as broken:
        if broken.status in PASSING:
            raise StoreError(broken.code, broken.detail) from broken
        log.info("A widget on node %s cannot be compiled: %s", node_id, broken.detail)
        return ()
    except Exception:
        log.exception("A widget on node %s cannot be compiled; no change will reach it", node_id)
        return ()
    return tuple(Read(read.table, _names(read.symbols), frozenset(read.columns)) for read in compiled.reads)


def packed(key: str, reads: tuple[Read, ...]) -> bytes:
    """Reads with the key of what they were found for."""
    listed = [
        [read.table, None if read.symbols is None else sorted(read.symbols), sorted(read.columns)]
        for read in reads
    ]
    return orjson.dumps({"key": key, "reads": listed})


def unpacked(text: bytes | None, key: str) -> tuple[Read, ...] | None:
    """The reads, if they were found for this key."""
    if text is None:
        return None
    document: dict[str, Any] = orjson.loads(text)
    if document["key"] != key:
        return None
    return tuple(
        Read(table, None if symbols is None else frozenset(symbols), frozenset(columns))
        for table, symbols, columns in document["reads"]
    )


def _names(allowed: Allowed) -> frozenset[str] | None:
    return allowed if isinstance(allowed, frozenset) else None
