"""``KILL QUERY WHERE query_id = '…'``: the engine knows its queries by other ids than the clients do."""

from __future__ import annotations

import re

_KILL = re.compile(
    r"\s*KILL\s+QUERY\s+WHERE\s+query_id\s*=\s*'(?P<id>[\w.:\-]+)'\s*(?:SYNC|ASYNC)?\s*(?:FORMAT\s+\w+)?\s*;?\s*",
    re.IGNORECASE,
)


def kill_target(sql: str) -> str | None:
    """Query id that a statement wants killed, in the one form that client libraries write."""
    match = _KILL.fullmatch(sql)
    return match["id"] if match else None
