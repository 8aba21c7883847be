"""Serving functions over HTTP: the only part of the library that knows a web framework.

``Function`` declares routes as data; ``python -m flowforge.serve functions/<name>/main.py`` runs one. That command
imports this package before it listens, so each name is loaded with its first use (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_DECLARED_IN = {
    "Endpoint": "flowforge.serve.function",
    "EventAnswer": "flowforge.serve.events",
    "EventStream": "flowforge.serve.feed",
    "Function": "flowforge.serve.function",
    "Knock": "flowforge.serve.sockets",
    "ReceivedEvent": "flowforge.received",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_DECLARED_IN.get(name, "flowforge.serve.call")), name)
