"""The window's average and the number of instances that follows from it."""

from __future__ import annotations

import random

import pytest

from flowforge_local.mesh.autoscaler import ConcurrencyWindow, desired_scale
from flowforge_local.mesh.manifests import Scaling


@pytest.mark.parametrize(
    ("changes", "at", "average"),
    [
        ([(0, 4)], 30, 4),
        ([(0, 4), (30, 0)], 60, 2),
        ([(0, 4), (30, 0)], 75, 1),
        ([(0, 4), (30, 0)], 90, 0),
        ([(0, 1), (1, 0)], 2, 0.5),
        ([(100, 6)], 101, 6),
        ([(0, 1), (0.5, 2), (1.5, 3)], 2, (0.5 + 2 + 1.5) / 2),
    ],
)
def test_the_average_is_weighted_by_time(changes: list[tuple[float, int]], at: float, average: float) -> None:
    window = ConcurrencyWindow(60, 0)
    for when, concurrency in changes:
        window.observe(when, concurrency)
    assert window.average(at) == pytest.approx(average, abs=0.07)  # one bucket of sixty, times four


def test_the_average_equals_the_integral_for_random_loads() -> None:
    rng = random.Random(5)
    now, value, area, window = 0.0, 0, 0.0, ConcurrencyWindow(1000, 0)
    started: float | None = None
    for _ in range(500):
        step = rng.random()
        area, now = area + value * step, now + step
        value = rng.randrange(5)
        if value and started is None:
            started = now
        window.observe(now, value)
    assert started is not None
    assert window.average(now) == pytest.approx(area / (now - started))


@pytest.mark.parametrize(
    ("average", "idle", "current", "options", "concurrency", "wanted"),
    [
        (0, 0, 0, {}, 10, 0),
        (0.001, 0, 1, {}, 10, 1),
        (7.0, 0, 1, {}, 10, 1),
        (7.01, 0, 1, {}, 10, 2),
        (700, 0, 1, {}, 10, 100),
        (700, 0, 1, {"max_scale": 3}, 10, 3),
        (0, 59, 1, {}, 10, 1),
        (0, 60, 1, {}, 10, 0),
        (0, 60, 4, {"min_scale": 2}, 10, 2),
        (0, 0, 0, {"min_scale": 2}, 10, 2),
        (0, 80, 1, {"retention": 30.0}, 10, 1),
        (0, 90, 1, {"retention": 30.0}, 10, 0),
        (0, 59, 3, {}, 10, 1),
        (71, 0, 1, {}, 0, 2),
        (8, 0, 1, {"target": 5.0}, 0, 3),
        (8, 0, 1, {"target": 50.0}, 10, 2),
        (8, 0, 1, {"utilization": 1.0}, 10, 1),
    ],
)
def test_the_wanted_scale(
    average: float, idle: float, current: int, options: dict[str, float], concurrency: int, wanted: int
) -> None:
    scaling = Scaling(**options)  # type: ignore[arg-type]
    assert desired_scale(average, idle, scaling, concurrency, current) == wanted
