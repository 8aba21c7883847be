"""In which order messages are sent, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.replay.messages import Content

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


@dataclass(frozen=True)
class Chunk:
    """Rows that are sent together: the file's number, its rows' numbers, and when the first of them is due (ns)."""

    parts: list[tuple[int, NDArray[np.int64]]]
    due: int


def chunks(contents: Sequence[Content], order: Order) -> Iterator[Chunk]:
    """What is sent together, in order of event time; the day's files together, one day after the other.

    Rows of one instant and file keep the file's order. Shuffled, each row is put off by up to
    ``shuffle`` seconds of event time: none comes later than that after a newer one.
    """
    for _ in range(2 if order.twice else 1):
        generator = np.random.default_rng(order.seed)
        for group in _days(contents):
            rows = pl.concat([_numbered(number, contents[number]) for number in group])
            if order.shuffle:
                late = (generator.random(rows.height) * order.shuffle * 1e9).astype(np.int64)
                rows = rows.with_columns(pl.col("due") + pl.Series(late))
            for piece in _pieces(rows.sort("due", maintain_order=True), order):
                parts = [
                    (cast("int", number), part["row"].to_numpy())
                    for (number,), part in piece.group_by(["file"], maintain_order=True)
                ]
                yield Chunk(parts, cast("int", piece["due"][0]))


def _numbered(number: int, content: Content) -> pl.DataFrame:
    return content.rows.select(
        file=pl.lit(number, pl.Int32),
        row=pl.int_range(pl.len(), dtype=pl.Int64),
        due=pl.col("event_time").dt.timestamp("ns"),
    )


def wait_until_due(due: int, began: tuple[float, int], order: Order, stop: threading.Event) -> None:
    """Sleep until it is time. ``began``: the clock's time in seconds and when the first message was due."""
    if order.speed is not None:
        clock, first = began
        ahead = (due - first) / 1e9 / order.speed - (time.monotonic() - clock)
        stop.wait(max(0.0, ahead))


def _days(contents: Sequence[Content]) -> Iterator[list[int]]:
    groups: dict[date, list[int]] = {}
    for number, content in enumerate(contents):
        day = cast("datetime", content.rows["event_time"].min()).date()
        groups.setdefault(day, []).append(number)
    for _, group in sorted(groups.items()):
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
