"""``window``: one more column, worked out from the rows around each row in its partition's order.

    lag, lead          the value ``offset`` rows before or after, NULL beyond the partition
    row_number, rank   1…n; equal rows share a rank and leave a gap behind it
    rolling_*          an aggregate over the last ``frame.rows`` rows, the current one included
    cumulative_sum     the sum so far        pct_change   (value − previous) ÷ previous

Rows come by ``order_by``, then by the incoming order, then by the table's trade order; NULL is last.
Rows that are still equal, but not in every column, have no order that is promised: everything but
``rank``, for which only ``order_by`` counts, is open then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from flowforge.types import INT64, Column, ColumnType
from oracle.aggregates import aggregate
from oracle.context import Context
from oracle.formula.promotion import quotient_type, sum_type
from oracle.numbers import fraction, typed
from oracle.order import Key, compare, identity, ranked
from oracle.problems import Unspecified
from oracle.relation import Relation, Row, looked_at


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    terms = config.get("order_by", [])
    keys = [(relation.index(term["column"]), term.get("direction") == "desc") for term in terms]
    parts: dict[tuple[Any, ...], list[int]] = {}
    by = [relation.index(name) for name in config.get("partition_by", [])]
    for position, row in enumerate(relation.rows):
        parts.setdefault(tuple(identity(row[index]) for index in by), []).append(position)
    cells: dict[int, Any] = {}
    for members in parts.values():
        part = relation.arranged(members)
        order, ranks = _ordered(part, keys, peers=config["function"] == "rank")
        part = part.arranged(order, ranks)
        for place, at in enumerate(order):
            cells[members[at]] = _cell(config, part, place)
    made = Column(_name(config), _type(config, relation), nullable=True)
    rows = tuple((*row, cells[position]) for position, row in enumerate(relation.rows))
    return replace(relation, schema=(*relation.schema, made), rows=rows)


def _name(config: Mapping[str, Any]) -> str:
    function, column = config["function"], config.get("column")
    return str(config.get("output_column") or (function if column is None else f"{function}_{column}"))


def _ordered(part: Relation, keys: Sequence[Key], *, peers: bool) -> tuple[list[int], list[int]]:
    """Positions in order, and their ranks; ``peers``: nothing but the keys tells rows apart, if there are any."""
    rows = part.rows
    before, tape = part.ranks or (0,) * len(rows), part.tape or (0,) * len(rows)

    def compared(a: int, b: int) -> int:
        by_keys = compare(rows[a], rows[b], keys)
        if peers:
            return by_keys if keys else before[a] - before[b]
        return by_keys or before[a] - before[b] or tape[a] - tape[b]

    order, ranks = ranked(len(rows), compared)
    for (one, other), (rank, next_rank) in zip(pairwise(order), pairwise(ranks), strict=True):
        if not peers and rank == next_rank and _differ(rows[one], rows[other]):
            raise Unspecified("the order of equal rows in a window")
    return order, ranks


def _differ(one: Row, other: Row) -> bool:
    return any(identity(a) != identity(b) for a, b in zip(one, other, strict=True))


def _type(config: Mapping[str, Any], relation: Relation) -> ColumnType:
    function = config["function"]
    if function in ("row_number", "rank"):
        return INT64
    type_ = relation.schema[relation.index(config["column"])].type
    if function in ("lag", "lead"):
        return type_
    if function == "pct_change":
        return quotient_type(sum_type(type_, type_), type_)
    return aggregate(_aggregate_of(function), relation, config["column"], None, None).type


def _aggregate_of(function: str) -> str:
    return function.removeprefix("rolling_").removeprefix("cumulative_")


def _cell(config: Mapping[str, Any], part: Relation, place: int) -> Any:
    function = config["function"]
    if function == "row_number":
        return place + 1
    if function == "rank":
        assert part.ranks is not None
        return part.ranks.index(part.ranks[place]) + 1
    index = part.index(config["column"])
    offset = config.get("offset", 1)
    if function in ("lag", "lead"):
        wanted = place - offset if function == "lag" else place + offset
        return part.rows[wanted][index] if 0 <= wanted < len(part.rows) else None
    if function == "pct_change":
        now, before = looked_at(part.rows[place][index]), looked_at(part.rows[place - 1][index])
        if place == 0 or now is None or not before:
            return None
        return typed((fraction(now) - fraction(before)) / fraction(before), _type(config, part))
    first = 0 if function == "cumulative_sum" else max(0, place + 1 - config["frame"]["rows"])
    made = aggregate(_aggregate_of(function), part, config["column"], None, None)
    return made.evaluate(part.arranged(range(first, place + 1)))
