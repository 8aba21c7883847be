"""What each route is asked to prove that tenants are apart. A route without a case fails the tests.

``Foreign``   an id of the other tenant, in path, query, body or credential: 404, and nothing changes
``Listed``    a list holds the caller's objects and none of the other tenant's
``Created``   the tenant is the caller's: a body that names another is refused, the object is the caller's alone
``Rows``      the same question gives each tenant its own rows, cached or not
``Same``      one answer for everybody, with the reason
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ..graphs import chain, per_symbol, source
from .world import ANY_VERSION, Ask, Owned, World, question

Route = tuple[str, str]


@dataclass(frozen=True)
class Foreign:
    """``ask(theirs, mine)`` names what is theirs. ``works``: what the owner gets for it; None: not asked.

    ``fresh`` makes an object of the owner that may be used up.
    """

    what: str
    ask: Callable[[Owned, Owned], Ask]
    works: int | None = 200
    refused: tuple[int, ...] = (404,)
    fresh: Callable[[World, str], Awaitable[str]] | None = None


@dataclass(frozen=True)
class Listed:
    """``of`` is the text by which an object is known in the list."""

    of: Callable[[Owned], str]
    ask: Callable[[Owned], Ask] = lambda _: Ask()


@dataclass(frozen=True)
class Created:
    """``read`` is the route that shows the new object to its owner."""

    ask: Callable[[Owned], Ask]
    read: str | None = None


@dataclass(frozen=True)
class Rows:
    """``ask(number)``: the number makes the question new, so that nothing is cached before it."""

    ask: Callable[[Owned, int], Ask]
    shows_symbols: bool = True


@dataclass(frozen=True)
class Same:
    """Why tenants need not be told apart."""

    reason: str


Case = Foreign | Listed | Created | Rows | Same


def counted(number: int) -> dict[str, Any]:
    """A question that nobody asked before."""
    graph = per_symbol()
    last = {"id": "some", "type": "limit", "position": {"x": 0, "y": 0}, "data": {"rows": 100 + number}}
    graph["nodes"].append(last)
    graph["edges"].append({"id": "last", "source": "sort", "target": "some"})
    return question(graph)


def uploaded(theirs: Owned) -> dict[str, Any]:
    """A question about a table that the other tenant uploaded."""
    return question(chain(source("uploads", theirs.table)))


def own(name: str) -> Callable[[Owned, Owned], Ask]:
    """The other tenant's object in the path."""
    return lambda theirs, _: Ask(path={"id": getattr(theirs, name)})


def edited(name: str, /, **body: Any) -> Callable[[Owned, Owned], Ask]:
    """A change of the other tenant's object."""
    return lambda theirs, _: Ask(body, headers=ANY_VERSION, path={"id": getattr(theirs, name)})


def pinned(workflow: Owned, dashboard: Owned) -> Ask:
    body = {"workflow_id": workflow.workflow, "output_node_id": "sort", "widget_type": "table"}
    return Ask(body, path={"id": dashboard.dashboard})


def keyed(widget: Owned, key: Owned) -> Ask:
    return Ask(path={"widget_id": widget.widget}, headers={"X-API-Key": key.raw_key}, as_user=False)


def by_workflow(theirs: Owned, _: Owned) -> Ask:
    return Ask({"workflow_id": theirs.workflow, "target_node_id": "sort"})


async def fresh_key(world: World, tenant: str) -> str:
    return (await world.key(tenant))[0]


WORKFLOW, DASHBOARD, WIDGET = "/api/v1/workflows/{id}", "/api/v1/dashboards/{id}", "/api/v1/widgets/{id}"
EXECUTION, KEY, UPLOAD = "/api/v1/executions/{id}", "/api/v1/keys/{id}", "/api/v1/uploads/{id}/commit"
TABLE = Foreign("uploaded table", lambda theirs, _: Ask(uploaded(theirs)), refused=(422,))
# Within the 3 s of a preview a busy machine does not always read a file; execute has the time to prove it.
QUICK_TABLE = Foreign("uploaded table", TABLE.ask, works=None, refused=(422,))

