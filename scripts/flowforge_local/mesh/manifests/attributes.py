"""Names of CloudEvents context attributes."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9]*")
MOST_CHARACTERS = 64


def attribute_name(name: str) -> str:
    """Lower-case letters and digits (CloudEvents 1.0.2 §Naming; Knative wants a letter first); raises ValueError."""
    if not _NAME.fullmatch(name) or len(name) > MOST_CHARACTERS:
        raise ValueError(
            f"{name!r} is not an attribute's name: lower-case letters and digits, a letter first"
        )
    return name
