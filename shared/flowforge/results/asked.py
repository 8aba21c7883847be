"""A question whose answer may lie ready: known again by its words, and compiled only where it has to be.

A plan tells where its answers lie, but making one takes the compiler, whose import is a third of the time from exec to
a first answer. So whoever works out an answer leaves beside it, under a digest of the question, what finding the answer
takes; a process that has not loaded the compiler looks there first. No SQL is kept: only what a process has compiled and
verified itself ever runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from flowforge.graph import MEANING, Graph
from flowforge.records import dataclass
from flowforge.results.entry import Place, place_of
from flowforge.results.memo import key_of
from flowforge.results.planning import as_of_now, compiler_is_loaded
from flowforge.schema import catalog_for, snapshot
from flowforge.stores.cache import cache
from flowforge.tenancy import Access, wire_form

if TYPE_CHECKING:
    from flowforge.compiler import Plan

KEY_PREFIX = "flowforge:asked:"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked by whom. ``kind`` tells apart answers of one plan under different limits.

    ``more`` is all that decides the plan or ``Address.head`` besides the graph; JSON.
    """

    access: Access
    kind: str
    graph: Graph
    target: str
    params: Mapping[str, Any] | None
    more: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Address:
    """What finding the answers of a plan takes. ``head``: JSON members that go before the rows, each with its comma."""

    cache_key: str
    plan_hash: str
    tables: tuple[str, ...]
    head: bytes = b""


class Asked:
    """A question with the way to compile it: ``compiling`` gives the plan and the head of its answers.

    ``catalog_version`` is the one from before anything of it was compiled.
    """

    def __init__(
        self,
        question: Question,
        catalog_version: str,
        compiling: Callable[[], Awaitable[tuple[Plan, bytes]]],
    ) -> None:
        self.access = question.access
        self._question = question
        self._catalog_version = catalog_version
        self._compiling = compiling
        self._plan: Plan | None = None
        self._head = b""

    async def plan(self) -> Plan:
        """The verified plan; ``FlowForgeError`` names the node and the field that is wrong."""
        if self._plan is None:
            self._plan, self._head = await self._compiling()
        return self._plan

    async def address(self) -> Address:
        """Where answers lie; what another process left says it too, as long as compiling would begin with an import."""
        left = None if self._plan is not None or compiler_is_loaded() else await self._left()
        return left or _address(await self.plan(), self._head)

    async def place(self, address: Address) -> Place:
        """Where the answer lies at this moment."""
        return place_of(address, self.access, await snapshot(), self._question.kind)

    def signpost(self, plan: Plan) -> tuple[str, bytes]:
        """The key under which others find the address, and its text; of use for as long as an answer lies there."""
        to = _address(plan, self._head)
        return self._key(plan.as_of), orjson.dumps([to.cache_key, to.plan_hash, to.tables, to.head.decode()])

    async def _left(self) -> Address | None:
        for text in await (await cache()).get_many([self._key(None), self._key(as_of_now())]):
            if text is not None:
                cache_key, plan_hash, tables, head = orjson.loads(text)
                return Address(cache_key, plan_hash, tuple(tables), head.encode())
        return None

    def _key(self, moment: datetime | None) -> str:
        """``moment``: for a plan that asks for the time."""
        asked, access = self._question, self.access
        seen = [access.version, wire_form(access.symbols), wire_form(access.tables)]
        rest = (MEANING, asked.kind, self._catalog_version, moment, seen, asked.more)
        content, _ = key_of(asked.graph, asked.target, access, asked.params, rest)
        return f"{KEY_PREFIX}{access.tenant_id}:{hashlib.blake2b(content, digest_size=32).hexdigest()}"


async def ask(question: Question, compiling: Callable[[], Awaitable[tuple[Plan, bytes]]]) -> Asked:
    """Nothing is compiled yet."""
    return Asked(question, (await catalog_for(question.access)).version, compiling)


def _address(plan: Plan, head: bytes) -> Address:
    return Address(plan.cache_key, plan.plan_hash, plan.tables, head)
