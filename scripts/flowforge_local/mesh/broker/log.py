"""The events of one Broker in Valkey: a stream with a consumer group per Trigger, and a stream of dead letters.

    ff:broker:<name>:events   entries ``a`` attributes (JSON), ``b`` data, ``h`` how often it came as a reply,
                              ``o`` the only Trigger it is for (a dead letter that is tried again)
    ff:broker:<name>:dead     entries ``a`` ``b`` ``t`` Trigger ``w`` when

What an entry means for a Trigger is decided in one transaction (``settle``), so a kill between two commands loses
nothing. Neither key has a time to live: under ``volatile-lru`` they are never evicted.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from flowforge_local.mesh.broker.batching import Batching
from flowforge_local.mesh.broker.message import Message

MOST_ENTRIES = 200_000
"""More are not taken: whoever sends is asked to come again rather than anything be dropped."""
KEPT_SECONDS = 600.0
KEPT_ENTRIES = 20_000
"""What every Trigger has settled is kept so long, or so many, for those who look (``flowforge events tail``)."""
MOST_DEAD = 100_000
"""Of more dead letters the oldest go; whoever lets so many gather is told by every one in the mesh's log."""
CLAIMED_AT_ONCE = 500


class FullError(Exception):
    """The stream holds all it may."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in the stream. ``only`` names the one Trigger it is for, if any."""

    id: bytes
    message: Message
    hops: int = 0
    only: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that a Trigger's subscriber never took; the reason is in its ``knativeerror…`` attributes."""

    id: str
    trigger: str
    moment: float
    message: Message


