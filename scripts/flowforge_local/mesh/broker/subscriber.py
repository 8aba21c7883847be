"""Handing one event to one subscriber, and what its answer means.

A function is found through its revision, which starts a process if there is none; the request carries the mesh's
credential. Knative's rules (eventing ``broker/filter``, ``kncloudevents``): 2xx without a body is done; 2xx with an
event is done and the event goes to the Broker; 2xx with any other body is a failed delivery.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flowforge.errors import FlowForgeError
from flowforge_events.retrying import is_retried
from flowforge_local.mesh.broker.message import Message, MessageError, is_event, read
from flowforge_local.mesh.broker.posting import Answer, Posting
from flowforge_local.mesh.revision import Revision

NO_RESPONSE = -1
"""``knativeerrorcode`` of a delivery that nobody answered (eventing ``kncloudevents.NoResponse``)."""
BAD_REPLY = 502
URL_SECONDS = 60.0
AT_ONCE = 32
UNLIMITED_AT_ONCE = 64
"""For a function that sets no limit itself, such as the relay, which gathers what comes at the same time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An HTTP status, or ``NO_RESPONSE``; ``body`` is the reason as it came. ``reply`` is an event in return."""

    status: int
    body: bytes = b""
    reply: Message | None = None
    retry_after: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the subscriber has the event."""
        return 200 <= self.status < 300

    @property
    def final(self) -> bool:
        """Whether sending the event again is of no use."""
        return self.status != NO_RESPONSE and not is_retried(self.status)


class Subscriber(Protocol):
    """Whoever gets a Trigger's events."""

    @property
    def address(self) -> str:
        """What ``knativeerrordest`` says."""

    @property
    def patience(self) -> float:
        """Seconds after which nobody waits for its answer any more."""

    @property
    def at_once(self) -> int:
        """How many events are sent to it at the same time."""

    async def deliver(self, message: Message) -> Outcome:
        """Send the event once; never raises for what the subscriber does. Whoever calls bounds the time."""


class FunctionSubscriber:
    """A function of the mesh, at ``path``."""

    def __init__(self, service: str, revision: Revision, path: str, post: Posting, secret: str) -> None:
        self.address = f"http://{service}.flowforge.svc.cluster.local{path}"
        self.patience = revision.timeout
        self.at_once = AT_ONCE if revision.limited else UNLIMITED_AT_ONCE
        self._revision = revision
        self._path = path
        self._post = post
        self._credential = {"authorization": f"Bearer {secret}"}

    async def deliver(self, message: Message) -> Outcome:
        """Send the event to an instance, which is started if need be."""
        try:
            async with self._revision.instance() as instance:
                headers = message.headers() | self._credential
                outcome = await _sent(self._post, instance.origin + self._path, headers, message.body)
                if outcome.status == NO_RESPONSE:
                    await instance.suspect()
                return outcome
        except FlowForgeError as error:  # it has no place, or does not start
            return Outcome(503, error.detail.encode())


class UrlSubscriber:
    """Any HTTP server; it is not given the mesh's credential."""

    patience = URL_SECONDS
    at_once = AT_ONCE

    def __init__(self, url: str, post: Posting) -> None:
        self.address = url
        self._post = post

    async def deliver(self, message: Message) -> Outcome:
        """Send the event once."""
        return await _sent(self._post, self.address, message.headers(), message.body)


async def _sent(post: Posting, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    try:
        return _outcome(await post(url, headers, body))
    except OSError as error:
        return Outcome(NO_RESPONSE, f"{type(error).__name__}: {error}".encode())


def _outcome(answer: Answer) -> Outcome:
    status, headers, content = answer.status, answer.headers, answer.body
    after = headers.get("retry-after", "")
    wait = float(after) if after.isdigit() else 0.0
    if not 200 <= status < 300 or (not content and not is_event(headers)):
        return Outcome(status, content, retry_after=wait)
    if not is_event(headers):
        return Outcome(BAD_REPLY, b"the answer has a body that is no event: " + content[:500])
    try:
        return Outcome(status, reply=read(headers, content))
    except MessageError as error:
        return Outcome(BAD_REPLY, f"the event in reply is malformed: {error}".encode())
