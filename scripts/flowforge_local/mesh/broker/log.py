"""The events of one Broker in Valkey: a stream with a consumer group per Trigger, and a stream of dead letters.

    ff:broker:<name>:events   entries ``a`` attributes (JSON), ``b`` data, ``h`` how often it came as a reply,
                              ``o`` the only Trigger it is for (a dead letter that is tried again)
    ff:broker:<name>:dead     entries ``a`` ``b`` ``t`` Trigger ``w`` when

What an entry means for a Trigger is decided in one transaction (``settle``), so a kill between two commands loses
nothing. Neither key has a time to live: under ``volatile-lru`` they are never evicted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flowforge.batching import Batching
from flowforge.stores.resp import Client, ReplyError, Script
from flowforge_local.mesh.broker.entries import DeadLetter, Entry, dead_letter_of, entry_of, fields_of, number
from flowforge_local.mesh.broker.message import Message

MOST_ENTRIES = 200_000
"""More are not taken: whoever sends is asked to come again rather than anything be dropped."""
KEPT_SECONDS = 600.0
KEPT_ENTRIES = 20_000
"""What every Trigger has settled is kept so long, or so many, for those who look (``flowforge events tail``)."""
MOST_DEAD = 100_000
"""Of more dead letters the oldest go; whoever lets so many gather is told by every one in the mesh's log."""
CLAIMED_AT_ONCE = 500
APPEND_PACE = 0.002
ACKNOWLEDGE_PACE = 0.01
"""Seconds: whoever sends waits for the one, nobody for the other."""

_REVIVE = Script("""
-- KEYS: events, dead. ARGV: the id of a dead letter, then the fields of the event that it becomes again.
if redis.call('XDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
return 1
""")


class FullError(Exception):
    """The stream holds all it may."""


