"""What the processes of the live pipeline have in common: one of each per folder, a mark that it runs, an end.

    with running("sink") as process:
        while not process.stopping.is_set():
            ...

``FLOWFORGE_PIPELINE_DIR`` is where they remember things. The kernel releases the lock however a process ends, so
that a killed one can be started again at once and a stray twin of a living one cannot.
"""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flowforge_pipeline.environment import required
from flowforge_pipeline.problems import PipelineError

PLACE = "FLOWFORGE_PIPELINE_DIR"
COLLECT_AFTER = 100_000
"""Objects made since the last collection of garbage. A batch is ten thousand messages, none of them in a cycle:
looking through them for cycles every 700, as Python does by itself, took most of some flows' time."""


@dataclass(frozen=True)
class Process:
    """A running process and its folder. ``stopping`` is set by SIGTERM and SIGINT."""

    name: str
    place: Path
    stopping: threading.Event = field(default_factory=threading.Event)


def place() -> Path:
    """The folder in which the pipeline's processes remember things."""
    folder = Path(required(PLACE, "/var/lib/flowforge/pipeline"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def collect_rarely() -> None:
    """Of a process that makes many objects and few cycles; what is imported by now stays and is never looked through."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 50, 100)


@contextmanager
def running(name: str, *, signals: bool = True) -> Iterator[Process]:
    """Be the process of this name; PipelineError where there is one already.

    ``signals`` False leaves SIGTERM and SIGINT to whatever the block runs.
    """
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    process = Process(name, place())
    descriptor = os.open(process.place / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise PipelineError(
            f"Another {name} runs on {process.place}.", remedy="Stop that one first."
        ) from None
    if signals:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: process.stopping.set())
    alive = process.place / f"{name}.alive"
    alive.write_text(f"{os.getpid()}\n", encoding="ascii")
    collect_rarely()
    try:
        yield process
    finally:
        alive.unlink(missing_ok=True)
        os.close(descriptor)
