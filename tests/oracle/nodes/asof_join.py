"""``asof_join``: to each left row the nearest right row in time with equal keys, or NULLs.

``direction`` backward takes the latest right row not after it, forward the earliest not before it;
without ``allow_exact`` an equal time does not count. Beyond ``tolerance`` (``30s``, ``5m``, ``1h``, ``1d``)
there is no partner. Among right rows of one time the table's trade order decides: the last one
backward, the first one forward. Rows without a time find and are found by nobody. In no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flowforge.types import DATETIME
from oracle.context import Context
from oracle.formula.promotion import promoted
from oracle.nodes.join import joined, key_names, meets
from oracle.order import identity
from oracle.problems import Unspecified
from oracle.relation import Relation, Row, looked_at

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    left, right = (relation.settled() for relation in inputs)
    keys = [
        (left.index(a), right.index(b))
        for a, b in zip(key_names(config, "left"), key_names(config, "right"), strict=True)
    ]
    times = left.index(config["left_time"]), right.index(config["right_time"])
    rows = [(*row, *_partner(config, row, left, right, keys, times)) for row in left.rows]
    schema = joined(left.schema, right.schema)
    return Relation(schema, tuple(rows), overflowed=left.overflowed or right.overflowed)


def _partner(
    config: Mapping[str, Any],
    row: Row,
    left: Relation,
    right: Relation,
    keys: Sequence[tuple[int, int]],
    times: tuple[int, int],
) -> Row:
    nobody: Row = (None,) * len(right.schema)
    forward = config.get("direction", "backward") == "forward"
    moment = promoted(looked_at(row[times[0]]), DATETIME)
    if moment is None:
        return nobody
    found: list[tuple[timedelta, int, Row]] = []
    for at, other in enumerate(right.rows):
        time = promoted(looked_at(other[times[1]]), DATETIME)
        if time is None or not meets(row, other, keys, left, right):
            continue
        distance = time - moment if forward else moment - time
        least = timedelta() if config.get("allow_exact", True) else timedelta(microseconds=1)
        if distance >= least and (not config.get("tolerance") or distance <= span(config["tolerance"])):
            place = 0 if right.tape is None else right.tape[at]
            found.append((distance, place if forward else -place, other))
    if not found:
        return nobody
    best = min(found, key=lambda each: each[:2])
    if len({tuple(map(identity, each[2])) for each in found if each[:2] == best[:2]}) > 1:
        raise Unspecified("right rows of one place in time differ")
    return best[2]


def span(text: str) -> timedelta:
    """``5m`` as a length of time."""
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})
