"""Random configurations of the nodes that look at time and at the rows around a row."""

from __future__ import annotations

from random import Random
from typing import Any, get_args

from flowforge.nodes.window import WindowFunction
from flowforge.nodes.window_functions import TAKES
from flowforge.types import Schema
from flowforge_local.corpus.configs import NAMES, Config, some

_SIZES = ("1s", "30s", "5m", "1h", "4h", "1d", "2w", "1M", "13M", "100000d", "90m")
_ZONES = ("America/New_York", "Asia/Kolkata", "UTC", "Mars/Olympus", "america/new_york")
_CALENDARS = ("XNYS", "XLON", "CMES", "XXXX")


def sample(random: Random, schema: Schema) -> Config:
    chosen: tuple[Config, ...] = (
        {"rows": random.randint(1, 50)},
        {"fraction": random.choice((0.1, 0.5, 1.0))},
    )
    return random.choice(chosen) | random.choice(({}, {"seed": random.randint(-5, 5)}))


def time_bucket(random: Random, schema: Schema) -> Config:
    times = [column for column in schema if column.type.temporal] or list(schema)
    config: Config = {"column": random.choice(times).name, "size": random.choice(_SIZES)}
    anchor = random.choice(("utc", "zone", "session", None))
    if anchor is not None:
        config["anchor"] = anchor
    if anchor == "zone" and random.random() < 0.9:
        config["timezone"] = random.choice(_ZONES)
    if anchor == "session":
        config |= random.choice(
            ({}, {"session": "rth"}, {"session": "all", "calendar": random.choice(_CALENDARS)})
        )
    return config | random.choice(({}, {"output_column": random.choice(NAMES)}))


def window(random: Random, schema: Schema) -> Config:
    function = random.choice(get_args(WindowFunction))
    config: Config = {"function": function}
    takes = TAKES[function]
    if takes is not None:
        fitting = [column for column in schema if column.type.kind in takes.accepts] or list(schema)
        config["column"] = random.choice(fitting).name
    if random.random() < 0.5:
        config["partition_by"] = some(random, schema)[:2]
    if random.random() < 0.7:
        directions: tuple[dict[str, Any], ...] = ({}, {"direction": "desc"})
        config["order_by"] = [
            {"column": name} | random.choice(directions) for name in some(random, schema)[:2]
        ]
    if function.startswith("rolling_") == (random.random() < 0.95):
        config["frame"] = {"rows": random.randint(1, 20)}
    if function in ("lag", "lead") and random.random() < 0.5:
        config["offset"] = random.randint(1, 3)
    return config | random.choice(({}, {"output_column": random.choice(NAMES)}))
