"""The instances of one Service, and the queue in front of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge_local.mesh.autoscaler import ConcurrencyWindow, desired_scale
from flowforge_local.mesh.instance import Instance, Launch, StartError, StartKilledError
from flowforge_local.mesh.manifests import Scaling

log = logging.getLogger(__name__)

QUEUE_FACTOR = 10
"""Requests that may wait per unit of container concurrency (Knative's queue-proxy)."""
UNLIMITED_QUEUE = 1000
BACKOFF_FIRST, BACKOFF_MOST = 0.5, 10.0
REMEMBERED_STARTS = 20
CLOSING_GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL when the whole mesh ends: somebody is waiting at a terminal."""


@dataclass(frozen=True)
class Status:
    """One row of ``flowforge ps``."""

    service: str
    revision: str
    instances: int
    starting: int
    min_scale: int
    max_scale: int
    in_flight: int
    queued: int
    cold_start_ms: list[float]
    pids: list[int]


class _Place:
    """A place in an instance for the length of a block: a generator would cost more than finding the place."""

    __slots__ = ("_instance", "_revision")

    def __init__(self, revision: Revision) -> None:
        self._revision = revision

    async def __aenter__(self) -> Instance:
        self._instance = await self._revision.acquire()
        return self._instance

    async def __aexit__(self, *_: object) -> None:
        self._revision.release(self._instance)


class Revision:
    """Hands out instances to requests and keeps their number where the autoscaler wants it."""

    def __init__(
        self,
        launch: Launch,
        scaling: Scaling,
        container_concurrency: int,
        timeout: float,
        clock: Callable[[], float],
    ) -> None:
        self.timeout = timeout
        self._launch = launch
        self._scaling = scaling
        self._concurrency = container_concurrency
        self._clock = clock
        self._instances: list[Instance] = []
        self._starting = 0
        self._queue: deque[asyncio.Future[Instance]] = deque()
        self._starts: set[asyncio.Task[None]] = set()
        self._drains: dict[Instance, asyncio.Task[None]] = {}
        self._cold_starts: deque[float] = deque(maxlen=REMEMBERED_STARTS)
        self._window = ConcurrencyWindow(scaling.window, clock())
        self._idle_since = clock()
        self._failures = self._short_lived = 0
        self._not_before = 0.0
        self._closed = False

    @property
    def limited(self) -> bool:
        """Whether an instance takes only so many requests at the same time."""
        return self._concurrency > 0

    @property
    def in_flight(self) -> int:
        """Requests being answered."""
        return sum(instance.in_flight for instance in self._instances)

    def instance(self) -> _Place:
        """``async with``: an instance with a free place, started if need be; the request counts until the block ends."""
        return _Place(self)

    async def acquire(self) -> Instance:
        """The same without a block: whoever calls owes a ``release``.

        Raises FlowForgeError ``overloaded`` when too many wait already, ``function_failed`` when no
        instance can be started.
        """
        free = None if self._queue else self._free_instance()
        if free is not None:
            free.enter()
            self._observe()
            return free
        if len(self._queue) >= self._queue_limit():
            raise FlowForgeError(
                ErrorCode.OVERLOADED,
                f"{self._launch.service} already has {len(self._queue)} requests waiting.",
                hint="Try again in a moment.",
            )
        if not self._alive():
            self._start_one()
        place: asyncio.Future[Instance] = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        self._observe()
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                place.result().leave()  # the place came in the same moment as the cancellation
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._queue.remove(place)
            self._dispatch()
            self._observe()

    def release(self, instance: Instance) -> None:
        """A request has ended."""
        instance.leave()
        self._dispatch()
        self._observe()

    def _alive(self) -> int:
        return self._starting + len(self._instances)

    def _queue_limit(self) -> int:
        if not self._concurrency:
            return UNLIMITED_QUEUE
        return QUEUE_FACTOR * self._concurrency * max(1, len(self._instances))

    def _free_instance(self) -> Instance | None:
        free = [
            instance
            for instance in self._instances
            if instance.ready and (not self._concurrency or instance.in_flight < self._concurrency)
        ]
        return min(free, key=lambda instance: instance.in_flight, default=None)

    def _dispatch(self) -> None:
        while self._queue and (free := self._free_instance()) is not None:
            place = self._queue.popleft()
            if not place.done():
                free.enter()
                place.set_result(free)

    def _observe(self) -> None:
        now = self._clock()
        waiting = self.in_flight + len(self._queue)
        self._window.observe(now, waiting)
        if waiting:
            self._idle_since = now

    def _start_one(self) -> None:
        if self._closed or self._clock() < self._not_before:
            raise FlowForgeError(
                ErrorCode.FUNCTION_FAILED,
                f"{self._launch.service} cannot be started at the moment.",
                hint=f"Its log is logs/{self._launch.service}.log in the home.",
            )
        self._starting += 1
        task = asyncio.create_task(self._start())
        self._starts.add(task)
        task.add_done_callback(self._starts.discard)

    async def _start(self) -> None:
        try:
            instance = await Instance.start(self._launch, self._on_exit)
        except (StartError, OSError) as error:
            self._failures += 1
            if (
                isinstance(error, StartKilledError)
                and self._failures == 1
                and self._queue
                and not self._closed
            ):
                log.warning("%s; once more for those who wait", error)
                self._start_one()
                return
            log.error("%s; not again for %g s", error, self._pause(self._failures))
            self._refuse_waiting()
        else:
            self._failures = 0
            self._cold_starts.append(instance.cold_start_ms)
            self._instances.append(instance)
        finally:
            self._starting -= 1
        self._dispatch()
        self._observe()

    def _pause(self, failures: int) -> float:
        """Start nothing for a while, the longer the more have failed one after the other; for how many seconds."""
        pause: float = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** (failures - 1))
        self._not_before = self._clock() + pause
        return pause

    def _refuse_waiting(self) -> None:
        if self._instances or self._starting > 1:
            return  # others will take them
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_exception(
                    FlowForgeError(
                        ErrorCode.FUNCTION_FAILED,
                        f"{self._launch.service} did not start.",
                        hint=f"Its log is logs/{self._launch.service}.log in the home.",
                    )
                )

    def _on_exit(self, instance: Instance) -> None:
        """Do not wait for the autoscaler's next step where fewer are left than there must be."""
        self._instances.remove(instance)
        self._short_lived = self._short_lived + 1 if instance.failed else 0
        if self._short_lived > 1:
            pause = self._pause(self._short_lived - 1)
            log.error("%s ends as soon as it is ready; not again for %g s", self._launch.service, pause)
        if self._alive() < max(self._scaling.min_scale, 1 if self._queue else 0):
            try:
                self._start_one()
            except FlowForgeError:
                self._refuse_waiting()

    def scale(self) -> None:
        """One step of the autoscaler: start or drain instances."""
        now = self._clock()
        self._observe()
        average = self._window.average(now)
        wanted = desired_scale(
            average, now - self._idle_since, self._scaling, self._concurrency, self._alive()
        )
        while self._alive() < wanted and now >= self._not_before and not self._closed:
            self._start_one()
        for instance in sorted(self._instances, key=lambda one: one.in_flight)[
            : max(0, self._alive() - wanted)
        ]:
            self._instances.remove(instance)
            task = self._drains[instance] = asyncio.create_task(instance.drain(self.timeout))
            task.add_done_callback(lambda _, instance=instance: self._drains.pop(instance, None))  # type: ignore[misc]
        if not self._alive():
            self._window = ConcurrencyWindow(self._scaling.window, now)

    async def close(self, within: float) -> None:
        """End every instance, giving running requests ``within`` seconds."""
        self._closed = True
        draining = list(self._drains)
        unfinished = [*self._starts, *self._drains.values()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        instances, self._instances = [*self._instances, *draining], []
        self._refuse_waiting()
        await asyncio.gather(*(instance.drain(within, CLOSING_GRACE) for instance in instances))

    def status(self) -> dict[str, object]:
        """A row of ``flowforge ps``."""
        return asdict(
            Status(
                service=self._launch.service,
                revision=self._launch.revision,
                instances=len(self._instances),
                starting=self._starting,
                min_scale=self._scaling.min_scale,
                max_scale=self._scaling.max_scale,
                in_flight=self.in_flight,
                queued=len(self._queue),
                cold_start_ms=list(self._cold_starts),
                pids=[instance.process.pid for instance in self._instances],
            )
        )
