"""Counting what tenants use, for all processes together, in Redis: token buckets and slots.

A token bucket refills at a rate up to its size. A slot is held until it is given back, or until its time
is up, so that a process that dies holds nothing for ever. Each is one script, because two processes that
read and then write would both take the last one.

While Redis is away the answers are None: whoever asks decides alone.
"""

from __future__ import annotations

import time
from secrets import token_hex
from typing import NamedTuple

from flowforge.resources import resource
from flowforge.stores.resp import BestEffort, Script, connect

PREFIX = "ff:quota:"
TIMEOUT_SECONDS = 0.5

TAKE = Script("""
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local want, rate, size = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(size, (tonumber(kept[1]) or size) + (now - (tonumber(kept[2]) or now)) * rate)
local granted = math.min(want, math.floor(tokens))
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate * 1000) + 1000)
if granted > 0 then return {granted, 0} end
return {0, math.ceil((1 - tokens) / rate * 1000)}
""")
HOLD = Script("""
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local held = redis.call('ZCARD', KEYS[1])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then held = held - 1 end
if held >= tonumber(ARGV[2]) then return {0, 0} end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[3]), redis.call('PTTL', KEYS[1])))
local settled = 0
if ARGV[4] ~= '0' then
  for _, other in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local asked = tonumber(string.match(other, '^%d+') or '0')
    if other ~= ARGV[1] and now - asked > tonumber(ARGV[4]) then settled = settled + 1 end
  end
end
return {held + 1, settled}
""")


class Held(NamedTuple):
    """``number``: which of its holder's slots it is, from 1; 0: all are taken. ``settled``: how many of the others
    have been held for longer than asked.
    """

    number: int
    settled: int


def slot_name() -> str:
    """A new slot: the millisecond at which it was asked for, and which of those."""
    return f"{time.time_ns() // 1_000_000}-{token_hex(8)}"


class Counters:
    """The process's connection to the counters."""

    def __init__(self, redis: BestEffort) -> None:
        self.redis = redis

    async def take(self, name: str, want: int, rate: float, size: float) -> tuple[int, float] | None:
        """At most ``want`` tokens of a bucket; with none, the seconds until there is one."""
        found = await self.redis.run(TAKE, [PREFIX + name], want, rate, size)
        return None if found is None else (int(found[0]), int(found[1]) / 1000)

    async def hold(
        self, name: str, slot: str, most: int, seconds: float, settled_after: float = 0.0
    ) -> Held | None:
        """Hold a slot for so long, or hold it longer. With ``settled_after`` (seconds) the others are looked at;
        their names are then ``slot_name``'s.
        """
        found = await self.redis.run(
            HOLD, [PREFIX + name], slot, most, int(seconds * 1000), int(settled_after * 1000)
        )
        return None if found is None else Held(int(found[0]), int(found[1]))

    async def give_back(self, name: str, slot: str) -> None:
        """A slot is free again."""
        await self.redis("ZREM", PREFIX + name, slot)

    async def aclose(self) -> None:
        """Close the connection."""
        await self.redis.aclose()


@resource
async def counters() -> Counters:
    """The process's counters; connects on first use."""
    return Counters(BestEffort(connect(TIMEOUT_SECONDS), "Quotas are counted by each process alone"))
