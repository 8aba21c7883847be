"""Handling each event once, although it is delivered at least once: a mark per ``source`` + ``id`` in Redis.

An event is *claimed* while its handler runs, for as long as that process lives (the claim is renewed, and ends by
itself seconds after a ``kill -9``), and *handled* once the handler has returned; a handler that fails leaves no mark.
A second delivery of a handled event finds that out; one that comes while the first is still being handled is asked
to come again, since the first may yet fail. Marks live a day, far longer than any broker tries.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator

from flowforge.errors import ErrorCode, FlowForgeError, StoreError
from flowforge.resources import resource
from flowforge.stores.resp import FAILURES, Client, Script, connect

log = logging.getLogger(__name__)

HANDLED_SECONDS = 86_400
CLAIM_MS = 4_000
RENEW_SECONDS = 1.0
TIMEOUT_SECONDS = 2.0
_HANDLED = b"handled"
# Another process may hold the claim by now: a mark is changed only by its holder.
_EXTEND = Script(
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
)
_RELEASE = Script(
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)


@resource
async def marks() -> Client:
    """The process's client for the marks of all consumers; connects on first use."""
    return connect(TIMEOUT_SECONDS)


@contextlib.asynccontextmanager
async def handling(consumer: str, source: str, event_id: str) -> AsyncIterator[bool]:
    """Whether the block is to handle the event; leaving it without an exception marks it handled.

    Raises ``conflict`` while the event is being handled elsewhere, ``store_unavailable`` without Redis: both
    make the broker deliver it again.
    """
    key = _key(consumer, source, event_id)
    claim = secrets.token_bytes(12)
    if not await _claim(key, claim):
        yield False
        return
    renewing = asyncio.create_task(_renew(key, claim))
    try:
        yield True
    except BaseException:
        renewing.cancel()
        await asyncio.shield(_release(key, claim))
        raise
    renewing.cancel()
    await _mark(key)


def _key(consumer: str, source: str, event_id: str) -> str:
    digest = hashlib.sha256(f"{source}\0{event_id}".encode()).hexdigest()
    return f"ff:handled:{consumer}:{digest[:40]}"


async def _claim(key: str, claim: bytes) -> bool:
    try:
        known = await (await marks())("SET", key, claim, "PX", CLAIM_MS, "NX", "GET")
    except FAILURES as error:
        raise StoreError(
            ErrorCode.STORE_UNAVAILABLE, "Whether the event was handled before cannot be known now."
        ) from error
    if known is None:
        return True
    if known == _HANDLED:
        return False
    raise FlowForgeError(ErrorCode.CONFLICT, "The event is being handled at this moment.")


async def _renew(key: str, claim: bytes) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            await (await marks()).run(_EXTEND, [key], claim, CLAIM_MS)
        except FAILURES as error:
            log.warning("The claim of an event could not be renewed", exc_info=error)


async def _mark(key: str) -> None:
    """The effects are there: failing to note it must not undo that, it can only let the event come again."""
    try:
        await (await marks())("SET", key, _HANDLED, "EX", HANDLED_SECONDS)
    except FAILURES as error:
        log.warning("A handled event could not be marked; it may be handled again", exc_info=error)


async def _release(key: str, claim: bytes) -> None:
    try:
        await (await marks()).run(_RELEASE, [key], claim)
    except FAILURES as error:
        log.warning("The claim of a failed event ends by itself", exc_info=error)
