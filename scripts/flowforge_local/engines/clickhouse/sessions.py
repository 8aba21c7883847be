"""Sessions of ``session_id``: one request at a time, and the SET and USE statements it ran.

They are repeated on the fresh connection of each later request. Temporary tables live on one
connection and therefore do not exist here.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from flowforge_local.engines.clickhouse.errors import (
    BAD_ARGUMENTS,
    NOT_IMPLEMENTED,
    SESSION_IS_LOCKED,
    ClickHouseError,
)
from flowforge_local.engines.clickhouse.statement import tokens

MAX_SESSIONS = 10_000
MAX_STATEMENTS = 100
PATIENCE = 1.0
"""Seconds that a request waits for the one before it."""


@dataclass
class Session:
    """State of one session id."""

    statements: list[str] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    expires: float = 0.0

    def remember(self, sql: str) -> None:
        """Keep a statement that succeeded, where it changes the session."""
        first = next(tokens(sql.encode()), None)
        if first is None or first.text not in ("SET", "USE"):
            return
        if len(self.statements) >= MAX_STATEMENTS:
            raise ClickHouseError(
                BAD_ARGUMENTS, f"A session may run at most {MAX_STATEMENTS} SET and USE statements"
            )
        self.statements.append(sql)


class Sessions:
    """All sessions, keyed by user and id, forgotten when they time out."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], Session] = {}

    @contextlib.asynccontextmanager
    async def use(self, user: str, session_id: str, lifetime: float) -> AsyncIterator[Session]:
        """The session of an id, held for one request; a new one where the id is new or empty.

        A client may send its next request a moment before the last one has let go here.

        Raises:
            ClickHouseError: another request of the session keeps running.

        """
        if not session_id:
            yield Session()
            return
        self._forget()
        session = self._sessions.setdefault((user, session_id), Session())
        try:
            await asyncio.wait_for(session.turn.acquire(), PATIENCE)
        except TimeoutError:
            message = f"Session {session_id} is locked by a concurrent client"
            raise ClickHouseError(SESSION_IS_LOCKED, message) from None
        try:
            yield session
        finally:
            session.turn.release()
            session.expires = time.monotonic() + lifetime

    def _forget(self) -> None:
        now = time.monotonic()
        for key in [
            key
            for key, session in self._sessions.items()
            if not session.turn.locked() and session.expires < now
        ]:
            del self._sessions[key]
        if len(self._sessions) >= MAX_SESSIONS:
            raise ClickHouseError(BAD_ARGUMENTS, "Too many sessions are open")


def refuse_temporary_table(sql: str) -> None:
    """Refuse a statement that would silently do nothing, because its connection ends with it."""
    words = [token.text for _, token in zip(range(4), tokens(sql.encode()), strict=False)]
    if words[:1] == ["CREATE"] and "TEMPORARY" in words:
        raise ClickHouseError(NOT_IMPLEMENTED, "Temporary tables are not supported over HTTP by this server")
