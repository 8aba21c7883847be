"""Random graphs: chains, trees and diamonds over one or several sources, some of them broken."""

from __future__ import annotations

from random import Random
from typing import Any

from flowforge.compiler.parameters import values
from flowforge.compiler.plan import NodeOutcome
from flowforge.compiler.propagate import outcome, propagate
from flowforge.errors import FlowForgeError
from flowforge.graph import parse_graph
from flowforge.nodes import BY_KIND
from flowforge.types import Schema
from flowforge_local.corpus.catalogue import CATALOG
from flowforge_local.corpus.mistakes import MISTAKES, Document, break_config
from flowforge_local.corpus.writers import KINDS, OF_SEVERAL, write

_DRAWN = (*[kind for kind in KINDS if kind != "data_source"], *OF_SEVERAL, *OF_SEVERAL)
"""Kinds behind the sources; those with several inputs are drawn more often."""

_BROKEN_CONFIG = 0.15
"""Share of a broken graph's nodes that are given a broken configuration."""


def graph(random: Random) -> Document:
    """A document of 2 to 10 nodes over one to three sources; about half of them are free of problems.

    Nodes are read by several others, and meet again in joins and unions (diamonds).
    """
    broken = random.random() < 0.6
    document: Document = {"nodes": [], "edges": []}
    document["parameters"] = [{"name": "p", "type": "string", "default": "symbol"}, {"name": "q"}]
    outcomes: dict[str, NodeOutcome] = {}
    schemas: list[Schema] = []
    for _ in range(random.choice((1, 1, 2, 3))):
        _add(random, document, outcomes, schemas, "data_source", [], broken=False)
    for _ in range(random.randint(1, 7)):
        kind = random.choice(_DRAWN)
        parents = _parents(random, len(schemas), _inputs(random, kind))
        _add(random, document, outcomes, schemas, kind, parents, broken=broken)
    if random.random() < 0.05:
        document["nodes"].append({"id": "note", "type": "note", "data": {"text": "why"}})
        document["edges"].append({"id": "en", "source": "note", "target": "n1"})
    if broken and random.random() < 0.5:
        random.choice(MISTAKES)(random, document)
    return document


def _inputs(random: Random, kind: str) -> int:
    least = sum(port.least for port in BY_KIND[kind].ports)
    return random.choice((2, 2, 3)) if kind == "union" else least


def _parents(random: Random, count: int, wanted: int) -> list[int]:
    """The latest node or any other, for every input; one node may be several of them."""
    return [random.choice((count - 1, count - 1, random.randrange(count))) for _ in range(wanted)]


def _add(
    random: Random,
    document: Document,
    outcomes: dict[str, NodeOutcome],
    schemas: list[Schema],
    kind: str,
    parents: list[int],
    *,
    broken: bool,
) -> None:
    """A node of that kind behind these, and the schema that what follows it is written over."""
    index = len(schemas)
    config = write(random, kind, [schemas[parent] for parent in parents])
    if broken and random.random() < _BROKEN_CONFIG:
        config = break_config(random, config)
    node_id = f"n{index}"
    document["nodes"].append(
        {"id": node_id, "type": kind, "position": {"x": 240 * index, "y": 0}, "data": config}
    )
    handles = [port.handle for port in BY_KIND[kind].ports]
    for at, parent in enumerate(parents):
        handle = handles[at] if at < len(handles) else None
        edge = {"id": f"e{index}.{at}", "source": f"n{parent}", "target": node_id, "targetHandle": handle}
        document["edges"].append(edge)
    graph = parse_graph(document)
    outcomes[node_id] = outcome(graph, graph.node(node_id), CATALOG, values(graph, None), outcomes)
    # What follows a broken node is written as if the node were not there.
    schemas.append(outcomes[node_id].schema or (schemas[parents[0]] if parents else ()))


def expected(document: Document) -> dict[str, Any]:
    """What propagation finds: ``{"problem": …}`` for the graph, else ``{"nodes": {id: outcome}}``."""
    try:
        propagation = propagate(parse_graph(document), catalog=CATALOG)
    except FlowForgeError as error:
        return {"problem": place(error)}
    nodes: dict[str, Any] = {}
    for node_id, found in propagation.nodes.items():
        if found.schema is not None:
            nodes[node_id] = {"schema": [column.to_json() for column in found.schema]}
        else:
            nodes[node_id] = {"problems": [place(problem) for problem in found.problems]}
    return {"nodes": nodes}


def place(error: FlowForgeError) -> dict[str, Any]:
    """What both languages must agree on: all but the words."""
    members = error.problem()
    return {
        name: members[name] for name in ("code", "node_id", "field", "column", "position") if name in members
    }
