"""Short ways to write tables down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from flowforge.types import Column, ColumnType
from oracle.order import ranked
from oracle.relation import Relation


def table(columns: Mapping[str, str], *rows: Sequence[Any], trade_order: Iterable[str] = ()) -> Relation:
    """``table({"price": "decimal(18,6)?"}, [Decimal("1.5")])``; ``?`` marks a nullable column."""
    schema = tuple(
        Column(name, ColumnType.parse(text.rstrip("?")), text.endswith("?")) for name, text in columns.items()
    )
    return with_tape(Relation(schema, tuple(map(tuple, rows))), trade_order)


def with_tape(relation: Relation, trade_order: Iterable[str]) -> Relation:
    """The same table with each row's place in its trade order, if it has one."""
    indices = [relation.index(name) for name in trade_order]
    if not indices:
        return relation
    keys = [tuple(row[index] for index in indices) for row in relation.rows]
    positions, ranks = ranked(len(keys), lambda a, b: (keys[a] > keys[b]) - (keys[a] < keys[b]))
    places = dict(zip(positions, ranks, strict=True))
    return Relation(relation.schema, relation.rows, tape=tuple(places[at] for at in range(len(keys))))


def chain(*steps: tuple[str, Mapping[str, Any]], source: str = "t.rows") -> dict[str, Any]:
    """A graph of one source and these nodes one after the other; the last one's id is ``target``."""
    database, name = source.split(".", 1)
    kinds = [("data_source", {"database": database, "table": name}), *steps]
    ids = [f"n{index}" for index in range(len(kinds) - 1)] + ["target"]
    return {
        "nodes": [
            {"id": id_, "type": kind, "position": {"x": 0, "y": 0}, "data": dict(data)}
            for id_, (kind, data) in zip(ids, kinds, strict=True)
        ],
        "edges": [
            {"id": f"e{index}", "source": a, "target": b} for index, (a, b) in enumerate(pairwise(ids))
        ],
    }
