r"""The one way in which a file is written: the same value always gives the same bytes.

    an object in a list, whose members are neither lists nor objects, is a line
    every other member and every entry has a line of its own, one space deeper

so that one changed setting is one changed line. Characters that cannot be seen, or that change the
order in which others are seen, are written as ``\u…`` escapes: a review sees what will run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flowforge_local.workflow.json_text import Number

_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def lines(value: Any, depth: int = 0, *, entry: bool = False) -> str:
    """A value of dicts, lists, texts, numbers (``Number``, int, float), booleans and None as text.

    >>> print(lines({"filters": [{"column": "price", "value": Number("0.10")}], "logic": "AND"}))
    {
     "filters": [
      {"column": "price", "value": 0.10}
     ],
     "logic": "AND"
    }
    """
    if isinstance(value, dict):
        if not value or (entry and not any(isinstance(each, dict | list) for each in value.values())):
            return one_line(value)
        return _block(
            "{}", (f"{scalar(key)}: {lines(each, depth + 1)}" for key, each in value.items()), depth
        )
    if isinstance(value, list):
        return _block("[]", (lines(each, depth + 1, entry=True) for each in value), depth) if value else "[]"
    return scalar(value)


def one_line(value: Any) -> str:
    """A value on one line, whatever it holds."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {one_line(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(one_line, value)) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A text, a number, a boolean or null."""
    if isinstance(value, Number):
        return value.text
    return _UNSEEN.sub(
        lambda found: json.dumps(found[0])[1:-1], json.dumps(value, ensure_ascii=False, allow_nan=False)
    )


def sorted_keys(value: Any) -> Any:
    """The value with the keys of every object in the order of their characters."""
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sorted_keys(each) for each in value]
    return value


def _block(brackets: str, entries: Iterator[str], depth: int) -> str:
    inner = ",\n".join(f"{' ' * (depth + 1)}{entry}" for entry in entries)
    return f"{brackets[0]}\n{inner}\n{' ' * depth}{brackets[1]}"
