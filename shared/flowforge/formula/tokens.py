"""Text → tokens that the parser may see: known kinds only, bounded, each literal replaced by its index.

The parser never sees a user's text. Every name, number and string is handed to it as the index of
its token, which also gives each part of the tree its position. Function names are prefixed, so that
SQLGlot's own functions and their special grammars (CAST, EXTRACT, TRIM …) never apply.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from flowforge.errors import ErrorCode
from flowforge.formula.dialect import FormulaDialect
from flowforge.formula.errors import formula_error
from flowforge.formula.limits import MAX_DEPTH, MAX_LENGTH

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
    {TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IN, TokenType.BETWEEN}
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

    @property
    def unfinished(self) -> bool:
        """Whether more must follow: something is open, or the last token asks for an operand."""
        kinds = [token.token_type for token in self.tokens]
        opened = kinds.count(TokenType.L_PAREN) > kinds.count(TokenType.R_PAREN)
        return (
            opened
            or kinds.count(TokenType.CASE) > kinds.count(TokenType.END)
            or kinds[-1] not in _ENDS_OPERAND
        )


def tokenize(text: str) -> tuple[Source, list[Token]]:
    """The user's tokens and the parser's; ``GraphError`` for length, depth and unknown tokens."""
    if len(text) > MAX_LENGTH:
        raise formula_error(
            ErrorCode.FORMULA_TOO_LONG,
            f"The formula has {len(text)} characters; at most {MAX_LENGTH} are taken.",
            hint="Split it into several formula nodes.",
        )
    if not text.strip():
        raise formula_error(ErrorCode.FORMULA_SYNTAX, "The formula is empty.", hint="Write e.g. [price] * 2.")
    try:
        found = FormulaDialect().tokenize(text)
    except TokenError:
        raise _unclosed(text) from None
    for index, token in enumerate(found):
        _check(text, found, index, token)
        _check_neighbours(text, found, index, token)
    _check_depth(text, found)
    source = Source(text, tuple(found))
    return source, [_disguise(found, index, token) for index, token in enumerate(found)]


def _check(text: str, found: list[Token], index: int, token: Token) -> None:
    if token.comments:  # SQLGlot reads {# … #} as a comment, whatever a dialect says
        raise formula_error(
            ErrorCode.FORMULA_SYNTAX,
            "A formula has no comments.",
            source=text,
            position=token.start,
            hint="Take {# … #} out.",
        )
    exclamation = token.token_type is TokenType.NOT and token.text == "!"
    if (token.token_type in _ALLOWED and not exclamation) or _is_function(found, index):
        return
    word = token.text
    if word[:1].isalpha() or word[:1] == "_":
        raise formula_error(
            ErrorCode.FORMULA_SYNTAX,
            f"{word[:64]!r} is not part of the formula language here.",
            source=text,
            position=token.start,
            hint=f"Columns are written in brackets: [{word[:64]}]. Functions need parentheses.",
        )
    raise formula_error(
        ErrorCode.FORMULA_SYNTAX,
        f"{word[:64]!r} cannot be used in a formula.",
        source=text,
        position=token.start,
        hint="Operators are + - * / % ^ = <> < <= > >= AND OR NOT; decimals start with a digit: 0.5.",
    )


def _check_neighbours(text: str, found: list[Token], index: int, token: Token) -> None:
    """Refuse what the SQL grammar would take in a sense of its own: aliases, joined texts, gaps."""
    kind = token.token_type
    before = found[index - 1].token_type if index else None
    begins = kind in _BEGINS_OPERAND or _is_function(found, index)
    after_operand = before in _ENDS_OPERAND and not (index and _is_function(found, index - 1))
    missing_operand = kind in _NEEDS_LEFT and not after_operand and not _is_function(found, index)
    missing_operand = missing_operand and (before, kind) not in _MAY_FOLLOW
    missing_operand |= kind == TokenType.R_PAREN and before == TokenType.COMMA
    if (begins and after_operand) or missing_operand:
        raise formula_error(
            ErrorCode.FORMULA_SYNTAX,
            f"{text[token.start : token.end + 1][:64]!r} cannot stand here.",
            source=text,
            position=token.start,
            hint="An operator or a comma is missing." if begins else "A value is missing before it.",
        )


def _is_function(found: list[Token], index: int) -> bool:
    token = found[index]
    return (
        token.token_type not in _KEYWORDS_BEFORE_PARENTHESIS
        and token.token_type not in _LITERALS
        and token.text.replace("_", "a").isalnum()
        and not token.text[0].isdigit()
        and index + 1 < len(found)
        and found[index + 1].token_type == TokenType.L_PAREN
    )


def _check_depth(text: str, found: list[Token]) -> None:
    depth = 0
    for token in found:
        if token.token_type in (TokenType.L_PAREN, TokenType.CASE):
            depth += 1
            if depth > MAX_DEPTH:
                raise formula_error(
                    ErrorCode.FORMULA_TOO_DEEP,
                    f"The formula nests more than {MAX_DEPTH} levels deep.",
                    source=text,
                    position=token.start,
                    hint="Split it into several formula nodes.",
                )
        elif token.token_type in (TokenType.R_PAREN, TokenType.END):
            depth -= 1


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


def _is_tested(found: list[Token], index: int) -> bool:
    """Whether the word belongs to ``IS [NOT] NULL``."""
    before = [token.token_type for token in found[max(0, index - 2) : index]]
    return before[-1:] == [TokenType.IS] or before == [TokenType.IS, TokenType.NOT]


def _unclosed(text: str) -> Exception:
    """Find what the tokenizer did not: the bracket or quote that is never closed."""
    closing, opened = "", 0
    for position, character in enumerate(text):
        if closing:
            closing = "" if character == closing else closing
        elif character in "['\"":
            closing, opened = {"[": "]"}.get(character, character), position
    return formula_error(
        ErrorCode.FORMULA_SYNTAX,
        f"{text[opened]!r} is never closed.",
        source=text,
        position=opened,
        hint=f"Add {closing or text[opened]!r}.",
    )