CASES: dict[Route, list[Case]] = {
    ("GET", "/api/v1/audit"): [Listed(lambda owned: owned.audited, lambda _: Ask(query={"limit": 200}))],
    ("POST", "/api/v1/compile"): [Rows(lambda _, n: Ask(counted(n))), TABLE],
    ("POST", "/api/v1/validate"): [
        Rows(lambda _, n: Ask({"graph": counted(n)["graph"]}), shows_symbols=False)
    ],
    ("POST", "/api/v1/estimate"): [Rows(lambda _, n: Ask(counted(n)), shows_symbols=False), TABLE],
    ("POST", "/api/v1/preview"): [Rows(lambda _, n: Ask(counted(n))), QUICK_TABLE],
    ("POST", "/api/v1/preview/profile"): [Rows(lambda _, n: Ask(counted(n))), QUICK_TABLE],
    ("POST", "/api/v1/execute"): [
        Rows(lambda _, n: Ask(counted(n))),
        Rows(lambda _, n: Ask(counted(n), headers={"Accept": "text/csv"})),
        Rows(lambda _, n: Ask(counted(n), headers={"Accept": "application/vnd.apache.arrow.stream"})),
        Foreign("workflow", by_workflow),
        TABLE,
    ],
    ("GET", "/api/v1/schema"): [Listed(lambda owned: owned.table)],
    ("POST", "/api/v1/schema/refresh"): [Listed(lambda owned: owned.table)],
    ("GET", "/api/v1/schema/{database}/{table}/values"): [
        Rows(
            lambda _, n: Ask(
                path={"database": "flowforge", "table": "raw_trades"},
                query={"column": "symbol", "limit": 100 + n},
            )
        ),
        Foreign(
            "uploaded table",
            lambda theirs, _: Ask(
                path={"database": "uploads", "table": theirs.table}, query={"column": "symbol"}
            ),
        ),
    ],
    ("GET", "/api/v1/openapi.json"): [Same("the API's description")],
    ("GET", "/api/v1/workflows"): [Listed(lambda owned: owned.workflow)],
    ("POST", "/api/v1/workflows"): [Created(lambda _: Ask({"name": "new", "graph": per_symbol()}), WORKFLOW)],
    ("GET", WORKFLOW): [Foreign("workflow", own("workflow"))],
    ("PATCH", WORKFLOW): [Foreign("workflow", edited("workflow", name="theirs"))],
    ("DELETE", WORKFLOW): [Foreign("workflow", own("workflow"), 204, fresh=World.workflow)],
    ("GET", f"{WORKFLOW}/versions"): [Foreign("workflow", own("workflow"))],
    ("GET", f"{WORKFLOW}/versions/{{version:int}}"): [
        Foreign("workflow", lambda theirs, _: Ask(path={"id": theirs.workflow, "version": "1"}))
    ],
    ("POST", f"{WORKFLOW}/restore"): [Foreign("workflow", edited("workflow", version=1))],
    ("GET", f"{WORKFLOW}/diff"): [
        Foreign("workflow", lambda theirs, _: Ask(path={"id": theirs.workflow}, query={"from": 1, "to": 2}))
    ],
    ("POST", f"{WORKFLOW}/impact"): [Foreign("workflow", edited("workflow", graph=per_symbol()))],
    ("GET", f"{WORKFLOW}/impact"): [Foreign("workflow", own("workflow"))],
    ("GET", "/api/v1/dashboards"): [Listed(lambda owned: owned.dashboard)],
    ("POST", "/api/v1/dashboards"): [Created(lambda _: Ask({"name": "new"}), DASHBOARD)],
    ("GET", DASHBOARD): [Foreign("dashboard", own("dashboard"))],
    ("PATCH", DASHBOARD): [Foreign("dashboard", edited("dashboard", name="theirs"))],
    ("DELETE", DASHBOARD): [Foreign("dashboard", own("dashboard"), 204, fresh=World.dashboard)],
    ("GET", f"{DASHBOARD}/widgets"): [Foreign("dashboard", own("dashboard"))],
    ("POST", f"{DASHBOARD}/widgets"): [
        Foreign("dashboard", lambda theirs, mine: pinned(mine, theirs), 201),
        Foreign("workflow", lambda theirs, mine: pinned(theirs, mine), 201),
        Created(lambda mine: pinned(mine, mine), WIDGET),
    ],
    ("POST", f"{DASHBOARD}/data"): [
        Foreign("dashboard", lambda theirs, _: Ask({}, path={"id": theirs.dashboard})),
        Rows(lambda owned, _: Ask({}, path={"id": owned.dashboard})),
    ],
    ("GET", WIDGET): [Foreign("widget", own("widget"))],
    ("PATCH", WIDGET): [
        Foreign("widget", edited("widget", config={"a": 1})),
        Foreign(
            "workflow",
            lambda theirs, mine: Ask(
                {"workflow_id": theirs.workflow}, headers=ANY_VERSION, path={"id": mine.widget}
            ),
        ),
    ],
    ("DELETE", WIDGET): [Foreign("widget", own("widget"), 204, fresh=World.widget)],
    ("GET", f"{WIDGET}/data"): [
        Foreign("widget", own("widget")),
        Rows(lambda owned, _: Ask(path={"id": owned.widget})),
    ],
    ("GET", "/api/v1/templates"): [Same("templates come with the product")],
    ("POST", "/api/v1/templates/{id}/instantiate"): [
        Created(lambda _: Ask({"name": "new"}, path={"id": "daily-performance"}))
    ],
    ("GET", "/api/v1/me"): [Rows(lambda _owned, _n: Ask())],
    ("GET", "/api/v1/tenant/symbols"): [Rows(lambda _owned, _n: Ask())],
    ("PUT", "/api/v1/tenant/symbols"): [
        Foreign("symbols", lambda theirs, mine: Ask({"symbols": _symbols_of(theirs)}), refused=(403,)),
        Created(lambda mine: Ask({"symbols": "*"})),
    ],
    ("GET", "/api/v1/keys"): [Listed(lambda owned: owned.key)],
    ("POST", "/api/v1/keys"): [
        Foreign("widget", lambda theirs, _: Ask({"name": "k", "widget_ids": [theirs.widget]}), 201),
        Created(lambda mine: Ask({"name": "k", "widget_ids": [mine.widget]}), KEY),
    ],
    ("GET", KEY): [Foreign("key", own("key"))],
    ("DELETE", KEY): [Foreign("key", own("key"), 204, fresh=fresh_key)],
    ("POST", "/api/v1/embed/token"): [
        Foreign(
            "widget",
            lambda theirs, mine: Ask(
                {"widget_id": theirs.widget}, headers={"X-API-Key": mine.raw_key}, as_user=False
            ),
        )
    ],
    ("GET", "/api/v1/embed/{widget_id}/data"): [
        Foreign("widget", keyed),
        Rows(lambda owned, _: keyed(owned, owned)),
    ],
    # The owner's stream does not end; that it begins is proven where streams are.
    ("GET", "/api/v1/embed/{widget_id}/stream"): [Foreign("widget", keyed, works=None)],
    ("GET", "/api/v1/stream"): [
        Foreign("dashboard", lambda theirs, _: Ask(query={"dashboard": theirs.dashboard}), works=None)
    ],
    ("POST", "/api/v1/stream/ticket"): [
        Foreign("dashboard", lambda theirs, _: Ask({"dashboard_id": theirs.dashboard})),
        Foreign("execution", lambda theirs, _: Ask({"execution_id": theirs.execution})),
    ],
    ("GET", "/ws/dashboard/{id}"): [Foreign("dashboard", own("dashboard"), None, (426,))],
    ("GET", "/ws/executions/{id}"): [Foreign("execution", own("execution"), None, (426,))],
    ("GET", "/api/v1/executions"): [Listed(lambda owned: owned.execution)],
    ("POST", "/api/v1/executions"): [
        Foreign("workflow", by_workflow, 202),
        Foreign("uploaded table", lambda theirs, _: Ask(uploaded(theirs)), 202, refused=(422,)),
        Created(lambda _: Ask(question(per_symbol())), EXECUTION),
    ],
    ("GET", EXECUTION): [Foreign("execution", own("execution"))],
    ("GET", f"{EXECUTION}/result"): [
        Foreign("execution", own("execution")),
        Rows(lambda owned, _: Ask(path={"id": owned.execution})),
        Rows(lambda owned, _: Ask(path={"id": owned.execution}, headers={"Accept": "text/csv"})),
    ],
    ("DELETE", EXECUTION): [Foreign("execution", own("execution"), 204, fresh=World.execution)],
    ("POST", "/api/v1/uploads"): [Created(lambda _: Ask(content=b"a\n1\n", query={"filename": "a.csv"}))],
    ("POST", UPLOAD): [
        Foreign(
            "upload",
            lambda theirs, _: Ask({"name": "taken"}, path={"id": theirs.upload}),
            201,
            fresh=World.upload,
        )
    ],
}


def _symbols_of(theirs: Owned) -> list[str]:
    from .world import SYMBOLS

    return SYMBOLS[theirs.tenant]
