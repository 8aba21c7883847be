"""What a stream missed: the messages of its channels after a place, in the order of the feed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from heapq import merge

import orjson

from flowforge.live.frames import Frame
from flowforge.live.viewer import Viewer
from flowforge.records import dataclass
from flowforge.stores.live import Extent, Position, live_store
from flowforge.stores.live_scripts import KEPT_SECONDS


@dataclass(frozen=True, slots=True)
class Missed:
    """Frames after the place that was asked for; ``whole`` unless some that were between are gone."""

    frames: Sequence[Frame]
    whole: bool


async def missed(viewer: Viewer, names: Sequence[str], after: Position) -> Missed:
    """Read the channels; ``StoreError`` (503) without Valkey."""
    past = await (await live_store()).past(names, after)
    if after > past.newest or _age(after) > KEPT_SECONDS:
        return Missed((), whole=False)  # never said, or said too long ago to know what followed
    if any(_gap(extent, after) for extent in past.extents):
        return Missed((), whole=False)
    frames = [
        frame
        for position, text in merge(*past.histories)
        if (frame := _shown(viewer, position, text)) is not None
    ]
    return Missed(frames, whole=True)


def _shown(viewer: Viewer, position: Position, text: bytes) -> Frame | None:
    message = orjson.loads(text)
    if message["type"] == "alert" and message["alert"]["symbol"] not in viewer.right.access.symbols:
        return None
    return viewer.lens.frame(position, message)


def _gap(extent: Extent, after: Position) -> bool:
    """Whether messages after a place were let go: then it lies before the oldest that is left."""
    return extent.trimmed and (extent.oldest is None or extent.oldest > after)


def _age(position: Position) -> float:
    return time.time() - position[0] / 1000 if position > (0, 0) else 0.0
