"""How far each tenant's audit chain has come, kept in another store than the chain itself.

Whoever cuts off the end of a chain in PostgreSQL and puts an older head back would have to do it here too.
``ff:audit:heads`` is a hash: tenant → ``<number>:<code, hex>``. It has no time to live.
"""

from __future__ import annotations

from flowforge.errors import ErrorCode, StoreError
from flowforge.resources import resource
from flowforge.stores.resp import FAILURES, Client, Script, connect

KEY = "ff:audit:heads"
TIMEOUT_SECONDS = 3.0

_RAISE = Script("""
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and tonumber(string.match(known, '^%d+')) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ':' .. ARGV[3])
return 1
""")


class Anchors:
    """The heads that were written down last. ``StoreError`` (503) while Redis is away."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def raise_to(self, tenant_id: str, number: int, mac: bytes) -> None:
        """Write a head down, unless a later one is there."""
        try:
            await self._client.run(_RAISE, [KEY], tenant_id, number, mac.hex())
        except FAILURES as failure:
            raise _away() from failure

    async def all(self) -> dict[str, tuple[int, bytes]]:
        """Number and code of the last entry, by tenant."""
        try:
            found = iter(await self._client("HGETALL", KEY))
        except FAILURES as failure:
            raise _away() from failure
        return {tenant.decode(): _read(value.decode()) for tenant, value in zip(found, found, strict=True)}

    async def aclose(self) -> None:
        """Close the connection."""
        await self._client.aclose()


@resource
async def anchors() -> Anchors:
    """The process's client; connects on first use."""
    return Anchors(connect(TIMEOUT_SECONDS))


def _read(value: str) -> tuple[int, bytes]:
    number, _, mac = value.partition(":")
    return int(number), bytes.fromhex(mac)


def _away() -> StoreError:
    return StoreError(
        ErrorCode.STORE_UNAVAILABLE,
        "The anchors of the audit log are out of reach.",
        hint="Try again shortly.",
    )
