"""JSON values that parse but cannot be kept or computed with: refused where they enter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from flowforge.errors import ErrorCode, FlowForgeError

SUSPECT = re.compile(rb"\\u0000|NaN|Infinity|[eE]\+?\d{3}|\d{19}")
"""A cheap sign that a text may hold such a value; without it the values need not be walked."""

_LEAST, _GREATEST = -(2**63), 2**63 - 1


def refuse_unusable(value: Any, path: str = "") -> None:
    """Refuse NUL characters, numbers that are not finite, and integers beyond 64 bits, naming the field."""
    if isinstance(value, str):
        if "\x00" in value:
            raise _refused(path, "NUL characters are not taken.", "Take the character U+0000 away.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _refused(path, f"{value} is not a JSON number.", "Give a finite number.")
    elif isinstance(value, int):
        if not _LEAST <= value <= _GREATEST:
            raise _refused(path, "the integer does not fit 64 bits.", "Send the number as text.")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            inner = f"{path}.{key}" if path else str(key)
            refuse_unusable(str(key), inner)
            refuse_unusable(each, inner)
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            refuse_unusable(each, f"{path}[{index}]")


def _refused(path: str, reason: str, hint: str) -> FlowForgeError:
    return FlowForgeError(
        ErrorCode.INVALID_REQUEST, f"{path}: {reason}", field=path.replace("\x00", ""), hint=hint
    )
