"""Routes: ``METHOD /path/{template}`` → Service; of several that match, the most literal wins.

>>> table = RouteTable([parse_route("GET /a/{id}", "one"), parse_route("GET /a/new", "two")])
>>> table.match("GET", "/a/new"), table.match("GET", "/a/7"), table.match("POST", "/a/7")
(Matched(service='two'), Matched(service='one'), WrongMethod(allow=('GET', 'HEAD')))
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_LITERAL = re.compile(r"[A-Za-z0-9._~-]+")
_PARAMETER = re.compile(r"\{[a-z_]+\}")
_OWN = frozenset({"_events", "healthz", "metrics", "readyz"})
"""First segments of what a function answers to the mesh alone."""


@dataclass(frozen=True)
class Route:
    """One call. ``segments`` are the template's parts; None stands for a parameter."""

    method: str
    template: str
    service: str
    segments: tuple[str | None, ...]


@dataclass(frozen=True)
class Matched:
    """The Service that answers."""

    service: str


@dataclass(frozen=True)
class WrongMethod:
    """The path exists, but not with this method."""

    allow: tuple[str, ...]


def parse_route(line: str, service: str) -> Route:
    """Read one line of the annotation; raises ValueError that quotes it."""
    method, _, template = line.partition(" ")
    if method not in METHODS:
        raise ValueError(f"{line!r}: the method must be one of {', '.join(sorted(METHODS))}")
    if not template.startswith("/") or template.endswith("/"):
        raise ValueError(f"{line!r}: the path must begin with '/' and not end with it")
    segments: list[str | None] = []
    for part in template[1:].split("/"):
        if _PARAMETER.fullmatch(part):
            segments.append(None)
        elif _LITERAL.fullmatch(part):
            segments.append(part)
        else:
            raise ValueError(f"{line!r}: {part!r} is neither a literal segment nor a {{parameter}}")
    if segments[0] in _OWN or segments == [None]:
        raise ValueError(f"{line!r}: what a function answers to the mesh alone is not for the public")
    return Route(method, template, service, tuple(segments))


class RouteTable:
    """All routes of the mesh; refuses two Services that claim the same call."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_length: dict[int, list[Route]] = {}
        claimed: dict[tuple[str, tuple[str | None, ...]], Route] = {}
        for route in routes:
            other = claimed.setdefault((route.method, route.segments), route)
            if other is not route:
                raise ValueError(
                    f"{route.method} {route.template} is claimed by {other.service} and by {route.service}"
                )
            self._by_length.setdefault(len(route.segments), []).append(route)
        for candidates in self._by_length.values():
            # Literal segments first, the leftmost counting most: False sorts before True.
            candidates.sort(
                key=lambda route: (
                    route.segments.count(None),
                    [segment is None for segment in route.segments],
                )
            )

    def match(self, method: str, path: str) -> Matched | WrongMethod | None:
        """Who answers ``method path`` (``path`` still percent-encoded); None when nobody knows it."""
        parts = path[1:].split("/")
        allow: set[str] = set()
        for route in self._by_length.get(len(parts), ()):
            if all(
                part if segment is None else part == segment
                for segment, part in zip(route.segments, parts, strict=True)
            ):
                if route.method == method or (method == "HEAD" and route.method == "GET"):
                    return Matched(route.service)
                allow.add(route.method)
        if "GET" in allow:
            allow.add("HEAD")
        return WrongMethod(tuple(sorted(allow))) if allow else None
