"""Holding on to a claimed execution while it runs."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from flowforge.auth import access_of
from flowforge.errors import StoreError
from flowforge.execute.executions.entitled import still_sees
from flowforge.metadata.claims import renew
from flowforge.metadata.executions import LEASE_SECONDS, Execution

BEAT_SECONDS = 0.5


async def hold(claimed: Execution) -> Literal["lost", "hidden"]:
    """Renew the claim until it is lost (cancelled, or taken over) or what is read is withdrawn from the tenant.

    While the metadata is away the claim is held for as long as nobody else can believe it lapsed.
    """
    lapses = time.monotonic() + LEASE_SECONDS
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        try:
            begun = time.monotonic()
            if not await renew(claimed):
                return "lost"
            lapses = begun + LEASE_SECONDS
            if not still_sees(await access_of(claimed.tenant_id), claimed.reads):
                return "hidden"
        except StoreError:
            if time.monotonic() > lapses:
                return "lost"
