"""JSON with places: what json reads is read alike, what it lets through is refused with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowforge_local.workflow.json_text import (
    MAX_DEPTH,
    Item,
    MalformedError,
    Number,
    offset_in_string,
    parse,
    plain,
    written,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def same(a: Any, b: Any) -> bool:
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


@given(values, st.sampled_from([None, 0, 3]), st.booleans())
def test_every_document_of_json_is_read_alike(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert same(plain(parse(text)), value)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        item = parse(text)
    except MalformedError as malformed:
        place = malformed.at
    else:
        place = item.start
        assert same(plain(item), json.loads(text))
    assert 0 <= place <= len(text)


@given(values)
def test_every_value_knows_its_place(value: Any) -> None:
    text = json.dumps(value, indent=1)

    def visit(item: Item) -> None:
        assert same(json.loads(text[item.start : item.end]), plain(item))
        below = item.value.values() if isinstance(item.value, dict) else item.value
        for each in below if isinstance(item.value, dict | list) else ():
            visit(each)  # type: ignore[arg-type]

    visit(parse(text))


@pytest.mark.parametrize(
    "text", ["9007199254740993", "0.10", "-0", "1E+2", "100.000", "12345678901234567890.1"]
)
def test_numbers_stay_as_they_were_written(text: str) -> None:
    assert written(parse(text)) == Number(text)


def test_integers_are_exact() -> None:
    assert plain(parse("[9007199254740993, 0.10]")) == [9007199254740993, 0.1]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 0),
        ("  ", 2),
        ("[1,]", 3),
        ("[1 2]", 3),
        ('{"a": 1, "a": 2}', 9),
        ("{a: 1}", 1),
        ('{"a" 1}', 5),
        ('{"a": 1,}', 8),
        ("nul", 0),
        ("nullx", 0),
        ("NaN", 0),
        ("-Infinity", 0),
        ("1e999", 0),
        ("01", 0),
        ("1.", 0),
        ("[1.5.5]", 1),
        ("9" * 401, 0),
        ('"a', 0),
        ('"a\nb"', 0),
        ('"\\x"', 0),
        ('["\\ud800"]', 1),
        ('["\\udc00\\ud800"]', 1),
        ("1 2", 2),
        ("[" * (MAX_DEPTH + 2), MAX_DEPTH + 1),
        ("[" * 100_000, MAX_DEPTH + 1),
        ("{\u00a0}", 1),
    ],
)
def test_what_is_malformed_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(MalformedError) as caught:
        parse(text)
    assert caught.value.at == at


def test_a_position_in_a_string_is_found_behind_escapes() -> None:
    text = r'  "a\n\u00e9\ud83d\ude00é[x]"'
    item = parse(text)
    assert item.value == "a\né😀é[x]"
    assert [text[offset_in_string(text, item, position)] for position in (0, 5, 6)] == ["a", "[", "x"]
    assert text[offset_in_string(text, item, 3) :].startswith(r"\ud83d\ude00")
