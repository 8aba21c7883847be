"""A real function with a WebSocket: it repeats what it hears, and ends as it is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.serve import Function, Knock

function = Function("probe")


@dataclass
class Ended(Exception):  # noqa: N818 — it is both the exception and the end
    code: int = 4321
    reason: str = "as you wish"


@dataclass
class Said:
    text: str


@dataclass
class Echo:
    knock: Knock
    heard: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def frames(self) -> AsyncIterator[Said]:
        yield Said(f"hello {self.knock.path['id']} {self.knock.query.get('x')}")
        while True:
            text = await self.heard.get()
            if text == "end":
                raise Ended
            if text == "crash":
                os._exit(3)
            yield Said(text)

    def hear(self, text: str) -> None:
        self.heard.put_nowait(text)

    def end_of(self, error: Exception) -> Any:
        return error if isinstance(error, Ended) else None

    def while_writing(self, give_up: Callable[[], object]) -> None:
        pass

    async def close(self) -> None:
        pass


@function.socket("/probe/{id}/item")
async def talk(knock: Knock) -> Echo:
    if "refuse" in knock.query:
        raise FlowForgeError(ErrorCode.FORBIDDEN, "Not you.")
    return Echo(knock)


probe = function.target()
