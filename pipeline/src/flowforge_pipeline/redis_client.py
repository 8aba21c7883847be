"""The application's Redis: change counters, progress of the consumers, the newest of everything."""

from __future__ import annotations

import os
from typing import Any

import redis

REDIS = "FLOWFORGE_REDIS_URL"
"""The variable that names it."""
TIMEOUT_SECONDS = 2.0


def redis_of_environment(
    url: str | None = None, *, timeout: float = TIMEOUT_SECONDS, **options: Any
) -> redis.Redis | None:
    """A client, which connects on first use; None where neither ``url`` nor the environment names a Redis."""
    address = url or os.environ.get(REDIS)
    if not address:
        return None
    return redis.Redis.from_url(address, socket_timeout=timeout, socket_connect_timeout=timeout, **options)
