"""Random graphs: chains and small trees from one source, some of them broken."""

from __future__ import annotations

from random import Random
from typing import Any

from flowforge.compiler.propagate import propagate
from flowforge.errors import FlowForgeError
from flowforge.graph import parse_graph
from flowforge.types import Schema
from flowforge_local.corpus.catalogue import CATALOG
from flowforge_local.corpus.configs import WRITERS
from flowforge_local.corpus.mistakes import MISTAKES, Document, break_config

_BROKEN_CONFIG = 0.15
"""Share of a broken graph's nodes that are given a broken configuration."""


def graph(random: Random) -> Document:
    """A document of 2 to 9 nodes; about half of them are free of problems."""
    broken = random.random() < 0.6
    document: Document = {"nodes": [_node(random, 0, "data_source", (), broken=False)], "edges": []}
    document["parameters"] = [{"name": "p", "type": "string", "default": "symbol"}, {"name": "q"}]
    kinds = [kind for kind in WRITERS if kind != "data_source"]
    schemas: list[Schema] = [_schema(document, "n0")]
    for index in range(1, random.randint(2, 9)):
        parent = random.choice((index - 1, index - 1, random.randrange(index)))
        node = _node(random, index, random.choice(kinds), schemas[parent], broken=broken)
        document["nodes"].append(node)
        document["edges"].append(
            {"id": f"e{index}", "source": f"n{parent}", "target": node["id"], "targetHandle": None}
        )
        # What follows a broken node is written as if the node were not there.
        schemas.append(_schema(document, node["id"]) or schemas[parent])
    if random.random() < 0.05:
        document["nodes"].append({"id": "note", "type": "note", "data": {"text": "why"}})
        document["edges"].append({"id": "en", "source": "note", "target": "n1"})
    if broken and random.random() < 0.5:
        random.choice(MISTAKES)(random, document)
    return document


def _node(random: Random, index: int, kind: str, schema: Schema, *, broken: bool) -> dict[str, Any]:
    config = WRITERS[kind](random, schema)
    if broken and random.random() < _BROKEN_CONFIG:
        config = break_config(random, config)
    return {"id": f"n{index}", "type": kind, "position": {"x": 240 * index, "y": 0}, "data": config}


def _schema(document: Document, node_id: str) -> Schema:
    outcome = propagate(parse_graph(document), catalog=CATALOG).nodes[node_id]
    return outcome.schema or ()


def expected(document: Document) -> dict[str, Any]:
    """What propagation finds: ``{"problem": …}`` for the graph, else ``{"nodes": {id: outcome}}``."""
    try:
        propagation = propagate(parse_graph(document), catalog=CATALOG)
    except FlowForgeError as error:
        return {"problem": place(error)}
    nodes: dict[str, Any] = {}
    for node_id, outcome in propagation.nodes.items():
        if outcome.schema is not None:
            nodes[node_id] = {"schema": [column.to_json() for column in outcome.schema]}
        else:
            nodes[node_id] = {"problems": [place(problem) for problem in outcome.problems]}
    return {"nodes": nodes}


def place(error: FlowForgeError) -> dict[str, Any]:
    """What both languages must agree on: all but the words."""
    members = error.problem()
    return {
        name: members[name] for name in ("code", "node_id", "field", "column", "position") if name in members
    }
