"""Write ``latest:*`` look-ups: a hash per thing and the set of what there is, together.

The layout is defined by who reads it (``shared/flowforge/stores/latest.py``). A row never replaces a newer
one: a replay of an old day, or a window that is settled late, leaves the newest window where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flowforge_pipeline.redis_client import redis_of_environment

TIMEOUT_SECONDS = 5.0

_WRITE = """
local newest = redis.call('HGET', KEYS[1], ARGV[2])
local fields = {}
for position = 4, #ARGV do fields[#fields + 1] = ARGV[position] end
if newest and (tonumber(newest) and tonumber(newest) > tonumber(ARGV[3]) or not tonumber(newest) and newest > ARGV[3]) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('SADD', KEYS[2], ARGV[1])
return 1
"""


class Entry(NamedTuple):
    """``group`` is the set's key, ``member`` what follows it and a colon in the hash's key."""

    group: str
    member: str
    fields: Mapping[str, object]


class Latest:
    """One process's connection; None where there is no Redis, and then nothing is written."""

    def __init__(self, url: str | None = None) -> None:
        self._client = redis_of_environment(url, timeout=TIMEOUT_SECONDS)
        self._write = self._client.register_script(_WRITE) if self._client is not None else None

    def write(self, entries: Iterable[Entry], order: str) -> None:
        """Write each unless the one that is there is newer by the field ``order``: a number, or text that sorts."""
        if self._client is None or self._write is None:
            return
        with self._client.pipeline(transaction=False) as pipe:
            for entry in entries:
                fields = {name: "" if value is None else str(value) for name, value in entry.fields.items()}
                pairs = [text for item in fields.items() for text in item]
                self._write(
                    keys=[f"{entry.group}:{entry.member}", entry.group],
                    args=[entry.member, order, fields[order], *pairs],
                    client=pipe,
                )
            pipe.execute()
