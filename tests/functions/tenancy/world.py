"""Two tenants that have one of everything, so that each can be asked for what is the other's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from flowforge.audit import record_entry
from flowforge.metadata.entitlements import grant

from ..deliveries import announced, deliver
from ..graphs import Graph, per_symbol

A, B = "matrix-a", "matrix-b"
SYMBOLS = {A: ["AAPL", "MSFT"], B: ["IBM", "JPM"]}
ANY_VERSION = {"If-Match": "*"}


@dataclass(frozen=True)
class Ask:
    """One request. ``as_user`` False: the headers alone say who asks."""

    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    path: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    as_user: bool = True


@dataclass
class Owned:
    """What a tenant has: ids of its objects, and its key."""

    tenant: str
    workflow: str = ""
    dashboard: str = ""
    widget: str = ""
    key: str = ""
    raw_key: str = ""
    upload: str = ""
    table: str = ""
    execution: str = ""
    audited: str = ""

    @property
    def secrets(self) -> list[str]:
        """Texts that no other tenant may ever be shown."""
        return [
            *SYMBOLS[self.tenant],
            *(value for name, value in vars(self).items() if name != "tenant" and value),
        ]


class World:
    """The tenants, and how to ask each function in the name of one."""

    def __init__(self, call: Callable[..., httpx.AsyncClient]) -> None:
        self._call = call
        self.owned: dict[str, Owned] = {}

    async def ask(self, tenant: str, function: str, method: str, template: str, ask: Ask) -> httpx.Response:
        """The answer to one request of a tenant's admin."""
        path = template.replace("{version:int}", "{version}").format(**ask.path)
        client = self._call(function, tenant=tenant if ask.as_user else None)
        body = {"content": ask.content} if ask.content is not None else {}
        if ask.body is not None:
            body = {"json": ask.body}
        return await client.request(method, path, params=ask.query, headers=ask.headers, **body)

    async def made(
        self, tenant: str, function: str, path: str, body: Any = None, **more: Any
    ) -> dict[str, Any]:
        """What a POST made."""
        answer = await self.ask(tenant, function, "POST", path, Ask(body, **more))
        assert answer.status_code in (200, 201, 202), answer.text
        return dict(answer.json())

    async def workflow(self, tenant: str) -> str:
        """A new workflow of the tenant."""
        body = {"name": f"of {tenant}", "graph": per_symbol()}
        return str((await self.made(tenant, "workspace", "/api/v1/workflows", body))["id"])

    async def dashboard(self, tenant: str) -> str:
        """A new dashboard of the tenant."""
        body = {"name": f"of {tenant}"}
        return str((await self.made(tenant, "workspace", "/api/v1/dashboards", body))["id"])

    async def widget(self, tenant: str) -> str:
        """A new widget on the tenant's dashboard, of its workflow."""
        owned = self.owned[tenant]
        body = {"workflow_id": owned.workflow, "output_node_id": "sort", "widget_type": "table"}
        path = f"/api/v1/dashboards/{owned.dashboard}/widgets"
        return str((await self.made(tenant, "workspace", path, body))["id"])

    async def key(self, tenant: str) -> tuple[str, str]:
        """Id and secret of a new key to the tenant's widget."""
        body = {"name": f"of {tenant}", "widget_ids": [self.owned[tenant].widget]}
        made = await self.made(tenant, "embed-auth", "/api/v1/keys", body)
        return made["id"], made["key"]

    async def upload(self, tenant: str) -> str:
        """A file that was read and is no table yet."""
        more = {"content": b"symbol,weight\nAAPL,1\n", "query": {"filename": "weights.csv"}}
        return str((await self.made(tenant, "execute", "/api/v1/uploads", **more))["id"])

    async def execution(self, tenant: str) -> str:
        """An execution that has its result."""
        await announced("execution.requested")
        body = question(per_symbol())
        made = await self.made(tenant, "execute", "/api/v1/executions", body)
        client = self._call("execute", tenant=None)
        for message in await announced("execution.requested"):
            assert (await deliver(client, message)).status_code == 204
        for _ in range(200):
            status = await self.ask(
                tenant, "execute", "GET", "/api/v1/executions/{id}", Ask(path={"id": made["id"]})
            )
            if status.json()["status"] == "completed":
                return str(made["id"])
            await asyncio.sleep(0.05)
        raise AssertionError("the execution did not complete")

    async def fill(self, tenant: str) -> None:
        """Register the tenant and give it one of everything."""
        await grant(tenant, SYMBOLS[tenant])
        owned = self.owned[tenant] = Owned(tenant)
        owned.workflow = await self.workflow(tenant)
        renamed = Ask({"name": f"still of {tenant}"}, headers=ANY_VERSION, path={"id": owned.workflow})
        await self.ask(tenant, "workspace", "PATCH", "/api/v1/workflows/{id}", renamed)
        owned.dashboard = await self.dashboard(tenant)
        owned.widget = await self.widget(tenant)
        owned.key, owned.raw_key = await self.key(tenant)
        owned.upload = await self.upload(tenant)
        owned.table = f"weights_{uuid4().hex[:8]}"
        await self.made(
            tenant,
            "execute",
            f"/api/v1/uploads/{await self.upload(tenant)}/commit",
            {"name": owned.table},
        )
        owned.execution = await self.execution(tenant)
        owned.audited = f"audited object of {tenant}"
        await record_entry(_Audited(tenant, owned.audited))


def question(graph: Graph, **more: Any) -> dict[str, Any]:
    """The body of a call that runs the last node of a graph."""
    return {"graph": graph, "target_node_id": graph["nodes"][-1]["id"], **more}


class _Audited:
    """An ``audit.recorded`` as it is delivered."""

    source = "/flowforge/tests"

    def __init__(self, tenant: str, subject: str) -> None:
        self.tenant = tenant
        self.id = str(uuid4())
        self.time = datetime.now(UTC)
        self.data = {
            "actor": "somebody",
            "action": "test",
            "object": subject,
            "at": self.time.isoformat(),
            "count": 1,
            "plan_hash": None,
            "rows": None,
            "elapsed_ms": None,
        }