class EventLog:
    """The streams of one Broker. All failures are ``flowforge.stores.resp.FAILURES``."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self.events = f"ff:broker:{name}:events"
        self.dead = f"ff:broker:{name}:dead"
        self._length = self._meanwhile = self._under_way = 0
        self._append = Batching(self._append_all, APPEND_PACE)
        self._acknowledge: dict[str, Batching[bytes, int]] = {}

    async def open(self, triggers: Sequence[str]) -> list[str]:
        """Make a group for each Trigger, from now on, and remove those of Triggers that are gone; their names."""
        for trigger in triggers:
            await self.ensure_group(trigger, "$")
        gone = [name for name in await self._groups() if name not in triggers]
        for name in gone:
            await self._client("XGROUP", "DESTROY", self.events, name)
        await self._measure()
        return gone

    async def ensure_group(self, trigger: str, start: str) -> None:
        """Make the group unless it is there."""
        try:
            await self._client("XGROUP", "CREATE", self.events, trigger, start, "MKSTREAM")
        except ReplyError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def append(self, message: Message) -> asyncio.Future[bytes]:
        """Store an event; it is in the append-only file when its id is there. Raises FullError."""
        if self._length >= MOST_ENTRIES:
            raise FullError
        self._length += 1
        self._meanwhile += 1
        self._under_way += 1
        stored = self._append(message)
        stored.add_done_callback(self._appended)
        return stored

    def _appended(self, _: object) -> None:
        self._under_way -= 1

    async def _append_all(self, messages: Sequence[Message]) -> Sequence[bytes | Exception]:
        return await self._client.each(("XADD", self.events, "*", *fields_of(each)) for each in messages)

    async def read(self, trigger: str, consumer: str, count: int, wait: float) -> list[Entry]:
        """Up to ``count`` events that the Trigger has not seen, waiting ``wait`` seconds for the first."""
        group = ("GROUP", trigger, consumer, "COUNT", count, "BLOCK", int(wait * 1000))
        return _read(await self._client("XREADGROUP", *group, "STREAMS", self.events, ">"))

    async def after(self, position: bytes, count: int, wait: float) -> list[Entry]:
        """Up to ``count`` events after a position, waiting ``wait`` seconds for the first."""
        bounds = ("COUNT", count, "BLOCK", int(wait * 1000))
        return _read(await self._client("XREAD", *bounds, "STREAMS", self.events, position))

    async def newest(self, count: int) -> list[Entry]:
        """The newest events, oldest first."""
        return _entries(await self._client("XREVRANGE", self.events, "+", "-", "COUNT", count))[::-1]

    async def given(self, trigger: str) -> bytes:
        """The last event that the Trigger was given."""
        states = await self._group_states()
        return next(
            (each[b"last-delivered-id"] for each in states if each[b"name"] == trigger.encode()), b"0-0"
        )

    async def give(self, consumer: str, last: bytes, shares: Mapping[str, Sequence[bytes]]) -> None:
        """Move Triggers on to ``last``; of what lies before, these ids are pending for each. All or nothing."""
        commands: list[tuple[Any, ...]] = []
        for trigger, ids in shares.items():
            commands.append(("XGROUP", "SETID", self.events, trigger, last))
            if ids:
                commands.append(("XCLAIM", self.events, trigger, consumer, 0, *ids, "FORCE", "JUSTID"))
        await self._client.transaction(commands)

    async def unsettled(self, trigger: str, consumer: str) -> list[Entry]:
        """Everything the Trigger was given and has not settled, by whatever process; all of it is ours now."""
        found: list[Entry] = []
        start = b"0-0"
        while True:
            place = (self.events, trigger, consumer, 0, start, "COUNT", CLAIMED_AT_ONCE)
            start, entries, *_ = await self._client("XAUTOCLAIM", *place)
            found += _entries(entries)
            if start == b"0-0":
                break
        for other in map(_pairs, await self._client("XINFO", "CONSUMERS", self.events, trigger)):
            if other[b"name"] != consumer.encode() and not other[b"pending"]:
                await self._client("XGROUP", "DELCONSUMER", self.events, trigger, other[b"name"])
        return found

    async def settle(
        self, trigger: str, ids: Sequence[bytes], *, dead: Message | None = None, reply: Entry | None = None
    ) -> None:
        """Done with these events: acknowledged, and the dead letter or the reply stored, all or nothing."""
        if dead is None and reply is None and len(ids) == 1:
            await self._acknowledging(trigger)(ids[0])
            return
        commands: list[tuple[Any, ...]] = []
        if dead is not None:
            why = ("t", trigger, "w", repr(time.time()))
            commands.append(("XADD", self.dead, "MAXLEN", "~", MOST_DEAD, "*", *fields_of(dead), *why))
        if reply is not None:
            commands.append(("XADD", self.events, "*", *fields_of(reply.message), "h", reply.hops))
        await self._client.transaction([*commands, ("XACK", self.events, trigger, *ids)])

    def _acknowledging(self, trigger: str) -> Batching[bytes, int]:
        """Acknowledgements of one group, many at a time."""
        known = self._acknowledge.get(trigger)
        if known is None:
            known = self._acknowledge[trigger] = Batching(
                partial(self._acknowledge_all, trigger), ACKNOWLEDGE_PACE
            )
        return known

    async def _acknowledge_all(self, trigger: str, ids: Sequence[bytes]) -> Sequence[int]:
        await self._client("XACK", self.events, trigger, *ids)
        return [1] * len(ids)

    async def trim(self) -> int:
        """Remove what every Trigger has settled and nobody needs to look at any more; the entries left."""
        await self._measure()
        settled = await self._settled_before()
        recent = int((time.time() - KEPT_SECONDS) * 1000)
        keep_from = settled if self._length > KEPT_ENTRIES else min(settled, (recent, 0))
        await self._client("XTRIM", self.events, "MINID", "=", f"{keep_from[0]}-{keep_from[1]}")
        return await self._measure()

    async def _measure(self) -> int:
        """The stream's length; what is being appended meanwhile may be counted twice, but not missed."""
        self._meanwhile = self._under_way
        length: int = await self._client("XLEN", self.events)
        self._length = length + self._meanwhile
        return length

    async def _settled_before(self) -> tuple[int, int]:
        """The least id that some Trigger may still need."""
        lowest = (int(time.time() * 1000), 0)
        for group in await self._group_states():
            pending, oldest, *_ = await self._client("XPENDING", self.events, group[b"name"])
            lowest = min(lowest, number(oldest if pending else group[b"last-delivered-id"]))
        return lowest

    async def dead_letters(self, count: int) -> list[DeadLetter]:
        """The newest dead letters, newest first."""
        found = await self._client("XREVRANGE", self.dead, "+", "-", "COUNT", count)
        return [dead_letter_of(identifier, _pairs(fields)) for identifier, fields in found]

    async def revive(self, letter: DeadLetter) -> bool:
        """Give a dead letter to its Trigger again; False when somebody else already took it."""
        message = letter.message.with_attributes(
            knativeerrordest=None, knativeerrorcode=None, knativeerrordata=None
        )
        keys = (self.events, self.dead)
        again = await self._client.run(_REVIVE, keys, letter.id, *fields_of(message), "o", letter.trigger)
        return bool(again)

    async def _groups(self) -> list[str]:
        return [group[b"name"].decode() for group in await self._group_states()]

    async def _group_states(self) -> list[dict[bytes, Any]]:
        try:
            found = await self._client("XINFO", "GROUPS", self.events)
        except ReplyError as error:
            if "no such key" not in str(error):
                raise
            return []  # no Trigger and no event yet
        return [_pairs(each) for each in found]


def _read(answer: Any) -> list[Entry]:
    """What XREAD and XREADGROUP answer about one stream; None: nothing came."""
    return [entry for _, entries in answer or () for entry in _entries(entries)]


def _entries(found: Any) -> list[Entry]:
    """Entries whose fields are still there: one that was trimmed comes back from a claim without them."""
    return [entry_of(identifier, _pairs(fields)) for identifier, fields in found or () if fields]


def _pairs(found: Sequence[Any]) -> dict[bytes, Any]:
    """Names and values that follow each other."""
    return dict(zip(found[::2], found[1::2], strict=True))
