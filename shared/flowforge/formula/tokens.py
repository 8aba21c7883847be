"""Text → tokens that the parser may see: known kinds only, bounded, each literal replaced by its index.

The parser never sees a user's text. Every name, number and string is handed to it as the index of
its token, which also gives each part of the tree its position. Function names are prefixed, so that
SQLGlot's own functions and their special grammars (CAST, EXTRACT, TRIM …) never apply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from sqlglot.dialects.dialect import Dialect
from sqlglot.tokenizer_core import Token, TokenType

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula import advice
from flowforge.formula.errors import formula_error
from flowforge.formula.limits import MAX_DEPTH, MAX_LENGTH
from flowforge.records import dataclass

FUNCTION_PREFIX = "f_"
WORD_PREFIX = "w_"
"""TRUE, FALSE and NULL go to the parser as names too: its own nodes for them carry no position."""

_LITERALS = frozenset({TokenType.IDENTIFIER, TokenType.NUMBER, TokenType.STRING})

_ALLOWED = _LITERALS | {
    TokenType.L_PAREN,
    TokenType.R_PAREN,
    TokenType.COMMA,
    TokenType.PLUS,
    TokenType.DASH,
    TokenType.STAR,
    TokenType.SLASH,
    TokenType.MOD,
    TokenType.CARET,
    TokenType.EQ,
    TokenType.NEQ,
    TokenType.LT,
    TokenType.LTE,
    TokenType.GT,
    TokenType.GTE,
    TokenType.AND,
    TokenType.OR,
    TokenType.NOT,
    TokenType.IS,
    TokenType.NULL,
    TokenType.TRUE,
    TokenType.FALSE,
    TokenType.IN,
    TokenType.BETWEEN,
    TokenType.CASE,
    TokenType.WHEN,
    TokenType.THEN,
    TokenType.ELSE,
    TokenType.END,
}

_KEYWORDS_BEFORE_PARENTHESIS = frozenset(
    {TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IS, TokenType.IN, TokenType.BETWEEN, TokenType.END}
    | {TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE}
)

_NEEDS_LEFT = frozenset(
    {TokenType.PLUS, TokenType.STAR, TokenType.SLASH, TokenType.MOD, TokenType.CARET, TokenType.EQ}
    | {TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.AND, TokenType.OR}
    | {TokenType.IS, TokenType.COMMA, TokenType.IN, TokenType.BETWEEN}
    | {TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.END}
)
_MAY_FOLLOW = frozenset(
    {(TokenType.NOT, TokenType.IN), (TokenType.NOT, TokenType.BETWEEN), (TokenType.CASE, TokenType.WHEN)}
)
"""Pairs in which the second token has its operand further left."""
_WORDS = frozenset({TokenType.TRUE, TokenType.FALSE, TokenType.NULL})
_ENDS_OPERAND = _LITERALS | _WORDS | {TokenType.R_PAREN, TokenType.END}
_BEGINS_OPERAND = _LITERALS | _WORDS | {TokenType.L_PAREN, TokenType.CASE}


@dataclass(frozen=True, slots=True)
class Source:
    """A formula's text and its tokens as the user wrote them; the tree refers to tokens by index."""

    text: str
    tokens: tuple[Token, ...]


@cache
def formula_dialect() -> Dialect:
    """The language as SQLGlot reads it; loaded, with PostgreSQL's dialect, by the first formula that is read."""
    from flowforge.formula.dialect import FormulaDialect

    return FormulaDialect()


def tokenize(text: str) -> tuple[Source, list[Token], GraphError | None]:
    """The user's tokens and the parser's up to the first that no formula has, and what is wrong with that.

    ``GraphError`` for length, depth and a text that is empty.
    """
    if len(text) > MAX_LENGTH:
        raise formula_error(
            ErrorCode.FORMULA_TOO_LONG,
            f"The formula has {len(text)} characters; at most {MAX_LENGTH} are taken.",
            hint="Split it into several formula nodes.",
        )
    if not text.strip():
        raise formula_error(ErrorCode.FORMULA_SYNTAX, "The formula is empty.", hint="Write e.g. [price] * 2.")
    _check_depth(text)
    readable, refusal = _readable(text)
    found = formula_dialect().tokenize(text[:readable])
    for index, token in enumerate(found):
        misfit = _unknown(text, found, index, token) or _misplaced(text, found, index, token)
        if misfit is not None:
            found, refusal = found[:index], misfit
            break
    source = Source(text, tuple(found))
    return source, [_disguise(found, index, token) for index, token in enumerate(found)], refusal


_OUTSIDE_LITERALS = re.compile(
    r"""
    \[ (?: [^\]] | \]\] )* \] | ' (?: [^'] | '' )* ' | " (?: [^"] | "" )* "    # stepped over
    | (?P<level> \w+ | [()-] )
    | (?P<refused> [\['"\]{$\x1c-\x1f] )    # never closed or opened; a template; no space to a browser
    """,
    re.VERBOSE,
)
_NAME = re.compile(r"[^\x00-@\[-^`{-\xa0][^\x00-/:-@\[-^`{-\xa0]*")
"""Letters, digits and ``_``, and all beyond U+00A0; written by what it is not, which ``re`` compiles 30 times as fast."""
_OPENING = frozenset("['\"")
_STEPS = {"(": 1, "CASE": 1, ")": -1, "END": -1}


