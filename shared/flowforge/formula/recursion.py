"""Room for SQLGlot's recursive parser and generator on input of bounded depth.

200 nested parentheses take about 4,400 Python frames. The interpreter's limit of 1,000 stays in force
everywhere else, where it stops hostile documents (JSON nested a hundred thousand deep).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 12_000

_lock = threading.Lock()
_inside = 0
_outside_limit = 0


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Raise the interpreter's recursion limit while at least one thread is inside."""
    global _inside, _outside_limit
    with _lock:
        if _inside == 0:
            _outside_limit = sys.getrecursionlimit()
            sys.setrecursionlimit(max(_outside_limit, FRAMES))
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                sys.setrecursionlimit(_outside_limit)
