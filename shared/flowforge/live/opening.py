"""Opening a stream: who asks, whether they may, and what they will hear."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import UUID

from flowforge.auth import access_of, require_registered, require_role
from flowforge.auth.embed import EmbedGrant
from flowforge.errors import ErrorCode, StoreError
from flowforge.live import channels
from flowforge.live.relay import Relay, relay
from flowforge.live.session import Session
from flowforge.live.terms import terms_of
from flowforge.live.tickets import redeem
from flowforge.live.viewer import Right, Viewer
from flowforge.live.watched import require_dashboard, require_execution
from flowforge.metadata.graphs import not_found
from flowforge.metadata.shown import dashboard_of
from flowforge.quotas import stream_slot
from flowforge.tenancy import Caller

READY_SECONDS = 3.0


async def watch_dashboard(caller: Caller, dashboard_id: UUID, last_event_id: str | None) -> Session:
    """A stream of a dashboard; 404 for one that is not the tenant's, 429 when the tenant has too many streams."""
    await require_dashboard(caller.tenant_id, dashboard_id)
    here = await _ready()
    names = (
        channels.dashboard(caller.tenant_id, str(dashboard_id)),
        channels.subject(caller.tenant_id, caller.subject),
        channels.ALERTS,
    )
    viewer = Viewer(here.hub.lens(caller.tenant_id, "dashboard", str(dashboard_id)), await _right(caller))
    return await _opened(here, viewer, names, last_event_id)


async def watch_execution(caller: Caller, execution_id: UUID, last_event_id: str | None) -> Session:
    """A stream of an execution, which begins with how it fares now; 404 for one that is not the tenant's."""
    await require_execution(caller.tenant_id, execution_id)
    here = await _ready()
    names = (channels.execution(caller.tenant_id, str(execution_id)),)
    viewer = Viewer(here.hub.lens(caller.tenant_id, "execution", str(execution_id)), await _right(caller))

    async def now() -> dict[str, object]:
        status = (await require_execution(caller.tenant_id, execution_id)).status
        return {"type": "execution", "execution_id": str(execution_id), "status": status}

    session = await _opened(here, viewer, names, last_event_id)
    session.opening = now
    return session


async def watch_embedded(grant: EmbedGrant, last_event_id: str | None) -> Session:
    """A stream of one widget in another page; it ends with its token, or when the key is revoked."""
    dashboard = await dashboard_of(grant.tenant_id, grant.widget_id)
    if dashboard is None:
        raise not_found("widget", grant.widget_id)
    here = await _ready()
    terms = terms_of(grant)
    digest = "" if terms is None else terms.digest
    lens = here.hub.lens(grant.tenant_id, "dashboard", str(dashboard), str(grant.widget_id), digest)
    right = replace(await _right(grant.caller), grant=grant)
    if terms is None:
        names = (channels.dashboard(grant.tenant_id, str(dashboard)),)
    else:
        names = (channels.terms(grant.tenant_id, terms.name),)
    session = await _opened(here, Viewer(lens, right), names, last_event_id)
    if terms is not None:
        try:
            await session.held.enter_async_context(here.shown(terms))
        except BaseException:
            await session.close()
            raise
    return session


async def dashboard_by_ticket(
    protocols: Sequence[str], dashboard_id: UUID, last_event_id: str | None
) -> Session:
    """The same over WebSocket: a ticket says who asks."""
    return await watch_dashboard(
        await redeem(protocols, "dashboard", dashboard_id), dashboard_id, last_event_id
    )


async def execution_by_ticket(
    protocols: Sequence[str], execution_id: UUID, last_event_id: str | None
) -> Session:
    """The same over WebSocket: a ticket says who asks."""
    return await watch_execution(
        await redeem(protocols, "execution", execution_id), execution_id, last_event_id
    )


async def _right(caller: Caller) -> Right:
    require_role(caller, "viewer")
    access = await access_of(caller.tenant_id)
    require_registered(access)
    return Right(access, caller.expires)


async def _ready() -> Relay:
    here = await relay()
    try:
        await here.hub.ready(READY_SECONDS)
    except TimeoutError:
        raise StoreError(
            ErrorCode.STORE_UNAVAILABLE, "The live feed is out of reach.", hint="Try again shortly."
        ) from None
    return here


async def _opened(here: Relay, viewer: Viewer, names: tuple[str, ...], last_event_id: str | None) -> Session:
    """A session that holds one of the tenant's streams until it is closed; 429 where there is none left."""
    held = AsyncExitStack()
    await held.enter_async_context(stream_slot(viewer.lens.tenant))
    return Session(here.hub, viewer, names, held, last_event_id)
