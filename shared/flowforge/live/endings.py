"""Why a stream ends, as WebSocket close codes (RFC 6455 § 7.4; 4000–4999 are an application's own)."""

from __future__ import annotations

from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class Ending:
    """A close code with a sentence of at most 123 bytes."""

    code: int
    reason: str


EXPIRED = Ending(4401, "The token has expired.")
WITHDRAWN = Ending(4403, "Access was withdrawn.")
GONE = Ending(4404, "What was watched is gone.")
TOO_SLOW = Ending(1013, "The viewer does not keep up.")
RESTARTING = Ending(1012, "The relay restarts.")


class StreamEndedError(Exception):
    """The stream is over; ``ending`` says why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.reason)
        self.ending = ending
