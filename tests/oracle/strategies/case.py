"""A case: tables, a valid graph over them, who asks – and nothing that the documents leave open.

A graph is grown node by node, and each node is evaluated as soon as it is drawn: one whose answer
would be open (a decision on tied rows that a limit cut) is left out. A node that overflows is kept,
as the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from flowforge.types import FLOAT64
from oracle.context import Context
from oracle.nodes import KINDS
from oracle.problems import Overflow, Unspecified
from oracle.relation import Poison, Relation
from oracle.strategies.further import BINARY, UNARY
from oracle.strategies.nodes import INNER, TERMINAL, WEIGHTED, Input, drawable
from oracle.strategies.pick import below, chance, pick
from oracle.strategies.tables import SYMBOLS, Table, table

AS_OF = datetime(2024, 3, 10, 7, 0, 0, 123456, tzinfo=UTC)
DATABASE = "flowforge"

ASKING = (None, None, None, SYMBOLS[:2], SYMBOLS[1:], None, SYMBOLS[:2], SYMBOLS[1:], None, ())
"""Symbols of the tenant that asks: all, some, now and then none."""


@dataclass(frozen=True)
class Case:
    """``symbols`` are the only ones that the asking tenant may see; None: all."""

    tables: tuple[Table, ...]
    graph: dict[str, Any]
    target: str
    symbols: tuple[str, ...] | None
    as_of: datetime = AS_OF

    def visible(self) -> dict[str, Relation]:
        """The tables by qualified name, with only the rows that the tenant may see."""
        return {f"{table.database}.{table.name}": self._visible(table.rows) for table in self.tables}

    def _visible(self, rows: Relation) -> Relation:
        if self.symbols is None:
            return rows
        index = rows.index("symbol")
        return rows.arranged([at for at, row in enumerate(rows.rows) if row[index] in self.symbols])


class Growth:
    """A graph while it is drawn: nodes, edges, and every node's evaluated output."""

    def __init__(self, case: Case) -> None:
        self._context = Context(case.visible(), case.as_of)
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.outputs: dict[str, Input] = {}
        self.overflowed = False

    def add(self, kind: str, data: dict[str, Any], inputs: list[str], exact: frozenset[str]) -> str | None:
        """The new node's id; None if it has no single answer and was left out."""
        node_id = f"n{len(self.nodes)}"
        try:
            relation = KINDS[kind](data, [self.outputs[each].relation for each in inputs], self._context)
        except Unspecified:
            return None
        except Overflow:
            self.overflowed = True
            relation = self.outputs[inputs[0]].relation
        self.outputs[node_id] = Input(relation, exact & {column.name for column in relation.schema})
        self.nodes.append({"id": node_id, "type": kind, "position": {"x": 0, "y": 0}, "data": data})
        ports = ("left", "right") if kind.endswith("join") else (None,) * len(inputs)
        for source, port in zip(inputs, ports, strict=True):
            edge = {"id": f"e{len(self.edges)}", "source": source, "target": node_id}
            self.edges.append(edge if port is None else {**edge, "targetHandle": port})
        return node_id

    def source(self, table: Table, **config: Any) -> str:
        """A data_source node; floats of tables are exact, but not those that it works out."""
        made = table.rows.adjustable if "adjust" in config else None
        names = frozenset(
            column.name
            for column in table.rows.schema
            if made is None
            or column.type != FLOAT64
            or column.name not in (*made.prices, *made.quantities, *made.amounts)
        )
        found = self.add(
            "data_source", {"database": table.database, "table": table.name, **config}, [], names
        )
        assert found is not None
        return found

    def open_ended(self, node_id: str) -> bool:
        """Whether another node may read this one's rows."""
        given = self.outputs[node_id]
        poisoned = any(isinstance(cell, Poison) for row in given.relation.rows for cell in row)
        return bool(given.exact) and not given.relation.choices and not poisoned and not self.overflowed


@st.composite
def cases(draw: st.DrawFn, most_nodes: int = 6, kinds: Sequence[str] = WEIGHTED) -> Case:
    """A chain of up to ``most_nodes`` nodes of these kinds behind one table."""
    source = table(draw, "hypothesis")
    symbols = pick(draw, ASKING)
    case = Case((source,), {}, "", symbols)
    growth = Growth(case)
    node_id = growth.source(source)
    for _ in range(draw(below(most_nodes)) + 1):
        if not growth.open_ended(node_id):
            break
        node_id = grow(draw, growth, node_id, pick(draw, kinds))
    if growth.open_ended(node_id) and chance(draw, 25):
        node_id = grow(draw, growth, node_id, pick(draw, drawable(growth.outputs[node_id])))
    return replace(case, graph={"nodes": growth.nodes, "edges": growth.edges}, target=node_id)


def grow(draw: st.DrawFn, growth: Growth, node_id: str, kind: str) -> str:
    """Put a node of that kind behind another; gives the id of the chain's new end."""
    if kind == "limit" and "seq" in growth.outputs[node_id].exact and chance(draw, 70):
        terms = [{"column": "seq", "direction": pick(draw, ("asc", "desc"))}]
        node_id = growth.add("sort", {"sorts": terms}, [node_id], growth.outputs[node_id].exact) or node_id
    config, exact = {**INNER, **TERMINAL}[kind](draw, growth.outputs[node_id])
    return growth.add(kind, config, [node_id], exact) or node_id


@st.composite
def graphs(draw: st.DrawFn, kinds: Sequence[str], most_nodes: int = 8) -> Case:
    """A graph over one or two tables in which nodes are read more than once, of these kinds of nodes."""
    timed = chance(draw, 50)
    sources = tuple(table(draw, f"hypothesis{number}", timed=timed) for number in range(draw(below(2)) + 1))
    case = Case(sources, {}, "", pick(draw, ASKING))
    growth = Growth(case)
    ends = [growth.source(each) for each in sources]
    ends += [growth.source(sources[0])] if chance(draw, 30) else []
    last = ends[-1]
    for _ in range(draw(below(most_nodes)) + 3):
        open_ends = [end for end in ends if growth.open_ended(end)]
        if not open_ends or growth.overflowed:
            break
        added = add(draw, growth, open_ends, pick(draw, kinds))
        last = added or last
        ends += [added] if added else []
    return replace(case, graph={"nodes": growth.nodes, "edges": growth.edges}, target=last)


def add(draw: st.DrawFn, growth: Growth, ends: Sequence[str], kind: str) -> str | None:
    """A node of that kind behind the latest or any other node; None if it does not fit there."""
    one = pick(draw, ends) if chance(draw, 30) else ends[-1]
    given = growth.outputs[one]
    if kind in BINARY:
        other = pick(draw, ends)
        binary = BINARY[kind](draw, given, growth.outputs[other])
        return None if binary is None else growth.add(kind, binary[0], [one, other], binary[1])
    if kind in UNARY:
        unary = UNARY[kind](draw, given)
        return None if unary is None else growth.add(kind, unary[0], [one], unary[1])
    return grow(draw, growth, one, kind)
