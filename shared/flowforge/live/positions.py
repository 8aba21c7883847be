"""The ids that viewers see: a place in the feed, bound to the stream it was given out for.

``<milliseconds>-<number>.<tag>``; the tag is a digest of tenant and subject. An id of another dashboard or
tenant names no place here, so that its stream begins anew.
"""

from __future__ import annotations

import hashlib
import re

from flowforge.stores.live import Position

START: Position = (0, 0)
_ID = re.compile(r"^(\d{1,15})-(\d{1,10})\.([0-9a-f]{12})$", re.ASCII)


def tag_of(*subject: str) -> str:
    """Twelve hexadecimal digits for a tenant and what it watches."""
    return hashlib.blake2b("\0".join(subject).encode(), digest_size=6).hexdigest()


def event_id(position: Position, tag: str) -> str:
    """The id of a message.

    >>> event_id((1732211111111, 2), "0123456789ab")
    '1732211111111-2.0123456789ab'
    """
    return f"{position[0]}-{position[1]}.{tag}"


def position_of(text: str, tag: str) -> Position | None:
    """The place that an id names; None for one of another stream, or no id at all.

    >>> position_of("17-2.0123456789ab", "0123456789ab")
    (17, 2)
    >>> position_of("17-2.0123456789ab", "ba9876543210") is position_of("0", "") is None
    True
    """
    match = _ID.match(text)
    if match is None or match[3] != tag:
        return None
    return int(match[1]), int(match[2])
