"""How many instances a revision should have: average concurrency over the window, divided by the target.

Knative's stable mode (serving ``pkg/autoscaler/scaling/autoscaler.go``) without panic mode.
"""

from __future__ import annotations

import math
from collections import deque

from flowforge_local.mesh.manifests import Scaling

BUCKETS = 60


class ConcurrencyWindow:
    """Time-weighted average of the requests in a revision, over the last ``window`` seconds.

    While there is less history than that, the average is over the history there is.
    """

    def __init__(self, window: float, now: float) -> None:
        self._window = window
        self._width = window / BUCKETS
        self._areas: deque[list[float]] = deque()  # [bucket number, concurrency × seconds]
        self._since = self._last = now
        self._value = 0

    def observe(self, now: float, concurrency: int) -> None:
        """From ``now`` on there are ``concurrency`` requests."""
        self._advance(now)
        if concurrency and not self._value and not self._areas:
            self._since = now
        self._value = concurrency

    def average(self, now: float) -> float:
        """Requests in the revision, on average."""
        self._advance(now)
        elapsed = min(self._window, now - self._since)
        if elapsed <= 0:
            return float(self._value)
        return sum(area for _, area in self._areas) / elapsed

    def _advance(self, now: float) -> None:
        while self._value and self._last < now:
            bucket = math.floor(self._last / self._width)
            until = min(now, (bucket + 1) * self._width)
            if until <= self._last:  # the boundary rounds to where we are
                until = min(now, (bucket + 2) * self._width)
            area = self._value * (until - self._last)
            if self._areas and self._areas[-1][0] == bucket:
                self._areas[-1][1] += area
            else:
                self._areas.append([bucket, area])
            self._last = until
        self._last = max(self._last, now)
        oldest = (now - self._window) / self._width
        while self._areas and self._areas[0][0] + 1 <= oldest:
            self._areas.popleft()


def desired_scale(
    average: float, idle: float, scaling: Scaling, container_concurrency: int, current: int
) -> int:
    """Instances to have, given the window's average and the seconds since the last request ended.

    >>> scaling = Scaling(max_scale=3, window=60)
    >>> [desired_scale(a, 0, scaling, 10, 1) for a in (0, 0.5, 7.1, 500)]
    [1, 1, 2, 3]
    >>> desired_scale(0, 61, scaling, 10, 1), desired_scale(0, 59, scaling, 10, 0)
    (0, 0)
    """
    wanted = math.ceil(average / scaling.concurrency_target(container_concurrency))
    if scaling.max_scale:
        wanted = min(wanted, scaling.max_scale)
    if wanted == 0 and current > 0 and idle < scaling.window + scaling.retention:
        wanted = 1  # only a whole window without a request ends the last instance
    return max(wanted, scaling.min_scale)
