"""A viewer's buffer, and the hub that fills it: bounded, in order, one encoding for all."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from flowforge.live import channels
from flowforge.live.endings import EXPIRED, TOO_SLOW, StreamEndedError
from flowforge.live.frames import Frame, Lens
from flowforge.live.hub import Hub
from flowforge.live.viewer import MAX_WAITING, STUCK_SECONDS, Right, Skipped, Viewer
from flowforge.stores.live import Entry
from flowforge.tenancy import EVERYTHING, Access, lost

DASHBOARD = "3f0c0c0a-0000-4000-8000-000000000001"


def access(*symbols: str, version: int = 1) -> Access:
    return Access("demo", frozenset(symbols) if symbols else EVERYTHING, EVERYTHING, version)


def viewer(*symbols: str, widget: str | None = None) -> Viewer:
    return Viewer(Lens("demo", "dashboard", DASHBOARD, widget), Right(access(*symbols)))


def frame(number: int) -> Frame:
    made = Lens("demo", "dashboard", DASHBOARD).frame(
        (number, 0), {"type": "invalidate", "widget_ids": ["w"]}
    )
    assert made is not None
    return made


async def test_frames_come_in_order() -> None:
    someone = viewer()
    for number in range(3):
        someone.offer(frame(number))
    got = [await someone.next() for _ in range(3)]
    assert [each.position[0] for each in got if isinstance(each, Frame)] == [0, 1, 2]


async def test_whoever_does_not_keep_up_is_left_with_one_place_to_go_on_from() -> None:
    someone = viewer()
    for number in range(10 * MAX_WAITING):
        someone.offer(frame(number))
        assert len(someone._waiting) <= MAX_WAITING
    assert await someone.next() == Skipped((10 * MAX_WAITING - 1, 0))
    someone.offer(frame(10_000))
    assert await someone.next() == frame(10_000)


async def test_the_end_comes_before_what_still_waits() -> None:
    someone = viewer()
    someone.offer(frame(1))
    someone.end(EXPIRED)
    with pytest.raises(StreamEndedError) as ended:
        await someone.next()
    assert ended.value.ending is EXPIRED


async def test_a_waiting_viewer_is_woken_by_its_end() -> None:
    someone = viewer()
    waiting = asyncio.create_task(someone.next())
    await asyncio.sleep(0)
    someone.end(EXPIRED)
    with pytest.raises(StreamEndedError):
        await waiting


async def test_a_connection_that_takes_nothing_is_given_up_and_an_idle_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("flowforge.live.viewer.time.monotonic", lambda: now)
    stuck, idle, cut = viewer(), viewer(), []
    stuck.give_up = lambda: cut.append("stuck")
    waiting = asyncio.create_task(idle.next())
    stuck.offer(frame(1))
    await stuck.next()  # it writes this one, for ever
    stuck.offer(frame(2))
    await asyncio.sleep(0)
    now += STUCK_SECONDS + 1
    for each in (stuck, idle):
        each.check_pulse()
    assert stuck.ending is TOO_SLOW
    assert idle.ending is None
    assert cut == ["stuck"]
    waiting.cancel()


def test_the_hub_offers_each_message_to_its_channel_alone_and_encodes_it_once() -> None:
    hub = Hub(lambda _: None)
    lens = hub.lens("demo", "dashboard", DASHBOARD)
    assert hub.lens("demo", "dashboard", DASHBOARD) is lens
    two = [Viewer(lens, Right(access())) for _ in range(2)]
    other = viewer()
    name = channels.dashboard("demo", DASHBOARD)
    with hub.joined(two[0], (name,)), hub.joined(two[1], (name,)), hub.joined(other, ("demo/dashboard/x",)):
        hub.hand_out(Entry((5, 0), name, b'{"type":"invalidate","widget_ids":["w"]}'))
        assert [len(each._waiting) for each in (*two, other)] == [1, 1, 0]
        assert two[0]._waiting[0] is two[1]._waiting[0]
    hub.hand_out(Entry((6, 0), name, b'{"type":"invalidate","widget_ids":["w"]}'))
    assert len(two[0]._waiting) == 1
    assert hub.position == (6, 0)


def test_alerts_reach_those_who_may_see_the_symbol() -> None:
    hub = Hub(lambda _: None)
    alpha, everything = viewer("AAPL"), viewer()
    with hub.joined(alpha, (channels.ALERTS,)), hub.joined(everything, (channels.ALERTS,)):
        for number, symbol in enumerate(("AAPL", "JPM")):
            alert = {"type": "alert", "alert": {"symbol": symbol}}
            hub.hand_out(Entry((number + 1, 0), channels.ALERTS, orjson.dumps(alert)))
    assert len(alpha._waiting) == 1
    assert len(everything._waiting) == 2


def test_an_embedded_widget_hears_of_itself_alone() -> None:
    lens = Lens("demo", "dashboard", DASHBOARD, "w2")
    seen = lens.frame((1, 0), {"type": "invalidate", "widget_ids": ["w1", "w2"]})
    assert seen is not None
    assert orjson.loads(seen.text)["widget_ids"] == ["w2"]
    assert lens.frame((1, 0), {"type": "invalidate", "widget_ids": ["w1"]}) is None
    assert lens.frame((1, 0), {"type": "layout", "dashboard_id": DASHBOARD}) is None
    assert lens.tag != Lens("demo", "dashboard", DASHBOARD).tag


def test_an_event_is_one_line_of_data_under_its_id() -> None:
    text = frame(17).event.decode()
    identity, data, end, rest = text.split("\n")
    assert identity == f"id: {frame(17).id}"
    assert orjson.loads(data.removeprefix("data: ")) == {
        "type": "invalidate",
        "id": frame(17).id,
        "widget_ids": ["w"],
    }
    assert end == rest == ""


@pytest.mark.parametrize(
    ("before", "now", "less"),
    [
        (access("A", "B"), access("A"), True),
        (access("A"), access("A", "B"), False),
        (access(), access("A"), True),
        (access("A"), access(), False),
        (access(), access(version=0), True),
    ],
)
def test_what_counts_as_access_withdrawn(before: Access, now: Access, less: bool) -> None:
    assert lost(before, now) is less
