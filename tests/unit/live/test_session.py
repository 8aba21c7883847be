"""The order of a stream: places only ever rise, and nothing is said twice."""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing

import pytest

from flowforge.live import channels
from flowforge.live.endings import EXPIRED, StreamEndedError
from flowforge.live.hub import Hub
from flowforge.live.session import Session
from flowforge.live.viewer import Right, Viewer
from flowforge.stores.live import Entry, Position
from flowforge.tenancy import EVERYTHING, Access

DASHBOARD = "3f0c0c0a-0000-4000-8000-000000000001"
STALE = {"type": "invalidate", "widget_ids": ["w"]}
PING = {"type": "ping"}
OFFERED = (
    ((9, 0), STALE),
    ((9, 0), PING),
    ((10, 0), PING),
    ((11, 0), STALE),
    ((11, 0), STALE),
    ((11, 0), PING),
)


async def listen(session: Session, said: list[tuple[str, Position]]) -> None:
    """Offer all of it once the stream has said hello, and end it after four messages."""
    async with aclosing(session.frames()) as frames:  # type: ignore[type-var]
        async for frame in frames:
            said.append((frame.message["type"], frame.position))
            if len(said) == 1:
                for position, message in OFFERED:
                    offered = session.viewer.lens.frame(position, message)
                    assert offered is not None
                    session.viewer.offer(offered)
            if len(said) == 4:
                session.viewer.end(EXPIRED)


async def test_a_stream_says_hello_and_then_what_is_new_in_order() -> None:
    hub = Hub(lambda _: None)
    hub.hand_out(Entry((10, 0), "elsewhere", b"{}"))
    viewer = Viewer(
        hub.lens("demo", "dashboard", DASHBOARD), Right(Access("demo", EVERYTHING, EVERYTHING, 1))
    )
    session = Session(hub, viewer, (channels.dashboard("demo", DASHBOARD),), AsyncExitStack())
    said: list[tuple[str, Position]] = []
    with pytest.raises(StreamEndedError) as ended:
        await listen(session, said)
    assert session.end_of(ended.value) is EXPIRED
    assert said == [("hello", (10, 0)), ("ping", (10, 0)), ("invalidate", (11, 0)), ("ping", (11, 0))]
    assert not hub.viewers
