"""Whether the right by which an answer was worked out still stands when it is sent, and while it is being sent.

A request's access is read at its beginning. A function that has to start first, a query that takes its time, or
somebody who reads an export slowly would otherwise carry rows past the moment at which they were withdrawn.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator

from flowforge.auth import access_of
from flowforge.errors import AccessError, ErrorCode
from flowforge.serve.call import Call
from flowforge.tenancy import lost

CHECK_SECONDS = 0.5
"""An answer that took no longer is as old as the access that every process may remember."""


async def require_standing(call: Call) -> None:
    """``AccessError`` (403, or 401 where it was an embed key's) if some of what could be seen no longer can."""
    from flowforge.auth.embed import EmbedGrant, still_holds
    from flowforge.auth.embed_tokens import refused

    if lost(call.access, await access_of(call.caller.tenant_id)):
        raise AccessError(
            ErrorCode.FORBIDDEN,
            "Access was withdrawn while this was worked out.",
            hint="Ask again: what is left will be shown.",
        )
    if isinstance(call.proof, EmbedGrant) and not await still_holds(call.proof):
        raise refused()


async def while_standing(call: Call, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The chunks for as long as the right stands; then the error, which cuts the connection."""
    checked = time.monotonic()
    try:
        async for chunk in chunks:
            if time.monotonic() - checked > CHECK_SECONDS:
                await require_standing(call)
                checked = time.monotonic()
            yield chunk
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
