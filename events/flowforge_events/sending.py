"""Sending events to the broker, whose address is ``K_SINK``: given by the mesh, or by a SinkBinding in the cluster.

    sender = Sender.of_environment()
    sender.send(make(DataChanged(table="flowforge.raw_trades"), component="sink", subject="flowforge.raw_trades"))

Binary mode. What Knative retries is retried (:mod:`flowforge_events.retrying`) for ``patience`` seconds; sending
an event again carries the same ``source`` and ``id``, by which consumers know it. ``True`` means that the broker
has stored the event. Without a sink nothing is sent: that is logged once, and ``False`` says so, for whoever keeps
a ledger of what is still to be told.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping
from typing import Self

from flowforge_events.connection import Answer, Connections
from flowforge_events.envelope import Event, to_http
from flowforge_events.retrying import is_retried, pause

log = logging.getLogger(__name__)

SINK, OVERRIDES = "K_SINK", "K_CE_OVERRIDES"
PATIENCE_SECONDS = 15.0
TIMEOUT_SECONDS = 5.0


class SendError(Exception):
    """The event was not stored by the broker."""


class RefusedError(SendError):
    """The broker will never take this message; ``status`` is its answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"the broker answered {status}: {text[:300]}")
        self.status = status


class UnreachableError(SendError):
    """The broker did not take the message in time; sending it later may succeed."""


class Sender:
    """Sends from threads and plain processes; one may be shared by several threads."""

    def __init__(
        self, sink: str | None, *, patience: float = PATIENCE_SECONDS, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._connections = Connections(sink, timeout) if sink else None
        self._patience = patience
        self._overrides = _overrides(os.environ.get(OVERRIDES))
        self._said = False

    @classmethod
    def of_environment(cls, *, patience: float = PATIENCE_SECONDS) -> Self:
        """A sender to ``$K_SINK``."""
        return cls(os.environ.get(SINK) or None, patience=patience)

    @property
    def has_sink(self) -> bool:
        """Whether there is anybody to send to."""
        return self._connections is not None

    def send(self, event: Event) -> bool:
        """Send an event; False without a sink. Raises ``RefusedError`` or ``UnreachableError``."""
        return self.post(*to_http(event))

    def post(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Send what ``WIRE.encode`` gave."""
        if self._connections is None:
            return self._without_sink()
        began, attempt = time.monotonic(), 1
        while (wait := self._again_in(self._attempt(headers, body), attempt, began)) is not None:
            time.sleep(wait)
            attempt += 1
        return True

    def close(self) -> None:
        """Close idle connections; the sender may be used again."""
        if self._connections is not None:
            self._connections.close()

    def _without_sink(self) -> bool:
        if not self._said:
            self._said = True
            log.warning("%s is not set: events are not sent", SINK)
        return False

    def _again_in(self, outcome: Answer | OSError, attempt: int, began: float) -> float | None:
        """Seconds until the next try, None when the event is stored; raises SendError."""
        if isinstance(outcome, Answer):
            if 200 <= outcome.status < 300:
                return None
            if not is_retried(outcome.status):
                raise RefusedError(outcome.status, outcome.text)
            reason, asked = f"it answered {outcome.status}", outcome.retry_after
        else:
            reason, asked = f"{type(outcome).__name__}: {outcome}", None
        wait = pause(attempt, asked)
        if time.monotonic() - began + wait > self._patience:
            raise UnreachableError(f"the broker took nothing within {self._patience:g} s ({reason})")
        return wait

    def _attempt(self, headers: Mapping[str, str], body: bytes) -> Answer | OSError:
        if self._connections is None:
            raise ValueError("there is no sink to send to")
        try:
            return self._connections.post({**headers, **self._overrides}, body)
        except OSError as error:
            return error


def _overrides(text: str | None) -> dict[str, str]:
    """Attributes that a SinkBinding adds to every event (``K_CE_OVERRIDES``: ``{"extensions": {…}}``)."""
    if not text:
        return {}
    extensions = json.loads(text).get("extensions") or {}
    return {f"ce-{name}": str(value) for name, value in extensions.items()}
