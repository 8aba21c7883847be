"""Formulas that are the same but for names and numbers are cut into tokens and parsed once.

    [price] + [quantity] * 2.5     has the skeleton     NAME + NAME * NUMBER

The parser sees places in place of names and numbers (``tokens``), so that all formulas of one skeleton
have one tree; only where their tokens stand differs. Formulas with quoted text, or with signs in a name
that the tokenizer could take otherwise, have no skeleton and are parsed each by itself.
"""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from flowforge.formula.tokens import Source
from flowforge.records import dataclass

MAX_TEMPLATES = 1024
MAX_LENGTH = 1_000
"""Characters of a formula that is worth remembering."""

_NAME, _NUMBER = "\x00", "\x01"
"""One character each, which no formula with a skeleton has itself."""

_UNSURE = re.compile(r"""['"{}$\x00-\x1f\x7f]""")
_VARIES = re.compile(r"\[([^\[\]]+)\](?!\])|(?<![\w.\])])\d+(?:\.\d+)?(?![\w.(\[])")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """``key`` is what stays; ``varies`` are the texts in between, with their brackets, and their places."""

    key: str
    varies: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Template:
    """Tokens as (kind, text or None if it varies, place in the key, length in the key), and the tree."""

    tokens: tuple[tuple[TokenType, str | None, int, int], ...]
    tree: exp.Expr


_templates: dict[str, _Template] = {}


def skeleton(text: str) -> Skeleton | None:
    """The formula's skeleton, None if it has none."""
    if len(text) > MAX_LENGTH or _UNSURE.search(text):
        return None
    varies: list[tuple[int, str]] = []

    def stands_for(match: re.Match[str]) -> str:
        varies.append((match.start(), match[0]))
        return _NAME if match[1] is not None else _NUMBER

    key = _VARIES.sub(stands_for, text)
    return Skeleton(key, tuple(varies))


def recall(text: str, found: Skeleton) -> tuple[Source, exp.Expr] | None:
    """The formula's tokens and tree, if one of its skeleton was parsed before; the tree is shared."""
    template = _templates.get(found.key)
    if template is None:
        return None
    tokens = []
    shift, each = 0, iter(found.varies)
    for kind, fixed, place, length in template.tokens:
        if fixed is None:
            start, written = next(each)
            name = written[1:-1] if kind is TokenType.IDENTIFIER else written
            tokens.append(Token(kind, name, start=start, end=start + len(written) - 1))
            shift += len(written) - 1
        else:
            start = place + shift
            tokens.append(Token(kind, fixed, start=start, end=start + length - 1))
    return Source(text, tuple(tokens)), template.tree


def remember(found: Skeleton, source: Source, tree: exp.Expr) -> None:
    """Keep a formula that is one, for the others of its skeleton."""
    tokens: list[tuple[TokenType, str | None, int, int]] = []
    varies = dict(found.varies)
    shift = 0
    for token in source.tokens:
        written = varies.pop(token.start, None)
        place = token.start - shift
        if written is None:
            tokens.append((token.token_type, token.text, place, token.end - token.start + 1))
            continue
        if token.end != token.start + len(written) - 1:
            return
        tokens.append((token.token_type, None, place, 1))
        shift += len(written) - 1
    if varies:
        return
    if len(_templates) >= MAX_TEMPLATES:
        _templates.clear()
    _templates[found.key] = _Template(tuple(tokens), tree)
