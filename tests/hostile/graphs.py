"""Graphs with one hostile text in one setting of one node, and the same graph with a harmless one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from flowforge.catalog import Catalog, Table
from flowforge.compiler import compile_graph
from flowforge.errors import FlowForgeError
from flowforge.graph import parse_graph
from flowforge.nodes import BY_KIND
from flowforge_local.corpus.writers import KINDS, write
from hostile.fields import Path, holds, paths, put
from samples import FIRM

HARMLESS = "Harmless text"
"""Quoted as a name in every store: it has a capital and a space."""
DRAWN = 60
"""Configurations that are drawn of each kind to find one that holds a setting."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """A setting of a node type and a configuration that compiles and, if there is one, holds the setting."""

    kind: str
    path: Path
    config: dict[str, Any]

    @property
    def name(self) -> str:
        """For people: ``filter.filters.[].value``."""
        return ".".join((self.kind, *self.path))

    def document(self, table: Table, text: str) -> Document:
        """A graph over the table with the text in this setting; the node's id is ``node``."""
        return graph(table, self.kind, put(self.config, self.path, text))


def graph(table: Table, kind: str, config: Any) -> Document:
    """One node of a kind over as many sources as it has inputs."""
    sources = [f"source{at}" for at in range(inputs(kind))]
    source = {"database": table.database, "table": table.name}
    nodes = [{"id": each, "type": "data_source", "data": source} for each in sources]
    handles = [port.handle for port in BY_KIND[kind].ports]
    edges = [
        {
            "id": each,
            "source": each,
            "target": "node",
            "targetHandle": handles[at] if at < len(handles) else None,
        }
        for at, each in enumerate(sources)
    ]
    return {"nodes": [*nodes, {"id": "node", "type": kind, "data": config}], "edges": edges}


def inputs(kind: str) -> int:
    """The fewest inputs that a kind takes."""
    return sum(port.least for port in BY_KIND[kind].ports)


@cache
def settings(table: Table) -> tuple[Setting, ...]:
    """Every setting of every kind that the table's store can run."""
    return tuple(setting for kind in KINDS for setting in _of_kind(kind, table))


def _of_kind(kind: str, table: Table) -> Iterator[Setting]:
    able = BY_KIND[kind].stores
    if able is not None and table.store not in able:
        return
    configs = list(_configs(kind, table))
    for path in paths(BY_KIND[kind].config):
        yield Setting(kind, path, next((each for each in configs if holds(each, path)), configs[0]))


def _configs(kind: str, table: Table) -> Iterator[dict[str, Any]]:
    """Configurations that compile, of many seeds, the simplest first."""
    if kind == "data_source":
        yield {"database": table.database, "table": table.name}
        return
    found = []
    for seed in range(DRAWN):
        config = write(Random(f"{kind}{seed}"), kind, [table.columns] * inputs(kind))
        try:
            compile_graph(
                parse_graph(graph(table, kind, config)), "node", catalog=Catalog.of([table]), access=FIRM
            )
        except FlowForgeError:
            continue
        found.append(config)
    yield from sorted(found, key=lambda each: len(repr(each)))


def variants(setting: Setting, text: str) -> tuple[str, ...]:
    """The text as it is; in a formula also as a literal, as a column and among other things."""
    if setting.path[-1] != "expression":
        return (text,)
    literal = "'" + text.replace("'", "''") + "'"
    return (text, literal, f"[{text.replace(']', ']]')}]", f"CONCAT({literal}, [symbol])", f"1 {text} 1")
