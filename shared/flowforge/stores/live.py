"""What the live path keeps in Valkey, so that replicas agree and a restart loses nothing.

    ff:live:feed               stream   every message of every channel, in order; each relay reads it once
    ff:live:channel:<channel>  stream   the last messages of one channel under the feed's ids, for resuming
    ff:live:pending:<channel>  set      widgets that changed in the window that is open
    ff:live:due                zset     channels with an open window, by the moment it ends (ms)
    ff:live:seen:<digest>      text     events that were taken in, for as long as they may come again
    ff:live:reads              hash     per widget what it was found to read (:mod:`flowforge.live.keeping`)
    ff:live:terms              hash     terms of embed grants with viewers (:mod:`flowforge.live.terms`)
    ff:live:terms:used         zset     when each of them was last in use (ms); ``:edition`` counts what became of them
    ff:live:ticket:<digest>    text     tickets that wait for their WebSocket

A channel is named ``<tenant>/dashboard/<id>``, ``<tenant>/terms/<widget>/<digest>``, ``<tenant>/execution/<id>``,
``<tenant>/subject/<digest>``, or ``alerts`` and ``control``, which belong to no tenant. Everything is bounded in number or by time.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from flowforge.errors import ErrorCode, StoreError
from flowforge.records import dataclass
from flowforge.resources import resource
from flowforge.stores import live_scripts as lua
from flowforge.stores.resp import FAILURES, Client, ReplyError, Script, connect

log = logging.getLogger(__name__)

_COMMIT, _FLUSH, _KEEP_TERMS = Script(lua.COMMIT), Script(lua.FLUSH), Script(lua.KEEP_TERMS)
TIMEOUT_SECONDS = 3.0
BLOCK_MS = 1_000
READS = "ff:live:reads"
_NEWEST = ("XREVRANGE", lua.FEED, "+", "-", "COUNT", 1)
TICKET = "ff:live:ticket:"

Position = tuple[int, int]
"""An id of the feed: milliseconds and a number within them."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event does. ``key`` identifies the event: a second effect of one key does nothing.

    ``tables`` are counted as changed, ``stale`` are (channel, widget ids) for its open window: effects that share
    that very sequence cost the store little more than one of them. ``messages`` are (channel, JSON, whether it is kept for resuming) for the feed at once.
    """

    key: str
    tables: Sequence[str] = ()
    stale: Sequence[tuple[str, Sequence[str]]] = ()
    messages: Sequence[tuple[str, str, bool]] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of the feed."""

    position: Position
    channel: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Extent:
    """What a channel still holds: its oldest position (None: nothing), and whether older ones were let go."""

    oldest: Position | None = None
    trimmed: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """The position of the newest message of all, and of each channel the messages after a place and what it holds."""

    newest: Position
    histories: Sequence[Sequence[tuple[Position, bytes]]]
    extents: Sequence[Extent]


