"""JSON as people write it into files: every value with its place, numbers as they were written.

Stricter than most readers: a key that is there twice, half a surrogate pair, ``NaN``, a number beyond
float64 and more than ``MAX_DEPTH`` levels are refused, each with its place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 100
MAX_NUMBER = 400
"""Characters of a number; float64 never needs more than 330."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.+-])")
_WORD = re.compile(r"(?:true|false|null)(?![0-9A-Za-z_])")
_ESCAPED = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.S
)
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


class MalformedError(ValueError):
    """The text is no JSON; ``at`` is the offset of the place."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written: ``0.10`` stays ``0.10``."""

    text: str

    @property
    def value(self) -> int | float:
        """What it means: an integer, exactly, or the nearest float64."""
        return int(self.text) if self.text.lstrip("-").isdigit() else float(self.text)


@dataclass(frozen=True, slots=True)
class Item:
    """A value and its place: ``text[start:end]``. Members and entries are items themselves."""

    value: str | bool | Number | dict[str, Item] | list[Item] | None
    start: int
    end: int

    def get(self, key: str) -> Item | None:
        """The member of an object; None if there is none, or this is no object."""
        return self.value.get(key) if isinstance(self.value, dict) else None


def parse(text: str) -> Item:
    """The only value of a text; ``MalformedError`` says where it stops being JSON."""
    item = _value(text, _skip(text, 0), 0)
    end = _skip(text, item.end)
    if end < len(text):
        raise MalformedError("nothing may follow the document", end)
    return item


def plain(item: Item) -> Any:
    """The value without places, in Python's types."""
    match item.value:
        case dict() as members:
            return {key: plain(member) for key, member in members.items()}
        case list() as entries:
            return [plain(entry) for entry in entries]
        case Number() as number:
            return number.value
        case value:
            return value


def written(item: Item) -> Any:
    """The value without places, numbers as they were written."""
    match item.value:
        case dict() as members:
            return {key: written(member) for key, member in members.items()}
        case list() as entries:
            return [written(entry) for entry in entries]
        case value:
            return value


def offset_in_string(text: str, item: Item, position: int) -> int:
    """Where in the text the character at ``position`` of a string value is written."""
    at = item.start + 1
    for _ in range(position):
        found = _ESCAPED.match(text, at, item.end - 1)
        if found is None:
            break
        at = found.end()
    return at


def _value(text: str, at: int, depth: int) -> Item:
    if depth > MAX_DEPTH:
        raise MalformedError(f"it nests more than {MAX_DEPTH} levels deep", at)
    opening = text[at : at + 1]
    if opening == "{":
        return _object(text, at, depth)
    if opening == "[":
        return _array(text, at, depth)
    if opening == '"':
        return _string(text, at)
    if (word := _WORD.match(text, at)) is not None:
        return Item(_WORDS[word[0]], at, word.end())
    if (number := _NUMBER.match(text, at)) is not None:
        return _number(number)
    raise MalformedError(
        "a value is missing" if opening in ("", ",", "]", "}", ":") else "this is no value", at
    )


def _object(text: str, at: int, depth: int) -> Item:
    members: dict[str, Item] = {}
    end = _skip(text, at + 1)
    while text[end : end + 1] != "}":
        if members:
            end = _expect(text, end, ",", "a comma or } is missing")
        key = _string(text, end) if text[end : end + 1] == '"' else None
        if key is None:
            raise MalformedError("a key in double quotes is missing", end)
        assert isinstance(key.value, str)
        if key.value in members:
            raise MalformedError(f"the key {key.value!r} is there twice", key.start)
        value = _value(text, _expect(text, _skip(text, key.end), ":", "a colon is missing"), depth + 1)
        members[key.value] = value
        end = _skip(text, value.end)
    return Item(members, at, end + 1)


def _array(text: str, at: int, depth: int) -> Item:
    entries: list[Item] = []
    end = _skip(text, at + 1)
    while text[end : end + 1] != "]":
        if entries:
            end = _expect(text, end, ",", "a comma or ] is missing")
        entries.append(_value(text, end, depth + 1))
        end = _skip(text, entries[-1].end)
    return Item(entries, at, end + 1)


def _string(text: str, at: int) -> Item:
    found = _STRING.match(text, at)
    if found is None:
        raise MalformedError("this text does not end, or holds a line break or an unknown escape", at)
    value = json.loads(found[0])
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise MalformedError("this text holds half of a surrogate pair", at)
    return Item(value, at, found.end())


def _number(found: re.Match[str]) -> Item:
    if len(found[0]) > MAX_NUMBER:
        raise MalformedError(f"this number has more than {MAX_NUMBER} characters", found.start())
    number = Number(found[0])
    if not math.isfinite(number.value):
        raise MalformedError("this number is too large", found.start())
    return Item(number, found.start(), found.end())


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _expect(text: str, at: int, character: str, reason: str) -> int:
    if text[at : at + 1] != character:
        raise MalformedError(reason, at)
    return _skip(text, at + 1)
