"""What a process counts and times, for Prometheus.

Recording is a dictionary entry under a lock; the client library, which takes longer to import than a function to
start, is only loaded when somebody reads them (``flowforge.serve.exposition``). Names and units follow
https://prometheus.io/docs/practices/naming/. No label names a tenant, a symbol or anything a user wrote: metrics
are read by operators and have no access control of their own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

Labels = tuple[str, ...]

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets of durations."""

_lock = Lock()


@dataclass(slots=True)
class Counter:
    """How often something happened; ``gauge``: how many there are now."""

    name: str
    about: str
    labels: Labels = ()
    gauge: bool = False
    values: dict[Labels, float] = field(default_factory=dict)

    def add(self, *labels: str, amount: float = 1) -> None:
        """Count; ``labels`` in the order in which they are declared."""
        with _lock:
            self.values[labels] = self.values.get(labels, 0) + amount


@dataclass(slots=True)
class Observed:
    """The observations of one combination of labels: per bucket (the last is beyond all bounds), and their sum."""

    buckets: list[int]
    sum: float = 0.0


@dataclass(slots=True)
class Histogram:
    """How long something took, in seconds."""

    name: str
    about: str
    labels: Labels = ()
    values: dict[Labels, Observed] = field(default_factory=dict)

    def observe(self, seconds: float, *labels: str) -> None:
        """One duration."""
        bucket = next((index for index, bound in enumerate(SECONDS) if seconds <= bound), len(SECONDS))
        with _lock:
            observed = self.values.setdefault(labels, Observed([0] * (len(SECONDS) + 1)))
            observed.buckets[bucket] += 1
            observed.sum += seconds

    @contextmanager
    def timed(self, *labels: str) -> Iterator[None]:
        """The time until the block ends; ``outcome``, the last label, is ``ok`` or the kind of the exception."""
        started, outcome = time.perf_counter(), "ok"
        try:
            yield
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            self.observe(time.perf_counter() - started, *labels, outcome)


REQUESTS = Counter(
    "flowforge_http_requests", "Requests answered, by route and status.", ("method", "route", "status")
)
REQUEST_SECONDS = Histogram(
    "flowforge_http_request_duration_seconds",
    "From a request's arrival to the end of its answer.",
    ("method", "route"),
)
IN_FLIGHT = Counter("flowforge_http_requests_in_flight", "Requests and streams now open.", gauge=True)
QUERY_SECONDS = Histogram(
    "flowforge_store_query_duration_seconds", "Queries, by store.", ("store", "outcome")
)
CACHE = Counter("flowforge_cache_requests", "Answers looked for in the cache.", ("result",))
COMPILE_SECONDS = Histogram("flowforge_compile_duration_seconds", "Graphs compiled to plans.", ("outcome",))
EVENTS = Counter("flowforge_events_received", "Events delivered to this function.", ("type", "outcome"))

METRICS: tuple[Counter | Histogram, ...] = (
    REQUESTS,
    REQUEST_SECONDS,
    IN_FLIGHT,
    QUERY_SECONDS,
    CACHE,
    COMPILE_SECONDS,
    EVENTS,
)
