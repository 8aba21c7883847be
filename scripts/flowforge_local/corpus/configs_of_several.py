"""Random configurations of the nodes that have several inputs."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from flowforge.formula import rules
from flowforge.types import Column, Schema
from flowforge_local.corpus.configs import Config

_TOLERANCES = ("30s", "5m", "1h", "1d", "0s", "5")


def join(random: Random, inputs: Sequence[Schema]) -> Config:
    config = _keys(random, inputs, random.choice((1, 1, 2)))
    kind = random.choice(("inner", "left", "right", "full", None))
    return config | ({} if kind is None else {"join_type": kind})


def asof_join(random: Random, inputs: Sequence[Schema]) -> Config:
    config = _keys(random, inputs, random.choice((0, 1, 1, 2)))
    left, right = (_time(random, schema) for schema in inputs[:2])
    config |= {"left_time": left.name, "right_time": right.name}
    config |= random.choice(({}, {"direction": "forward"}, {"direction": "backward", "allow_exact": False}))
    config |= random.choice(({}, {"join_type": random.choice(("left", "inner"))}))
    return config | random.choice(({}, {}, {"tolerance": random.choice(_TOLERANCES)}))


def union(random: Random, inputs: Sequence[Schema]) -> Config:
    return random.choice(({}, {"mode": "all"}, {"mode": "distinct"}))


def _keys(random: Random, inputs: Sequence[Schema], count: int) -> Config:
    """As many pairs of columns, mostly comparable ones, in one of the forms that keys can be given in."""
    left, right = inputs[0], inputs[-1]
    fitting = [(a, b) for a in left for b in right if rules.common([a.type, b.type]) is not None]
    if random.random() < 0.1 or not fitting:
        fitting = [(a, b) for a in left for b in right]
    pairs = random.sample(fitting, min(count, len(fitting)))
    if not pairs:
        return {}
    (a, b), *others = pairs
    if not others and random.random() < 0.5:
        return {"left_key": a.name, "right_key": b.name}
    return {"left_keys": [a.name for a, _ in pairs], "right_keys": [b.name for _, b in pairs]}


def _time(random: Random, schema: Schema) -> Column:
    return random.choice([column for column in schema if column.type.temporal] or list(schema))
