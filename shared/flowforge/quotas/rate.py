"""How often a tenant may call: a token bucket in Redis, from which processes take tokens in small lots.

A lot lets a process admit some requests without asking, so that a quick answer does not wait for a
counter; it is small against the rate, so that what processes hold in reserve does not matter.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.quotas.limits import TenantLimits, limits_of
from flowforge.stores.counters import counters

LOTS_PER_SECOND = 50
"""How often a process that is kept busy by one tenant asks for tokens."""
MAX_BUCKETS = 10_000


@dataclass
class _Bucket:
    tokens: int = 0
    empty_until: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    alone_since: float = 0.0


_buckets: dict[str, _Bucket] = {}


async def admit(tenant_id: str) -> None:
    """Count a request; ``RATE_LIMITED`` (429) beyond the tenant's rate, with the seconds to wait."""
    bucket = _buckets.get(tenant_id)
    if bucket is None:
        if len(_buckets) >= MAX_BUCKETS:
            _buckets.clear()
        bucket = _buckets[tenant_id] = _Bucket()
    while bucket.tokens <= 0:
        async with bucket.asking:
            if bucket.tokens <= 0:
                await _fill(bucket, tenant_id)
    bucket.tokens -= 1


async def _fill(bucket: _Bucket, tenant_id: str) -> None:
    limits = await limits_of(tenant_id)
    now = time.monotonic()
    if now < bucket.empty_until:
        raise _refusal(limits, bucket.empty_until - now)
    lot = max(1, int(limits.requests_per_second / LOTS_PER_SECOND))
    taken = await (await counters()).take(
        f"{tenant_id}:requests", lot, limits.requests_per_second, limits.burst
    )
    if taken is None:
        taken = _alone(bucket, lot, limits)
    bucket.tokens, wait = taken
    if not bucket.tokens:
        bucket.empty_until = now + wait
        raise _refusal(limits, wait)


def _alone(bucket: _Bucket, lot: int, limits: TenantLimits) -> tuple[int, float]:
    """A lot for each of its share of a second: the rate, for this process alone."""
    now, share = time.monotonic(), lot / limits.requests_per_second
    if now - bucket.alone_since < share:
        return 0, bucket.alone_since + share - now
    bucket.alone_since = now
    return lot, 0.0


def _refusal(limits: TenantLimits, wait: float) -> FlowForgeError:
    return FlowForgeError(
        ErrorCode.RATE_LIMITED,
        f"Your tenant may call {limits.requests_per_second:g} times a second.",
        hint="Call less often, or ask your operator for more (flowforge tenant limits).",
        retry_after=max(1, math.ceil(wait)),
    )
