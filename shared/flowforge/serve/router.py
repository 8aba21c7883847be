"""From a matched route to an answer: caller, access, body, handler, response.

Errors are caught here, inside the framework, because it answers 404, 405 and 500 in plain text.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from flowforge.auth import access_of, authenticate, require_role
from flowforge.auth.caller import unauthenticated
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.quotas import admit
from flowforge.results.noted import noting
from flowforge.serve.app import EVENTS_PATH
from flowforge.serve.body import parse_json, parse_query, read_body, require_json, stream_body
from flowforge.serve.call import Answer, Call, Reply, Stream, uuid_of
from flowforge.serve.feed import EventStream
from flowforge.serve.function import Endpoint
from flowforge.serve.gone import until_gone
from flowforge.serve.problem import problem_of
from flowforge.serve.reads import reads
from flowforge.serve.standing import CHECK_SECONDS, require_standing, while_standing
from flowforge.settings import settings
from flowforge.tenancy import Caller
from flowforge.trace import current_tenant

if TYPE_CHECKING:
    from flowforge.auth.embed import EmbedGrant
    from flowforge.metadata.embed_keys import StoredKey

JSON = "application/json"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
PROOFS = ("authorization", "x-api-key", "x-dev-tenant", "x-dev-roles")
"""Headers that say who calls, each at most once."""


def router(
    endpoints: Iterable[Endpoint], intake: ASGIApp | None = None, audited_as: str | None = None
) -> ASGIApp:
    """One ASGI app for a function's endpoints; every failure inside it is a problem document.

    ``intake`` takes the events that the mesh delivers. ``audited_as`` is the function's name in the audit log's
    entries of reads; None: it tells of nothing.
    """
    paths: dict[str, dict[str, Endpoint]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    entries: list[BaseRoute] = [
        Route(path, endpoint=_Path(methods, audited_as)) for path, methods in paths.items()
    ]
    routes = Router(entries, redirect_slashes=False, default=_nothing_here)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if intake is not None and scope["path"] == EVENTS_PATH:
                await intake(scope, receive, sending)
            else:
                await routes(scope, receive, sending)
        except Exception as error:
            if (
                started
            ):  # too late for a status: cut the connection, so that nobody takes a part for the whole
                raise
            await problem_of(error, scope["path"])(scope, receive, send)

    return app


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404)


class _Path:
    """The methods of one path template."""

    def __init__(self, methods: Mapping[str, Endpoint], audited_as: str | None) -> None:
        self._audited_as = audited_as
        self._methods = dict(methods)
        if "GET" in methods:
            self._methods.setdefault("HEAD", methods["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._methods.get(scope["method"])
        if endpoint is None:
            allow = ", ".join(sorted(self._methods))
            raise HTTPException(
                405, f"{scope['method']} is not offered here, only {allow}.", {"allow": allow}
            )
        if "flowforge.matched" in scope:
            scope["flowforge.matched"].append(endpoint.path)
        request = Request(scope, receive)
        response = await _respond(endpoint, request, self._audited_as)
        await response(scope, receive, send)


async def _respond(endpoint: Endpoint, request: Request, audited_as: str | None) -> ASGIApp:
    headers = request.headers
    if endpoint.socket:
        raise FlowForgeError(
            ErrorCode.UPGRADE_REQUIRED, "This is a WebSocket.", hint="Open it with ws:// or wss://."
        )
    if endpoint.public:
        return _response(endpoint, await endpoint.handler(), None)
    caller, proof = await _proven(endpoint, request)
    current_tenant.set(caller.tenant_id)
    await admit(caller.tenant_id)
    require_role(caller, endpoint.role)
    arguments: list[Any] = []
    if endpoint.body is not None:
        require_json(headers.get("content-type"))
        length = headers.get("content-length")
        body = await read_body(request.receive, length, settings().max_body_bytes)
        arguments.append(parse_json(body, endpoint.body))
    if endpoint.query is not None:
        arguments.append(parse_query(request.query_params, endpoint.query))
    if endpoint.takes_file:
        arguments.append(stream_body(request, settings().max_upload_bytes))
    access = await access_of(caller.tenant_id)
    call = Call(caller, access, request.path_params, request.query_params, headers, proof)
    began = time.monotonic()
    work = endpoint.handler(call, *arguments)
    with noting() as notes:
        answer = await (until_gone(work, request.receive) if endpoint.cancellable else work)
    if (notes or isinstance(answer, Stream)) and time.monotonic() - began > CHECK_SECONDS:
        await require_standing(call)
    if notes and audited_as is not None:
        path = request.path_params
        (await reads()).add(caller, f"{audited_as}.read", path.get("id") or path.get("widget_id"), notes)
    return _response(endpoint, answer, call)


async def _proven(endpoint: Endpoint, request: Request) -> tuple[Caller, StoredKey | EmbedGrant | None]:
    """Who calls, and by which key or grant where the endpoint asks for one."""
    headers = request.headers
    for name in PROOFS:
        if len(headers.getlist(name)) > 1:  # which of them holds is not for a proxy on the way to decide
            raise unauthenticated(f"There is more than one header {name}.")
    if endpoint.proof == "key":
        from flowforge.auth.embed_keys import caller_of_key, key_of_headers  # of no use to most functions

        key = await key_of_headers(headers)
        return caller_of_key(key), key
    if endpoint.proof == "embed":
        from flowforge.auth.embed import grant_of

        grant = await grant_of(headers, uuid_of(request.path_params["widget_id"], "widget"))
        return grant.caller, grant
    server = request.scope.get("server") or ("", 0)
    return await authenticate(headers, loopback=server[0] in LOOPBACK), None


def _response(endpoint: Endpoint, answer: Answer, call: Call | None) -> ASGIApp:
    """``call`` is None where anybody may ask: what is streamed to a caller goes on while the caller may have it."""
    if isinstance(answer, EventStream):
        return answer
    if isinstance(answer, Stream):
        chunks = answer.chunks if call is None else while_standing(call, answer.chunks)
        return StreamingResponse(chunks, media_type=answer.media_type, headers=dict(answer.headers))
    reply = answer if isinstance(answer, Reply) else Reply(answer, endpoint.status)
    if reply.body is None:
        return Response(status_code=204 if reply.status == 200 else reply.status, headers=dict(reply.headers))
    return Response(_json(reply.body), reply.status, dict(reply.headers), JSON)


def _json(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, BaseModel):
        return body.model_dump_json(exclude_none=False, by_alias=True).encode()
    return orjson.dumps(body)
