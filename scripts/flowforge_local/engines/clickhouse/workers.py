"""Threads for the engine: a statement keeps one thread from its first step to its last."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
LIMIT = 64
"""Statements that run at once; more wait for their turn."""


class Worker:
    """One thread that runs the steps of one statement."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clickhouse")

    async def run(self, step: Callable[[], T]) -> T:
        """Run a step in the thread. It runs to its end even where the waiting is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, step)

    def stop(self) -> None:
        """End the thread after its present step."""
        self._executor.shutdown(wait=False)


class Workers:
    """Threads, made when they are needed and used again."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._slots = asyncio.Semaphore(limit)
        self._idle: list[Worker] = []

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """A worker for the length of one statement."""
        async with self._slots:
            worker = self._idle.pop() if self._idle else Worker()
            try:
                yield worker
            finally:
                self._idle.append(worker)

    def stop(self) -> None:
        """End the idle threads."""
        for worker in self._idle:
            worker.stop()
