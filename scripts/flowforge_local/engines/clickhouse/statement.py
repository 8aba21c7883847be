"""What a statement is, found with a lexer and without understanding it.

The engine parses statements; the server only has to know which way to run one (stream, insert,
or run to the end), which format the answer has, and where the data of an INSERT begin.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["read", "insert", "other"]

_TOKEN = re.compile(
    rb"""
      (?P<space>   \s+ | --[^\n]*(?:\n|\Z) | \#[!\ ][^\n]*(?:\n|\Z) | /\*.*?\*/ )
    | (?P<text>    '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`\\]|\\.|``)*` )
    | (?P<word>    [A-Za-z_][A-Za-z0-9_]* )
    | (?P<number>  [0-9][A-Za-z0-9_.]* )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMAT_AT_END = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
_COMMENTS = ("--", "/*", "#")
_READS = frozenset({"SELECT", "WITH", "FROM", "("})
_BLANK_BEFORE_DATA = b" \t\f\r"


@dataclass(frozen=True)
class Token:
    """A word in upper case, or one other character; ``depth`` counts the parentheses around it."""

    text: str
    start: int
    end: int
    depth: int


END = Token("", 0, 0, 0)
"""Stands behind the last token of a statement."""


def tokens(source: bytes) -> Iterator[Token]:
    """Words and punctuation of a statement; blanks, comments and quoted text are left out."""
    depth = 0
    for match in _TOKEN.finditer(source):
        if match.lastgroup in ("space", "text", "number"):
            continue
        text = match[0].decode("latin-1").upper()
        if text == ")":
            depth -= 1
        yield Token(text, match.start(), match.end(), depth)
        if text == "(":
            depth += 1


def kind(source: bytes) -> Kind:
    """Whether a statement reads rows, inserts, or does anything else."""
    first = next(tokens(source), None)
    if first is None:
        return "other"
    if first.text == "INSERT":
        return "insert"
    return "read" if first.text in _READS else "other"


def output_format(sql: str, known: Container[str]) -> str | None:
    """Name in the FORMAT clause of a statement, if it is one of the ``known``; None without one.

    The end is looked at first: it decides nearly every statement without reading all of it.
    """
    match = _FORMAT_AT_END.search(sql[-200:])
    if match and match[1] in known and not any(mark in sql for mark in _COMMENTS):
        return match[1]
    if "format" not in sql.lower():
        return None
    source = sql.encode()
    words = [*tokens(source), END]
    for before, name, after in zip(words, words[1:], words[2:], strict=False):
        if before.text == "FORMAT" and before.depth == 0 and after.text in ("", ";", "SETTINGS"):
            written = source[name.start : name.end].decode()
            if written in known:
                return written
    return None


@dataclass(frozen=True)
class InsertHead:
    """An INSERT whose rows follow as data: the statement without FORMAT, the format, and where data begin."""

    sql: str
    format: str | None
    data: int


def insert_head(source: bytes) -> InsertHead | None:
    """Split an INSERT from its data; None where its rows are in the statement (VALUES, SELECT).

    As in ClickHouse, data begin after the format's name, blanks, and one newline.
    """
    previous = ""
    for token in tokens(source):
        if previous == "FORMAT" and token.depth == 0:
            end = token.end
            while end < len(source) and source[end] in _BLANK_BEFORE_DATA:
                end += 1
            if source[end : end + 1] == b"\n":
                end += 1
            head = source[: token.start].rstrip()[: -len("FORMAT")]
            return InsertHead(head.decode(), source[token.start : token.end].decode(), end)
        if token.text == "SELECT" or (token.depth == 0 and token.text in ("VALUES", "WITH", "INFILE")):
            return None
        previous = token.text
    return InsertHead(source.decode(), None, len(source))
