"""The life of a function's processes: on demand, in a queue, more, fewer, none, crashed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import psutil
import pytest

from flowforge_local.mesh.manifests import Scaling

if TYPE_CHECKING:
    from .conftest import RunningMesh

Start = Callable[..., Awaitable["RunningMesh"]]


async def get(mesh: RunningMesh, path: str = "/probe") -> tuple[int, Any]:
    async with mesh.client.get(mesh.url + path) as answer:
        return answer.status, await answer.json()


def pids(mesh: RunningMesh) -> list[int]:
    found = mesh.revision.status()["pids"]
    assert isinstance(found, list)
    return found


async def test_the_first_request_starts_a_process_and_later_ones_share_it(mesh: Start) -> None:
    running = await mesh()
    assert running.revision.status()["instances"] == 0
    answers = await asyncio.gather(*(get(running) for _ in range(8)))
    assert {status for status, _ in answers} == {200}
    assert {body["pid"] for _, body in answers} == set(pids(running))
    assert len(pids(running)) == 1
    assert len(running.revision.status()["cold_start_ms"]) == 1  # type: ignore[arg-type]


async def test_an_idle_revision_goes_to_zero_and_comes_back(mesh: Start) -> None:
    running = await mesh(scaling=Scaling(window=0.3, retention=0.2))
    _, first = await get(running)
    await running.scale_until(lambda: running.revision.status()["instances"] == 0)
    await running.scale_until(lambda: not psutil.pid_exists(first["pid"]))
    status, second = await get(running)
    assert status == 200
    assert second["pid"] != first["pid"]


async def test_min_scale_is_kept_without_a_request(mesh: Start) -> None:
    running = await mesh(scaling=Scaling(min_scale=2, max_scale=3, window=0.2))
    await running.scale_until(lambda: len(pids(running)) == 2)
    os.kill(pids(running)[0], signal.SIGKILL)
    await running.scale_until(lambda: len(pids(running)) == 1)
    await running.scale_until(lambda: len(pids(running)) == 2)


async def test_one_of_the_least_number_that_ends_is_replaced_before_the_autoscaler_looks_again(
    mesh: Start,
) -> None:
    running = await mesh(scaling=Scaling(min_scale=1))
    await running.scale_until(lambda: pids(running))
    (killed,) = pids(running)
    os.kill(killed, signal.SIGKILL)
    async with asyncio.timeout(30):
        while pids(running) in ([killed], []):  # noqa: ASYNC110 — no step of the autoscaler
            await asyncio.sleep(0.02)


async def test_one_that_ends_as_soon_as_it_is_ready_is_not_replaced_without_a_pause(
    mesh: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sign = tmp_path / "end"
    running = await mesh(scaling=Scaling(min_scale=1), environment={"ENDS_WITH": str(sign)})
    for _ in range(2):
        await running.scale_until(lambda: pids(running))
        sign.touch()
        await running.scale_until(lambda: not pids(running))
        sign.unlink()
    assert caplog.text.count("ends as soon as it is ready; not again for 0.5 s") == 1
    await running.scale_until(lambda: pids(running))
    assert (await get(running))[0] == 200


async def test_concurrency_adds_instances_up_to_max_scale_and_no_more(mesh: Start) -> None:
    running = await mesh(scaling=Scaling(max_scale=2, window=0.5), concurrency=2)
    requests = [asyncio.create_task(get(running, "/probe/sleep?seconds=1")) for _ in range(12)]
    await running.scale_until(lambda: len(pids(running)) == 2)
    for _ in range(20):
        running.revision.scale()
        status = running.revision.status()
        assert status["instances"] + status["starting"] <= 2  # type: ignore[operator]
        assert status["in_flight"] <= 4  # type: ignore[operator]  # two places in each
        await asyncio.sleep(0.02)
    answers = await asyncio.gather(*requests)
    assert {code for code, _ in answers} == {200}
    assert len({body["pid"] for _, body in answers}) == 2


async def test_a_full_queue_answers_503_and_recovers(mesh: Start) -> None:
    running = await mesh(scaling=Scaling(max_scale=1), concurrency=1)
    answers = await asyncio.gather(*(get(running, "/probe/sleep?seconds=0.05") for _ in range(15)))
    codes = [code for code, _ in answers]
    assert sorted(set(codes)) == [200, 503]
    assert codes.count(200) == 10  # ten places in the queue of an instance that does not run yet
    refused = next(body for code, body in answers if code == 503)
    assert refused["code"] == "overloaded"
    assert (await get(running))[0] == 200


async def test_a_request_that_takes_too_long_answers_504(mesh: Start) -> None:
    running = await mesh(timeout=2)
    status, body = await get(running, "/probe/sleep?seconds=30")
    assert (status, body["code"]) == (504, "function_timeout")
    assert running.revision.in_flight == 0


async def test_a_client_that_leaves_the_queue_gives_its_place_back(mesh: Start) -> None:
    running = await mesh(scaling=Scaling(max_scale=1), concurrency=1)
    busy = asyncio.create_task(get(running, "/probe/sleep?seconds=1.5"))
    await running.scale_until(lambda: running.revision.in_flight == 1)
    gone = [asyncio.create_task(get(running)) for _ in range(5)]
    await running.scale_until(lambda: running.revision.status()["queued"] == 5)
    for task in gone:
        task.cancel()
    await running.scale_until(lambda: running.revision.status()["queued"] == 0)
    assert (await busy)[0] == 200
    assert (await get(running))[0] == 200
    assert running.revision.in_flight == 0


async def test_a_crash_answers_502_and_the_next_request_starts_anew(mesh: Start) -> None:
    running = await mesh()
    _, before = await get(running)
    status, body = await get(running, "/probe/crash")
    assert (status, body["code"]) == (502, "function_failed")
    status, after = await get(running)
    assert status == 200
    assert after["pid"] != before["pid"]


async def test_a_killed_idle_process_is_replaced_at_the_next_request(mesh: Start) -> None:
    running = await mesh()
    for _ in range(3):
        status, body = await get(running)
        assert status == 200
        os.kill(body["pid"], signal.SIGKILL)
        await running.scale_until(lambda: not pids(running))


async def test_whoever_leaves_while_a_broken_connection_is_looked_into_does_not_cost_the_instance(
    mesh: Start,
) -> None:
    running = await mesh()
    await get(running)
    async with running.revision.instance() as instance:
        looking = asyncio.create_task(instance.suspect())
        await asyncio.sleep(0)
        assert not instance.ready
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    async with asyncio.timeout(30):
        assert (await get(running))[1]["pid"] == instance.process.pid


async def test_a_crash_in_the_middle_of_an_answer_cuts_the_connection(mesh: Start) -> None:
    running = await mesh()
    async with running.client.get(running.url + "/probe/crash-midway") as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientError):
            await answer.read()


async def test_who_waits_for_a_start_that_is_killed_waits_for_the_next(mesh: Start) -> None:
    running = await mesh()
    others = set(psutil.Process().children())
    waiting = [asyncio.create_task(get(running)) for _ in range(3)]
    await running.scale_until(lambda: set(psutil.Process().children()) > others)
    starting = set(psutil.Process().children()) - others
    for process in starting:
        process.kill()
    answers = await asyncio.gather(*waiting)
    assert [status for status, _ in answers] == [200] * 3
    assert {body["pid"] for _, body in answers}.isdisjoint(process.pid for process in starting)


async def test_a_function_that_does_not_start_answers_502_and_is_not_tried_at_once_again(
    mesh: Start, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    running = await mesh(environment={"REFUSE_TO_START": str(broken)})
    for _ in range(2):
        status, body = await get(running)
        assert (status, body["code"]) == (502, "function_failed")
    broken.unlink()
    await asyncio.sleep(0.6)  # the back-off's first step
    assert (await get(running))[0] == 200


async def test_a_drained_instance_finishes_what_it_is_doing(mesh: Start) -> None:
    running = await mesh()
    await get(running)
    request = asyncio.create_task(get(running, "/probe/sleep?seconds=0.5"))
    await running.scale_until(lambda: running.revision.in_flight == 1)
    await running.revision.close(within=5)
    assert (await request)[0] == 200


async def test_closing_leaves_no_process(mesh: Start) -> None:
    running = await mesh(scaling=Scaling(min_scale=2))
    running.revision.scale()
    await running.scale_until(lambda: len(pids(running)) >= 1)
    started = pids(running)
    await running.revision.close(within=0)
    assert not any(psutil.pid_exists(pid) for pid in started)
    children = psutil.Process().children(recursive=True)
    assert not [child for child in children if "probe_function.py" in " ".join(child.cmdline())]
