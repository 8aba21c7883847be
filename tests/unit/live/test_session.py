"""The order of a stream: places only ever rise, and nothing is said twice."""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing

import pytest

from flowforge.live import channels
from flowforge.live.endings import EXPIRED, StreamEndedError
from flowforge.live.hub import Hub
from flowforge.live.session import Session
from flowforge.live.viewer import Right, Viewer
from flowforge.stores.live import Entry
from flowforge.tenancy import EVERYTHING, Access

DASHBOARD = "3f0c0c0a-0000-4000-8000-000000000001"
STALE = {"type": "invalidate", "widget_ids": ["w"]}


async def test_a_stream_says_hello_and_then_what_is_new_in_order() -> None:
    hub = Hub(lambda _: None)
    hub.hand_out(Entry((10, 0), "elsewhere", b"{}"))
    lens = hub.lens("demo", "dashboard", DASHBOARD)
    viewer = Viewer(lens, Right(Access("demo", EVERYTHING, EVERYTHING, 1)))
    name = channels.dashboard("demo", DASHBOARD)
    session = Session(hub, viewer, (name,), AsyncExitStack())
    said = []
    with pytest.raises(StreamEndedError) as ended:
        async with aclosing(session.frames()) as frames:  # type: ignore[type-var]
            async for frame in frames:
                said.append((frame.message["type"], frame.position))
                if len(said) == 1:
                    for position, message in (
                        ((9, 0), STALE),
                        ((9, 0), {"type": "ping"}),
                        ((10, 0), {"type": "ping"}),
                        ((11, 0), STALE),
                        ((11, 0), STALE),
                        ((11, 0), {"type": "ping"}),
                    ):
                        offered = lens.frame(position, message)
                        assert offered is not None
                        viewer.offer(offered)
                if len(said) == 4:
                    viewer.end(EXPIRED)
    assert session.end_of(ended.value) is EXPIRED
    assert said == [("hello", (10, 0)), ("ping", (10, 0)), ("invalidate", (11, 0)), ("ping", (11, 0))]
    assert not hub.viewers
