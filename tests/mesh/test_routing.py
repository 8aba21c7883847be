"""Path templates: the most literal wins, the wrong method is told apart from the unknown path."""

from __future__ import annotations

import pytest

from flowforge_local.mesh.routing import Matched, RouteTable, WrongMethod, parse_route

TABLE = RouteTable(
    [
        parse_route("GET /a", "list"),
        parse_route("POST /a", "create"),
        parse_route("GET /a/{id}", "one"),
        parse_route("GET /a/new", "new"),
        parse_route("GET /a/{id}/data", "data"),
        parse_route("GET /{kind}/x/data", "late"),
        parse_route("DELETE /a/{id}", "delete"),
        parse_route("GET /{kind}/{id}/data", "any"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "service"),
    [
        ("GET", "/a", "list"),
        ("HEAD", "/a", "list"),
        ("POST", "/a", "create"),
        ("GET", "/a/7", "one"),
        ("GET", "/a/new", "new"),
        ("GET", "/a/New", "one"),
        ("GET", "/a/x/data", "data"),
        ("GET", "/b/x/data", "late"),
        ("GET", "/b/y/data", "any"),
        ("DELETE", "/a/new", "delete"),
        ("GET", "/a/%C3%A9", "one"),
    ],
)
def test_a_call_finds_its_service(method: str, path: str, service: str) -> None:
    assert TABLE.match(method, path) == Matched(service)


@pytest.mark.parametrize("path", ["/", "/b", "/a/", "/a//data", "/a/7/data/", "//a", "/a/7/other", "/A"])
def test_an_unknown_path(path: str) -> None:
    assert TABLE.match("GET", path) is None


def test_a_known_path_with_another_method_says_which_it_has() -> None:
    assert TABLE.match("PATCH", "/a") == WrongMethod(("GET", "HEAD", "POST"))
    assert TABLE.match("PATCH", "/a/new") == WrongMethod(("DELETE", "GET", "HEAD"))


def test_two_services_may_not_claim_the_same_call() -> None:
    with pytest.raises(ValueError, match="claimed by one and by two"):
        RouteTable([parse_route("GET /a/{id}", "one"), parse_route("GET /a/{name}", "two")])


@pytest.mark.parametrize(
    "line",
    [
        "FETCH /a",
        "GET a",
        "GET /a/",
        "GET /a/{}",
        "GET /a/{Id}",
        "GET /a b",
        "get /a",
        "GET",
        "GET /a//b",
        "POST /_events",
        "POST /{any}",
        "GET /metrics",
        "GET /a?x=1",
    ],
)
def test_a_malformed_route_is_quoted(line: str) -> None:
    with pytest.raises(ValueError, match=r"GET|POST|FETCH|get") as refused:
        parse_route(line, "one")
    assert repr(line) in str(refused.value)
