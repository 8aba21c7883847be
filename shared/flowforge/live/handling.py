"""What each event means to viewers. A handler may be given an event twice: its key makes the second time nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.live import channels
from flowforge.live.changes import changes_of
from flowforge.live.committing import key_of
from flowforge.live.relay import relay
from flowforge.metadata import executions
from flowforge.metadata.shown import widgets_showing
from flowforge.received import ReceivedEvent
from flowforge.schema import refresh as refresh_catalogue

ALERT = ("kind", "symbol", "value", "threshold", "window_start", "window_end")


async def data_changed(event: ReceivedEvent) -> None:
    """Widgets that read what was written are stale, and so is every cached answer from it."""
    await (await relay()).changed(key_of(event.source, event.id), changes_of(event.data, event.tenant))


async def schema_changed(_: ReceivedEvent) -> None:
    """Tables or columns are others now: widgets may read something else."""
    await refresh_catalogue()
    await (await relay()).refresh()


async def workflow_changed(event: ReceivedEvent) -> None:
    """The widgets that show the workflow show something else; those of a new workflow showed nothing before."""
    tenant, workflow = _tenant(event), _id(event, "workflow_id")
    here = await relay()
    await here.refresh()
    if event.data.get("version") == 1:
        return
    shown: dict[str, frozenset[str]] = {}
    for widget, dashboard in await widgets_showing(tenant, workflow):
        places = {channels.dashboard(tenant, str(dashboard)), *here.keeper.index.channels_of(str(widget))}
        for place in places:
            shown[place] = shown.get(place, frozenset()) | {str(widget)}
    await here.stale(key_of(event.source, event.id), shown)


async def dashboard_changed(event: ReceivedEvent) -> None:
    """Whoever looks at the dashboard loads its layout again; where it is gone, the streams end."""
    tenant, dashboard = _tenant(event), str(_id(event, "dashboard_id"))
    await (await relay()).refresh()
    layout = {"type": "layout", "dashboard_id": dashboard}
    await _say(event, (channels.dashboard(tenant, dashboard), layout), (channels.CONTROL, {"type": "check"}))


async def execution_changed(event: ReceivedEvent) -> None:
    """Its own stream and those of whoever asked for it learn how an execution fares."""
    tenant, execution_id = _tenant(event), _id(event, "execution_id")
    row = await executions.read(tenant, execution_id)
    status = event.kind.split(".")[-2]
    ended = status in ("completed", "failed")
    if row is None or (row.finished and not ended):
        return  # it is over, and the event that says so tells it
    message: dict[str, Any] = {
        "type": "execution",
        "execution_id": str(execution_id),
        "status": row.status if ended else "running",
        **{name: event.data[name] for name in ("rows", "code") if name in event.data},
    }
    await _say(
        event,
        (channels.execution(tenant, str(execution_id)), message),
        (channels.subject(tenant, row.created_by), message),
    )


async def alert_raised(event: ReceivedEvent) -> None:
    """Every viewer whose tenant may see the symbol is shown the alert."""
    alert = {name: event.data[name] for name in ALERT}
    await _say(event, (channels.ALERTS, {"type": "alert", "alert": alert}))


async def access_changed(event: ReceivedEvent) -> None:
    """Open streams of the tenant are judged again, now; its widgets read other symbols."""
    await _say(event, (channels.CONTROL, {"type": "access", "tenant": _tenant(event)}))
    await (await relay()).refresh()


async def key_revoked(event: ReceivedEvent) -> None:
    """Streams that an embed key opened end."""
    revoked = {"type": "key", "tenant": _tenant(event), "key_id": event.data["key_id"]}
    await _say(event, (channels.CONTROL, revoked))


async def _say(event: ReceivedEvent, *messages: tuple[str, dict[str, Any]]) -> None:
    said = [(name, orjson.dumps(each).decode(), name != channels.CONTROL) for name, each in messages]
    await (await relay()).say(key_of(event.source, event.id), said)


def _tenant(event: ReceivedEvent) -> str:
    if event.tenant is None:
        raise _unusable(f"{event.kind} belongs to a tenant and names none.")
    return event.tenant


def _id(event: ReceivedEvent, name: str) -> UUID:
    try:
        return UUID(str(event.data[name]))
    except ValueError:
        raise _unusable(f"{name} is not a UUID: {str(event.data[name])[:60]!r}.") from None


def _unusable(detail: str) -> FlowForgeError:
    return FlowForgeError(ErrorCode.INVALID_REQUEST, detail)