class EventLog:
    """The streams of one Broker. All failures are ``RedisError``, ``OSError`` or ``TimeoutError``."""

    def __init__(self, client: Redis, name: str) -> None:
        self._client = client
        self.events = f"ff:broker:{name}:events"
        self.dead = f"ff:broker:{name}:dead"
        self._length = self._meanwhile = self._under_way = 0
        self._append = Batching(self._append_all)
        self._acknowledge: dict[str, Batching[bytes, int]] = {}

    async def open(self, triggers: Sequence[str]) -> list[str]:
        """Make a group for each Trigger, from now on, and remove those of Triggers that are gone; their names."""
        for trigger in triggers:
            await self.ensure_group(trigger, "$")
        gone = [name for name in await self._groups() if name not in triggers]
        for name in gone:
            await self._client.xgroup_destroy(self.events, name)
        await self._measure()
        return gone

    async def ensure_group(self, trigger: str, start: str) -> None:
        """Make the group unless it is there."""
        try:
            await self._client.xgroup_create(self.events, trigger, id=start, mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def append(self, message: Message) -> bytes:
        """Store an event; it is in the append-only file when this returns. Raises FullError."""
        if self._length >= MOST_ENTRIES:
            raise FullError
        self._length += 1
        self._meanwhile += 1
        self._under_way += 1
        try:
            return await self._append(message)
        finally:
            self._under_way -= 1

    async def _append_all(self, messages: Sequence[Message]) -> Sequence[bytes | Exception]:
        async with self._client.pipeline(transaction=False) as pipe:
            for message in messages:
                pipe.xadd(self.events, _fields(message))  # type: ignore[arg-type]
            stored: list[bytes | Exception] = await pipe.execute(raise_on_error=False)
            return stored

    async def read(self, trigger: str, consumer: str, count: int, wait: float) -> list[Entry]:
        """Up to ``count`` events that the Trigger has not seen, waiting ``wait`` seconds for the first."""
        answer: Any = await self._client.xreadgroup(
            trigger, consumer, {self.events: ">"}, count=count, block=int(wait * 1000)
        )
        return [entry for _, entries in _pairs(answer) for entry in _entries(entries)]

    async def after(self, position: bytes, count: int, wait: float) -> list[Entry]:
        """Up to ``count`` events after a position, waiting ``wait`` seconds for the first."""
        answer: Any = await self._client.xread(
            {self.events: position},
            count=count,
            block=int(wait * 1000),
        )
        return [entry for _, entries in _pairs(answer) for entry in _entries(entries)]

    async def given(self, trigger: str) -> bytes:
        """The last event that the Trigger was given."""
        states = await self._group_states()
        return next(
            (each["last-delivered-id"] for each in states if each["name"] == trigger.encode()), b"0-0"
        )

    async def give(self, consumer: str, last: bytes, shares: Mapping[str, Sequence[bytes]]) -> None:
        """Move Triggers on to ``last``; of what lies before, these ids are pending for each. All or nothing."""
        async with self._client.pipeline(transaction=True) as pipe:
            for trigger, ids in shares.items():
                pipe.xgroup_setid(self.events, trigger, last)
                if ids:
                    pipe.xclaim(self.events, trigger, consumer, 0, list(ids), force=True, justid=True)
            await pipe.execute()

    async def unsettled(self, trigger: str, consumer: str) -> list[Entry]:
        """Everything the Trigger was given and has not settled, by whatever process; all of it is ours now."""
        found: list[Entry] = []
        start: bytes | str = "0-0"
        while True:
            answer: Any = await self._client.xautoclaim(
                self.events, trigger, consumer, min_idle_time=0, start_id=start, count=CLAIMED_AT_ONCE
            )
            start, entries = answer[0], answer[1]
            found += _entries(entries)
            if start in (b"0-0", "0-0"):
                break
        for other in await self._client.xinfo_consumers(self.events, trigger):
            if other["name"] != consumer.encode() and not other["pending"]:
                await self._client.xgroup_delconsumer(self.events, trigger, other["name"])
        return found

    async def settle(
        self, trigger: str, ids: Sequence[bytes], *, dead: Message | None = None, reply: Entry | None = None
    ) -> None:
        """Done with these events: acknowledged, and the dead letter or the reply stored, all or nothing."""
        if dead is None and reply is None and len(ids) == 1:
            await self._acknowledging(trigger)(ids[0])
            return
        async with self._client.pipeline(transaction=True) as pipe:
            if dead is not None:
                fields = _fields(dead) | {"t": trigger, "w": repr(time.time())}
                pipe.xadd(self.dead, fields, maxlen=MOST_DEAD, approximate=True)  # type: ignore[arg-type]
            if reply is not None:
                pipe.xadd(self.events, _fields(reply.message) | {"h": str(reply.hops)})  # type: ignore[arg-type]
            pipe.xack(self.events, trigger, *ids)
            await pipe.execute()

    def _acknowledging(self, trigger: str) -> Batching[bytes, int]:
        """Acknowledgements of one group, many at a time."""

        async def work(ids: Sequence[bytes]) -> Sequence[int]:
            await self._client.xack(self.events, trigger, *ids)
            return [1] * len(ids)

        return self._acknowledge.setdefault(trigger, Batching(work))

    async def trim(self) -> int:
        """Remove what every Trigger has settled and nobody needs to look at any more; the entries left."""
        await self._measure()
        settled = await self._settled_before()
        recent = int((time.time() - KEPT_SECONDS) * 1000)
        keep_from = settled if self._length > KEPT_ENTRIES else min(settled, (recent, 0))
        await self._client.xtrim(self.events, minid=f"{keep_from[0]}-{keep_from[1]}", approximate=False)
        return await self._measure()

    async def _measure(self) -> int:
        """The stream's length; what is being appended meanwhile may be counted twice, but not missed."""
        self._meanwhile = self._under_way
        length: int = await self._client.xlen(self.events)
        self._length = length + self._meanwhile
        return length

    async def _settled_before(self) -> tuple[int, int]:
        """The least id that some Trigger may still need."""
        lowest = (int(time.time() * 1000), 0)
        for group in await self._group_states():
            pending: Any = await self._client.xpending(self.events, group["name"])
            oldest = pending["min"] if pending["pending"] else group["last-delivered-id"]
            lowest = min(lowest, number(oldest))
        return lowest

    async def dead_letters(self, count: int) -> list[DeadLetter]:
        """The newest dead letters, newest first."""
        found: Any = await self._client.xrevrange(self.dead, count=count)
        return [_dead_letter(identifier, fields) for identifier, fields in found]

    async def revive(self, letter: DeadLetter) -> bool:
        """Give a dead letter to its Trigger again; False when somebody else already took it."""
        message = letter.message.with_attributes(
            knativeerrordest=None, knativeerrorcode=None, knativeerrordata=None
        )
        async with self._client.pipeline(transaction=True) as pipe:
            await pipe.watch(self.dead)
            if not await pipe.xrange(self.dead, letter.id, letter.id):
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.xadd(self.events, _fields(message) | {"o": letter.trigger})  # type: ignore[arg-type]
            pipe.xdel(self.dead, letter.id)
            await pipe.execute()
        return True

    async def _groups(self) -> list[str]:
        return [group["name"].decode() for group in await self._group_states()]

    async def _group_states(self) -> list[Any]:
        try:
            found: list[Any] = await self._client.xinfo_groups(self.events)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return []  # no Trigger and no event yet
        return found


def entry_of(identifier: bytes, fields: dict[bytes, bytes]) -> Entry:
    """An event from the fields of its stream entry."""
    only = fields.get(b"o")
    return Entry(identifier, _message(fields), int(fields.get(b"h", b"0")), only.decode() if only else None)


def _fields(message: Message) -> dict[str, bytes | str]:
    return {"a": orjson.dumps(dict(message.attributes)), "b": message.body}


def _message(fields: dict[bytes, bytes]) -> Message:
    return Message(orjson.loads(fields[b"a"]), fields[b"b"])


def _entries(found: Any) -> list[Entry]:
    """Entries whose fields are still there: one that was trimmed comes back from a claim without them."""
    return [entry_of(identifier, fields) for identifier, fields in found or () if fields]


def _pairs(answer: Any) -> Any:
    return answer.items() if isinstance(answer, dict) else answer or ()


def _dead_letter(identifier: bytes, fields: dict[bytes, bytes]) -> DeadLetter:
    return DeadLetter(identifier.decode(), fields[b"t"].decode(), float(fields[b"w"]), _message(fields))


def number(identifier: bytes) -> tuple[int, int]:
    """An entry's id as what it is ordered by."""
    milliseconds, _, sequence = identifier.decode().partition("-")
    return int(milliseconds), int(sequence or 0)
