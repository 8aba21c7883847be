"""In which order messages are sent, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import numpy as np
import polars as pl

from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.replay.messages import Content, payloads

CHUNK = 20_000
SLICE_SECONDS = 0.25
"""Of a paced replay: what is due within so much time is sent together."""


@dataclass(frozen=True)
class Order:
    """``speed``: times faster than it happened, None for as fast as possible. ``shuffle``: seconds of event time
    by which a message may come late. ``seed`` draws them.
    """

    speed: float | None = None
    shuffle: float = 0.0
    twice: bool = False
    seed: int = 7


def parse_speed(text: str) -> float | None:
    """``max`` or a positive number."""
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise PipelineError(f'"{text}" is not a speed.', remedy="Use max, or a number such as 60.")
    return speed


def chunks(contents: Sequence[Content], order: Order) -> Iterator[pl.DataFrame]:
    """What is sent together, in order of event time; the day's files together, one day after the other.

    Rows of one instant and file keep the file's order. Shuffled, each row is put off by up to
    ``shuffle`` seconds of event time: none comes later than that after a newer one.
    """
    for _ in range(2 if order.twice else 1):
        generator = np.random.default_rng(order.seed)
        for group in _days(contents):
            rows = pl.concat([payloads(content) for content in group])
            due = rows["time"].dt.timestamp("ns")
            if order.shuffle:
                due = due + pl.Series((generator.random(rows.height) * order.shuffle * 1e9).astype(np.int64))
            ordered = rows.with_columns(due=due).sort("due", maintain_order=True)
            yield from _pieces(ordered, order)


def wait_until_due(rows: pl.DataFrame, began: tuple[float, int], order: Order, stop: threading.Event) -> None:
    """Sleep until the first row of a paced replay is due. ``began``: the clock's and the first row's time."""
    if order.speed is not None:
        clock, first = began
        ahead = (cast("int", rows["due"][0]) - first) / 1e9 / order.speed - (time.monotonic() - clock)
        stop.wait(max(0.0, ahead))


def _days(contents: Sequence[Content]) -> Iterator[list[Content]]:
    groups: dict[object, list[Content]] = {}
    for content in contents:
        day = cast("datetime", content.rows["event_time"].min()).date()
        groups.setdefault(day, []).append(content)
    for _, group in sorted(groups.items(), key=lambda item: str(item[0])):
        yield group


def _pieces(rows: pl.DataFrame, order: Order) -> Iterator[pl.DataFrame]:
    if order.speed is None:
        for first in range(0, rows.height, CHUNK):
            yield rows.slice(first, CHUNK)
        return
    length = int(SLICE_SECONDS * order.speed * 1e9)
    for _, part in rows.group_by(pl.col("due") // max(1, length), maintain_order=True):
        for first in range(0, part.height, CHUNK):
            yield part.slice(first, CHUNK)
