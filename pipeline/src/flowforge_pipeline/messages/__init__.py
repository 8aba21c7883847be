"""What travels on the broker: envelopes of trades, quotes and orders as JSON, and what makes one valid.

topics      the topics and the kinds of records on them
fields      the payload of each kind, field by field
envelope    writing envelopes
outcome     accepted, or refused and why
parsing     bytes → the envelope's members, exactly
validation  one message → its envelope, or the reason why it is refused
frames      many normalised messages → one typed polars frame
"""

from flowforge_pipeline.messages.envelope import SCHEMA_VERSION, encode, instant_text
from flowforge_pipeline.messages.fields import ORDERS, PAYLOADS, QUOTES, TRADES, Payload
from flowforge_pipeline.messages.frames import frame
from flowforge_pipeline.messages.outcome import Accepted, Reason, Refused, World
from flowforge_pipeline.messages.topics import KINDS, Kind, normalized, quarantine, raw
from flowforge_pipeline.messages.validation import check

__all__ = [
    "KINDS",
    "ORDERS",
    "PAYLOADS",
    "QUOTES",
    "SCHEMA_VERSION",
    "TRADES",
    "Accepted",
    "Kind",
    "Payload",
    "Reason",
    "Refused",
    "World",
    "check",
    "encode",
    "frame",
    "instant_text",
    "normalized",
    "quarantine",
    "raw",
]
