"""The seven proofs that tenants are apart, for every route that any function declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

import httpx
import pytest

from flowforge.serve.function import Endpoint
from flowforge.serve.openapi import load_functions

from ..conftest import ROOT
from .cases import CASES, Case, Created, Foreign, Listed, Route, Rows, Same
from .world import SYMBOLS, A, Ask, B, World

pytestmark = pytest.mark.engines

FUNCTION_OF: dict[Route, str] = {}
ENDPOINTS: dict[Route, Endpoint] = {}
for each in load_functions(ROOT / "functions"):
    for endpoint in each.endpoints:
        FUNCTION_OF[endpoint.method, endpoint.path] = each.name
        ENDPOINTS[endpoint.method, endpoint.path] = endpoint

SHARED_IDS = {("POST", "/api/v1/templates/{id}/instantiate")}
"""Ids in the path that are no tenant's."""
REFERENCES = {"workflow_id", "dashboard_id", "widget_id", "widget_ids", "execution_id", "upload_id", "key_id"}
"""Members of bodies that name an object of a tenant."""
NARROWING = {("POST", "/api/v1/dashboards/{id}/data")}
"""Bodies whose ids only pick among what was found already."""

numbers = count(1)
K = TypeVar("K", bound=Case)


def of_kind(kind: type[K]) -> Iterator[Any]:
    """Every route with each of its cases of that kind."""
    for route, cases in CASES.items():
        for number, case in enumerate(each for each in cases if isinstance(each, kind)):
            yield pytest.param(route, case, id=f"{' '.join(route)}-{getattr(case, 'what', number)}")


def test_every_route_has_its_cases() -> None:
    assert CASES.keys() == ENDPOINTS.keys()
    for route, endpoint in ENDPOINTS.items():
        kinds = {type(case) for case in CASES[route]}
        assert kinds, route
        if ("{id}" in endpoint.path or "{widget_id}" in endpoint.path) and route not in SHARED_IDS:
            assert Foreign in kinds, f"{route} has an id in its path: ask for the other tenant's"
        named = REFERENCES & set(endpoint.body.model_fields) if endpoint.body is not None else set()
        if named and route not in NARROWING:
            assert Foreign in kinds, f"{route} takes {named}: name the other tenant's"
        if endpoint.status == 201 or endpoint.answer is None:
            assert kinds & {Created, Foreign, Rows, Same}, route
        if endpoint.answer is not None and {"items", "next_cursor"} <= set(endpoint.answer.model_fields):
            assert kinds & {Listed, Foreign, Same}, f"{route} is a list"


async def ask(world: World, tenant: str, route: Route, wanted: Any) -> httpx.Response:
    return await world.ask(tenant, FUNCTION_OF[route], *route, wanted)


def refuse_secrets(answer: httpx.Response, world: World, of: str) -> None:
    """Nothing of a tenant is in an answer to the other: no row, id, name or count of it."""
    text = answer.content.decode("utf-8", "replace") + str(answer.headers)
    for secret in world.owned[of].secrets:
        assert secret not in text, f"{secret} of {of}"


@pytest.mark.parametrize(("route", "case"), of_kind(Listed))
async def test_a_list_holds_the_caller_s_own(world: World, route: Route, case: Listed) -> None:
    for mine, theirs in ((A, B), (B, A)):
        answer = await ask(world, mine, route, case.ask(world.owned[mine]))
        assert answer.status_code == 200, answer.text
        assert case.of(world.owned[mine]) in answer.text
        refuse_secrets(answer, world, theirs)


@pytest.mark.parametrize(("route", "case"), of_kind(Foreign))
async def test_what_is_the_other_tenant_s_is_not_there(world: World, route: Route, case: Foreign) -> None:
    """Read, changed, deleted or referred to: 404, as for an id that nobody has; and it stays as it was."""
    for owner, stranger in ((A, B), (B, A)):
        theirs, mine = world.owned[owner], world.owned[stranger]
        if case.fresh is not None:
            theirs = replace(theirs, **{case.what: await case.fresh(world, owner)})
        before = await shown(world, owner, route, case.ask(theirs, mine).path)
        answer = await ask(world, stranger, route, case.ask(theirs, mine))
        assert answer.status_code in case.refused, answer.text
        if case.refused == (404,):
            assert answer.json()["code"] == "not_found"
        assert not any(symbol in answer.text for symbol in SYMBOLS[owner] if case.what != "symbols")
        assert await shown(world, owner, route, case.ask(theirs, mine).path) == before
        if case.works is not None:
            good = await ask(world, owner, route, case.ask(theirs, theirs))
            assert good.status_code == case.works, good.text


async def shown(world: World, owner: str, route: Route, path: dict[str, str]) -> Any:
    """What the owner sees at the path now; None where it cannot be read."""
    if ("GET", route[1]) not in ENDPOINTS or set(path) != {"id"} or route[1].startswith("/ws/"):
        return None
    found = (await ask(world, owner, ("GET", route[1]), Ask(path=path))).json()
    found.pop("trace_id", None)
    return found


@pytest.mark.parametrize(("route", "case"), of_kind(Created))
async def test_what_is_made_is_the_caller_s(world: World, route: Route, case: Created) -> None:
    wanted = case.ask(world.owned[A])
    if wanted.body is not None:
        forged = replace(wanted, body={**wanted.body, "tenant_id": B})
        refused = await ask(world, A, route, forged)
        assert (refused.status_code, refused.json()["field"]) == (422, "tenant_id"), refused.text
    claimed = replace(wanted, headers={**wanted.headers, "X-Tenant-Id": B, "X-Tenant": B})
    made = await ask(world, A, route, claimed)
    assert made.status_code == ENDPOINTS[route].status, made.text
    if case.read is not None:
        path = {"id": made.json()["id"]}
        read = replace(wanted, body=None, headers={}, path=path)
        assert (await ask(world, A, ("GET", case.read), read)).status_code == 200
        assert (await ask(world, B, ("GET", case.read), read)).status_code == 404


@pytest.mark.parametrize(("route", "case"), of_kind(Rows))
async def test_the_same_question_gives_each_tenant_its_own(world: World, route: Route, case: Rows) -> None:
    """Also from the cache, in either order, and again."""
    number = next(numbers)
    for round_ in range(2):
        for mine, theirs in ((A, B), (B, A)):
            answer = await ask(world, mine, route, case.ask(world.owned[mine], number))
            assert answer.status_code == 200, answer.text
            for symbol in SYMBOLS[theirs]:
                assert symbol.encode() not in answer.content
            for symbol in SYMBOLS[mine] if case.shows_symbols else ():
                assert symbol.encode() in answer.content
            if round_ == 0 and "{" not in route[1] and "json" in answer.headers["content-type"]:
                assert answer.json().get("cache_hit", False) is False