@dataclass
class LiveStore:
    """The process's connections: one for commands, and one that waits for the feed."""

    client: Client
    waiting: Client

    async def commit(self, window_ms: int, effects: Sequence[Effect]) -> int:
        """Take in events; how many of them were not known."""
        touched: dict[tuple[tuple[str, ...], int], int] = {}
        document: dict[str, Any] = {"touched": [], "events": []}
        for each in effects:
            place = (tuple(each.tables), id(each.stale))
            if place not in touched:
                document["touched"].append({"tables": each.tables, "stale": each.stale})
                touched[place] = len(touched) + 1
            document["events"].append({"key": each.key, "touches": touched[place], "messages": each.messages})
        return int(await self._answer(self.client.run(_COMMIT, [], window_ms, orjson.dumps(document))))

    async def flush(self) -> tuple[int, float | None]:
        """Close the windows that have ended: how many, and the seconds until the next one does."""
        closed, wait = await self._answer(self.client.run(_FLUSH, []))
        return int(closed), None if wait < 0 else wait / 1000

    async def end_of_feed(self) -> Position:
        """The position of the newest message; (0, 0) before the first."""
        newest = await self._answer(self.client(*_NEWEST))
        return _position(newest[0][0]) if newest else (0, 0)

    async def read_feed(self, after: Position, most: int = 500) -> list[Entry]:
        """Messages after a position; waits for one second if there is none."""
        asked = ("XREAD", "COUNT", most, "BLOCK", BLOCK_MS, "STREAMS", lua.FEED, _text(after))
        found = await self._answer(self.waiting(*asked))
        return [
            Entry(_position(entry), fields[b"c"].decode(), fields[b"m"])
            for _, entries in found or ()
            for entry, fields in _entries(entries)
        ]

    async def past(self, names: Sequence[str], after: Position) -> Past:
        """What is kept of channels after a position, in one round trip: those who come back come all at once."""
        keys = [lua.CHANNEL + name for name in names]
        histories = [("XRANGE", key, f"({_text(after)}", "+") for key in keys]
        # Looked at afterwards: what is let go in between was read already.
        extents = [("XINFO", "STREAM", key) for key in keys]
        newest, *found = await self._answer(self._each([_NEWEST, *histories, *extents]))
        return Past(
            _position(newest[0][0]) if newest else (0, 0),
            [
                [(_position(entry), fields[b"m"]) for entry, fields in _entries(each)]
                for each in found[: len(keys)]
            ],
            [_extent(each) for each in found[len(keys) :]],
        )

    async def _each(self, commands: Sequence[tuple[str | int, ...]]) -> list[Any]:
        """Their replies, None for a question about what is not there; any other failure is raised."""
        replies = await self.client.each(commands)
        for place, reply in enumerate(replies):
            if isinstance(reply, ReplyError) and "no such key" in str(reply):
                replies[place] = None
            elif isinstance(reply, BaseException):
                raise reply
        return replies

    async def extent(self, channel: str | None = None) -> Extent:
        """What is left of a channel, or of the feed."""
        key = lua.FEED if channel is None else lua.CHANNEL + channel
        (info,) = await self._answer(self._each([("XINFO", "STREAM", key)]))
        return _extent(info)

    async def keep_ticket(self, digest: str, content: bytes, seconds: int) -> None:
        """Keep a ticket until it is taken or its time is up."""
        await self._answer(self.client("SET", TICKET + digest, content, "EX", seconds))

    async def take_ticket(self, digest: str) -> bytes | None:
        """A ticket's content, once."""
        taken: bytes | None = await self._answer(self.client("GETDEL", TICKET + digest))
        return taken

    async def stored_reads(self, widgets: Sequence[str]) -> list[bytes | None]:
        """What was kept about widgets, in their order."""
        return list(await self._answer(self.client("HMGET", READS, *widgets))) if widgets else []

    async def store_reads(self, found: Mapping[str, bytes], gone: Iterable[str]) -> None:
        """Keep what was found about some widgets, and forget others."""
        if found:
            await self._answer(self.client("HSET", READS, *[each for pair in found.items() for each in pair]))
        if names := list(gone):
            await self._answer(self.client("HDEL", READS, *names))

    async def known_widgets(self) -> list[str]:
        """The widgets that something is kept about."""
        return [name.decode() for name in await self._answer(self.client("HKEYS", READS))]

    async def keep_terms(self, used: Mapping[str, bytes]) -> None:
        """Keep terms by name as used now, and let go of those that are not any more."""
        await self._answer(
            self.client.run(_KEEP_TERMS, [], *[each for pair in used.items() for each in pair])
        )

    async def terms_edition(self) -> int:
        """A number that is another one whenever terms came or went."""
        return int(await self._answer(self.client("GET", lua.TERMS_EDITION)) or 0)

    async def kept_terms(self, known: Container[str]) -> tuple[frozenset[str], list[bytes]]:
        """The names of all terms that are kept, and the texts of those that are not known."""
        names = frozenset(name.decode() for name in await self._answer(self.client("HKEYS", lua.TERMS)))
        unknown = [name for name in names if name not in known]
        texts = await self._answer(self.client("HMGET", lua.TERMS, *unknown)) if unknown else ()
        return names, [text for text in texts if text is not None]

    async def _answer(self, asked: Awaitable[Any]) -> Any:
        try:
            return await asked
        except FAILURES as failure:
            raise StoreError(
                ErrorCode.STORE_UNAVAILABLE,
                "The live feed's store is out of reach.",
                hint="Try again shortly.",
            ) from failure

    async def aclose(self) -> None:
        """Close both connections."""
        await self.client.aclose()
        await self.waiting.aclose()


@resource
async def live_store() -> LiveStore:
    """Connects on first use."""
    return LiveStore(connect(TIMEOUT_SECONDS), connect(TIMEOUT_SECONDS + BLOCK_MS / 1000))


def _extent(info: Sequence[Any] | None) -> Extent:
    """From what XINFO STREAM tells; None: there is no such stream."""
    if info is None:
        return Extent()
    told = _pairs(info)
    first = told[b"first-entry"]
    return Extent(_position(first[0]) if first else None, told[b"entries-added"] > told[b"length"])


def _entries(found: Iterable[Any]) -> Iterator[tuple[bytes, Mapping[bytes, bytes]]]:
    """Ids and fields of a stream's entries."""
    for entry, fields in found:
        yield entry, _pairs(fields)


def _pairs(found: Sequence[Any]) -> dict[bytes, Any]:
    """Names and values that follow each other."""
    return dict(zip(found[::2], found[1::2], strict=True))


def _position(entry: bytes) -> Position:
    milliseconds, _, number = entry.partition(b"-")
    return int(milliseconds), int(number)


def _text(position: Position) -> str:
    return f"{position[0]}-{position[1]}"
