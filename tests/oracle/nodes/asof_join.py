"""``asof_join``: to each left row the nearest right row in time with equal keys, or NULLs.

``direction`` backward takes the latest right row not after it, forward the earliest not before it;
without ``allow_exact`` an equal time does not count. Beyond ``tolerance`` (``30s``, ``5m``, ``1h``, ``1d``)
there is no partner. Among right rows of one time the table's trade order decides: the last one
backward, the first one forward; without one, the greatest or the least by the values of the columns
from the left, NULL last. Rows without a time find and are found by nobody. ``inner`` leaves out rows
without a partner. In no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flowforge.types import DATETIME
from oracle.context import Context
from oracle.formula.promotion import promoted
from oracle.nodes.join import joined, key_names, meets
from oracle.order import compare, ranked
from oracle.relation import Relation, Row, looked_at

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    left, right = (relation.settled() for relation in inputs)
    keys = [
        (left.index(a), right.index(b))
        for a, b in zip(_keys(config, "left"), _keys(config, "right"), strict=True)
    ]
    times = left.index(config["left_time"]), right.index(config["right_time"])
    partners = [_partner(config, row, left, right, keys, times) for row in left.rows]
    nobody: Row = (None,) * len(right.schema)
    inner = config.get("join_type", "left") == "inner"
    rows = [
        (*row, *(nobody if partner is None else partner))
        for row, partner in zip(left.rows, partners, strict=True)
        if partner is not None or not inner
    ]
    schema = joined(left.schema, right.schema)
    return Relation(schema, tuple(rows), overflowed=left.overflowed or right.overflowed)


def _keys(config: Mapping[str, Any], side: str) -> list[str]:
    """Any number of keys, none included."""
    given = config.get(f"{side}_key") is not None or config.get(f"{side}_keys") is not None
    return key_names(config, side) if given else []


def _partner(
    config: Mapping[str, Any],
    row: Row,
    left: Relation,
    right: Relation,
    keys: Sequence[tuple[int, int]],
    times: tuple[int, int],
) -> Row | None:
    forward = config.get("direction", "backward") == "forward"
    moment = promoted(looked_at(row[times[0]]), DATETIME)
    if moment is None:
        return None
    found: list[tuple[timedelta, int, Row]] = []
    places = _places(right, forward=forward)
    for at, other in enumerate(right.rows):
        time = promoted(looked_at(other[times[1]]), DATETIME)
        if time is None or not meets(row, other, keys, left, right):
            continue
        distance = time - moment if forward else moment - time
        least = timedelta() if config.get("allow_exact", True) else timedelta(microseconds=1)
        if distance >= least and (not config.get("tolerance") or distance <= span(config["tolerance"])):
            found.append((distance, places[at], other))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _places(right: Relation, *, forward: bool) -> Sequence[int]:
    """Which of the right rows comes first among those of one time."""
    if right.tape is not None:
        return right.tape if forward else [-place for place in right.tape]
    keys = [(at, not forward) for at in range(len(right.schema))]
    positions, ranks = ranked(len(right.rows), lambda a, b: compare(right.rows[a], right.rows[b], keys))
    places = dict(zip(positions, ranks, strict=True))
    return [places[at] for at in range(len(right.rows))]


def span(text: str) -> timedelta:
    """``5m`` as a length of time."""
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})