def _check_depth(text: str) -> None:
    """Refuse more than ``MAX_DEPTH`` levels: parentheses, CASE, and signs and NOT in a row."""
    depth = row = 0
    for match in _OUTSIDE_LITERALS.finditer(text):
        if (
            match["refused"] in _OPENING
        ):  # never closed: what follows is not read, and each would be sought to the end
            return
        word = (match["level"] or "").upper()
        depth += _STEPS.get(word, 0)
        row = row + 1 if word in ("-", "NOT") else 0
        if max(depth, row) > MAX_DEPTH:
            raise formula_error(
                ErrorCode.FORMULA_TOO_DEEP,
                f"The formula nests more than {MAX_DEPTH} levels deep.",
                source=text,
                position=match.start(),
                hint="Split it into several formula nodes.",
            )


def _readable(text: str) -> tuple[int, GraphError | None]:
    """How much of the text can be cut into tokens, and what comes then."""
    match = next((each for each in _OUTSIDE_LITERALS.finditer(text) if each["refused"]), None)
    if match is None:
        return len(text), None
    sign = match["refused"]
    closing = {"[": "]", "'": "'", '"': '"'}.get(sign)
    if closing is None:
        return match.start(), _no_token(text, match.start(), sign)
    unclosed = formula_error(
        ErrorCode.FORMULA_SYNTAX,
        f"{sign!r} is never closed.",
        source=text,
        position=match.start(),
        hint=f"Add {closing}.",
    )
    return match.start(), unclosed


def _unknown(text: str, found: list[Token], index: int, token: Token) -> GraphError | None:
    """What is wrong with a token that is no part of the language anywhere."""
    exclamation = token.token_type is TokenType.NOT and token.text == "!"
    foreign_digits = token.token_type is TokenType.NUMBER and not token.text.isascii()
    if token.token_type in _ALLOWED and not exclamation and not foreign_digits:
        return None
    if _is_function(found, index):
        return None
    word = token.text
    if word[:1].isalpha() or word[:1] == "_":
        return formula_error(
            ErrorCode.FORMULA_SYNTAX,
            f"{word[:64]!r} is not part of the formula language here.",
            source=text,
            position=token.start,
            hint=advice.for_word(word)
            or f"Columns are written in brackets: [{word[:64]}]. Functions need parentheses.",
        )
    return _no_token(text, token.start, word)


def _no_token(text: str, position: int, word: str) -> GraphError:
    return formula_error(
        ErrorCode.FORMULA_SYNTAX,
        f"{word[:64]!r} cannot be used in a formula.",
        source=text,
        position=position,
        hint=advice.for_sign(word),
    )


def _misplaced(text: str, found: list[Token], index: int, token: Token) -> GraphError | None:
    """Refuse what the SQL grammar would take in a sense of its own: aliases, joined texts, gaps."""
    kind = token.token_type
    before = found[index - 1].token_type if index else None
    begins = kind in _BEGINS_OPERAND or _is_function(found, index)
    after_operand = bool(index) and ends_operand(found, index - 1)
    missing_operand = kind in _NEEDS_LEFT and not after_operand and not _is_function(found, index)
    missing_operand = missing_operand and (before, kind) not in _MAY_FOLLOW
    missing_operand |= kind == TokenType.R_PAREN and before == TokenType.COMMA
    # Behind an operand stands NOT IN or NOT BETWEEN; SQLGlot would take NOT for the AND of a BETWEEN.
    negated = before == TokenType.NOT and index > 1 and ends_operand(found, index - 2)
    astray = negated and kind not in (TokenType.IN, TokenType.BETWEEN)
    if not (begins and after_operand) and not missing_operand and not astray:
        return None
    return formula_error(
        ErrorCode.FORMULA_SYNTAX,
        f"{text[token.start : token.end + 1][:64]!r} cannot stand here.",
        source=text,
        position=token.start,
        hint="An operator or a comma is missing." if begins else "A value is missing before it.",
    )


def ends_operand(found: Sequence[Token], index: int) -> bool:
    """Whether an operand can end with a token: a function's name, TRUE( for one, does not."""
    return found[index].token_type in _ENDS_OPERAND and not _is_function(found, index)


def _is_function(found: Sequence[Token], index: int) -> bool:
    token = found[index]
    return (
        token.token_type not in _KEYWORDS_BEFORE_PARENTHESIS
        and token.token_type not in _LITERALS
        and _NAME.fullmatch(token.text) is not None
        and index + 1 < len(found)
        and found[index + 1].token_type == TokenType.L_PAREN
        and not (token.token_type is TokenType.NULL and _is_tested(found, index))
    )


def _disguise(found: list[Token], index: int, token: Token) -> Token:
    if _is_function(found, index):
        kind, text = TokenType.VAR, f"{FUNCTION_PREFIX}{index}"
    elif token.token_type in _LITERALS:
        kind, text = token.token_type, str(index)
    elif token.token_type in _WORDS and not _is_tested(found, index):
        kind, text = TokenType.VAR, f"{WORD_PREFIX}{index}"
    else:
        return token
    return Token(kind, text, line=token.line, col=token.col, start=token.start, end=token.end)


def _is_tested(found: Sequence[Token], index: int) -> bool:
    """Whether the word belongs to ``IS [NOT] NULL``."""
    before = [token.token_type for token in found[max(0, index - 2) : index]]
    return before[-1:] == [TokenType.IS] or before == [TokenType.IS, TokenType.NOT]
