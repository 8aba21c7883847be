"""Annotations: the autoscaler's, and the routes of a Service.

A live cluster accepts a mistyped annotation and ignores it; here it is an error. Bounds are those of
``knative.dev/serving/pkg/apis/autoscaling`` (annotation_validation.go, register.go).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flowforge_local.mesh.routing import Route, parse_route

AUTOSCALING = "autoscaling.knative.dev/"
ROUTES = "flowforge.dev/routes"
DEFAULT_TARGET = 100.0
TARGET_UTILIZATION = 0.7
KPA = "kpa.autoscaling.knative.dev"
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?")


@dataclass(frozen=True)
class Scaling:
    """How many instances a revision may have, and when it gets another. Times are seconds."""

    min_scale: int = 0
    max_scale: int = 0
    """0 means no upper bound."""
    window: float = 60.0
    target: float | None = None
    """Concurrent requests an instance should have at most; None follows container concurrency."""
    utilization: float = TARGET_UTILIZATION
    retention: float = 0.0
    """How long the last instance is kept after the decision to scale to zero."""

    def concurrency_target(self, container_concurrency: int) -> float:
        """Average concurrency per instance to aim for (ResolveMetricTarget in Knative's autoscaler)."""
        total = self.target or float(container_concurrency) or DEFAULT_TARGET
        if container_concurrency:
            total = min(total, float(container_concurrency))
        return max(0.01, total * self.utilization)


def duration(text: str) -> float:
    """Seconds of a Go duration (``1m30s``); raises ValueError."""
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"{text!r} is not a duration such as 30s or 1m30s")
    hours, minutes, seconds, millis = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds + millis / 1000


def _scale(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text):
        raise ValueError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def _number(text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None
    if not low <= value <= high:
        raise ValueError(f"{text} is outside {low:g} to {high:g}")
    return value


def _between(seconds: float, low: float, high: float, text: str) -> float:
    if not low <= seconds <= high:
        raise ValueError(f"{text} is outside {low:g}s to {high:g}s")
    return seconds


def _only(text: str, allowed: str) -> None:
    if text != allowed:
        raise ValueError(f"{text!r}: the local mesh and our clusters use {allowed!r}")


def scaling(annotations: Mapping[str, str]) -> Scaling:
    """The scaling that a revision template's annotations ask for; ValueError names the annotation."""
    found: dict[str, float | int] = {}
    for name, text in annotations.items():
        if not name.startswith(AUTOSCALING):
            continue
        try:
            match name.removeprefix(AUTOSCALING):
                case "min-scale":
                    found["min_scale"] = _scale(text)
                case "max-scale":
                    found["max_scale"] = _scale(text)
                case "window":
                    found["window"] = _between(duration(text), 6, 3600, text)
                case "target":
                    found["target"] = _number(text, 0.01, 1_000_000)
                case "target-utilization-percentage":
                    found["utilization"] = _number(text, 1, 100) / 100
                case "scale-to-zero-pod-retention-period":
                    found["retention"] = _between(duration(text), 0, 3600, text)
                case "metric":
                    _only(text, "concurrency")
                case "class":
                    _only(text, KPA)
                case _:
                    raise ValueError("no such autoscaling annotation, or not one this project may use")
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    result = Scaling(**found)  # type: ignore[arg-type]  # each case assigns its field's own type
    if result.max_scale and result.max_scale < result.min_scale:
        raise ValueError(f"{AUTOSCALING}max-scale: {result.max_scale} is below min-scale {result.min_scale}")
    return result


def routes(annotations: Mapping[str, str], service: str) -> tuple[Route, ...]:
    """The calls a Service answers, one ``METHOD /path/{template}`` per line; ValueError names the line."""
    lines = [line.strip() for line in annotations.get(ROUTES, "").splitlines()]
    try:
        found = tuple(parse_route(line, service) for line in lines if line)
    except ValueError as error:
        raise ValueError(f"{ROUTES}: {error}") from None
    if not found:
        raise ValueError(f"{ROUTES}: no route; a function that nobody can call does not belong in the mesh")
    return found
