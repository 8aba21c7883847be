"""Serving functions over HTTP: the only part of the library that knows a web framework.

``Function`` declares routes as data; ``python -m flowforge.serve functions/<name>/main.py`` runs one.
"""

from __future__ import annotations

from flowforge.received import ReceivedEvent
from flowforge.serve.call import Answer, Call, Reply, Stream, object_id, uuid_of
from flowforge.serve.events import EventAnswer
from flowforge.serve.feed import EventStream
from flowforge.serve.function import Endpoint, Function
from flowforge.serve.sockets import Knock

__all__ = [
    "Answer",
    "Call",
    "Endpoint",
    "EventAnswer",
    "EventStream",
    "Function",
    "Knock",
    "ReceivedEvent",
    "Reply",
    "Stream",
    "object_id",
    "uuid_of",
]
