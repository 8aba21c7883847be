"""Try a store again for a while: a restart of an engine is no reason to restart a flow."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
T = TypeVar("T")


def persistently(attempt: Callable[[], T], what: str, failures: tuple[type[Exception], ...]) -> T:
    """The result of ``attempt``, tried with growing pauses; its last failure after 30 seconds of them.

    What is attempted may have happened although it failed: it must be safe to repeat.
    """
    pause, since = FIRST_PAUSE, time.monotonic()
    while True:
        try:
            return attempt()
        except failures as failure:
            if time.monotonic() - since + pause > PATIENCE_SECONDS:
                raise
            log.warning("%s failed and is tried again in %.1f s: %s", what, pause, failure)
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
