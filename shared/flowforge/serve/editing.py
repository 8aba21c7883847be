"""The five routes of anything that users keep: list, create, read, change, delete.

Changes carry ``If-Match`` (428 without, 412 when stale) and every single object comes with its
``ETag``; editing needs the role ``analyst``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from flowforge.auth import require_registered
from flowforge.serve.call import Call, Reply, object_id
from flowforge.serve.function import Function
from flowforge.tenancy import Caller
from flowforge.workspace.etags import etag, optional_version, required_version
from flowforge.workspace.paging import ListQuery


def with_etag(kept: Any, status: int = 200) -> Reply:
    """An answer with the object's entity tag."""
    return Reply(kept, status, {"etag": etag(kept.version)})


def add_list(
    function: Function, path: str, answer: type[BaseModel], find: Callable[[str, ListQuery], Awaitable[Any]]
) -> None:
    """``GET path``: a page of the tenant's objects."""

    @function.get(path, query=ListQuery, answer=answer)
    async def list_objects(call: Call, query: ListQuery) -> Any:
        """A page of the list, newest first."""
        return await find(call.caller.tenant_id, query)


def add_create(
    function: Function,
    path: str,
    body: type[BaseModel],
    answer: type[BaseModel],
    create: Callable[[Caller, Any], Awaitable[Any]],
) -> None:
    """``POST path``: a new object, 201."""

    @function.post(path, body=body, answer=answer, status=201, role="analyst")
    async def create_object(call: Call, wanted: Any) -> Reply:
        """Make one."""
        require_registered(call.access)
        kept = await create(call.caller, wanted)
        return Reply(kept, 201, {"etag": etag(kept.version), "location": f"{path}/{kept.id}"})


def add_item(
    function: Function,
    path: str,
    kind: str,
    body: type[BaseModel],
    answer: type[BaseModel],
    read: Callable[[str, UUID], Awaitable[Any]],
    update: Callable[[Caller, UUID, Any, int | None], Awaitable[Any]],
    delete: Callable[[Caller, UUID, int | None], Awaitable[None]],
) -> None:
    """``GET``, ``PATCH`` and ``DELETE`` of ``path`` (which ends in ``/{id}``)."""

    @function.get(path, answer=answer)
    async def read_object(call: Call) -> Reply:
        """Read one, with its ETag."""
        return with_etag(await read(call.caller.tenant_id, object_id(call, kind)))

    @function.patch(path, body=body, answer=answer, role="analyst")
    async def change_object(call: Call, wanted: Any) -> Reply:
        """Change what is sent; needs If-Match."""
        demanded = required_version(call.headers.get("if-match"))
        return with_etag(await update(call.caller, object_id(call, kind), wanted, demanded))

    @function.delete(path, status=204, role="analyst")
    async def delete_object(call: Call) -> None:
        """Delete one; honours If-Match."""
        demanded = optional_version(call.headers.get("if-match"))
        await delete(call.caller, object_id(call, kind), demanded)
