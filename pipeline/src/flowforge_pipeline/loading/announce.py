"""Tell the readers of a table that it changed, so that no cached answer outlives the rows behind it.

``flowforge:data:<database.table>`` in Redis counts the changes of a table; the application compares
it with the count it saw when it cached an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import redis

from flowforge_pipeline.loading.derived import Change
from flowforge_pipeline.loading.together import BY_COMMANDS
from flowforge_pipeline.redis_client import redis_of_environment

log = logging.getLogger(__name__)

_PREFIX = "flowforge:data:"


def announce(change: Change) -> None:
    """Count the change for its table and every derived one."""
    count([change.table, *BY_COMMANDS.get(change.table, ())])


def count(tables: Sequence[str]) -> None:
    """One more change of each of these.

    Without Redis nothing is cached that could be stale, or it ends by its own time: the rows are
    written either way, so a Redis that is away is a warning and not a failure.
    """
    client = redis_of_environment() if tables else None
    if client is None:
        return
    try:
        with client:
            pipe = client.pipeline(transaction=True)
            for table in tables:
                pipe.incr(_PREFIX + table)
            pipe.execute()
    except redis.RedisError as error:
        log.warning(
            "%s changed, but Redis could not be told (%s): cached answers may be minutes old",
            tables[0],
            type(error).__name__,
        )
