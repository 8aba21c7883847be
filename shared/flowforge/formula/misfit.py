"""Where a text stops being a formula: the first token that no formula has after those before it.

    [a] + * 2        the *          ([a] + 1         the end of the text
    [a] IS TRUE      the TRUE       CASE [a] END     the END

SQLGlot reports where its parser gave up, which can be far from there. So the longest beginning is
looked for that can still become a formula – one that is a formula once what it lacks is written behind
it (an operand, a closing parenthesis, ``AND 1`` of a BETWEEN …). Every beginning of such a beginning is
one too, which is why halving finds it. The browser's parser is an LR parser: it stops at the same token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlglot.tokenizer_core import Token, TokenType

Complete = Callable[[Sequence[Token]], bool]
"""Whether tokens, as the parser sees them, are a whole formula."""

_TEXTS = {
    TokenType.NUMBER: "0", TokenType.L_PAREN: "(", TokenType.R_PAREN: ")", TokenType.NULL: "NULL",
    TokenType.AND: "AND", TokenType.IN: "IN", TokenType.WHEN: "WHEN", TokenType.THEN: "THEN",
    TokenType.END: "END",
}  # fmt: skip
_LIST = (TokenType.L_PAREN, TokenType.NUMBER, TokenType.R_PAREN)
_BRANCH = (TokenType.WHEN, TokenType.NUMBER, TokenType.THEN, TokenType.NUMBER)

_CLOSED_BY: dict[TokenType, tuple[TokenType, ...]] = {
    TokenType.L_PAREN: (TokenType.R_PAREN,),
    TokenType.BETWEEN: (TokenType.AND, TokenType.NUMBER),
    TokenType.CASE: (*_BRANCH, TokenType.END),
    TokenType.WHEN: (TokenType.THEN, TokenType.NUMBER, TokenType.END),
    TokenType.THEN: (TokenType.END,),
    TokenType.ELSE: (TokenType.END,),
}
"""What is still to be written, by the innermost thing that is open."""

_IN_CASE = frozenset({TokenType.WHEN, TokenType.THEN, TokenType.ELSE})


def first_misfit(
    tokens: Sequence[Token], ends_operand: Callable[[int], bool], complete: Complete, guess: int
) -> int | None:
    """The index of the first token that does not fit, None if all of them can begin a formula.

    ``ends_operand(i)``: whether an operand can end with token i (a function's name does not). ``guess``
    is where SQLGlot gave up: mostly the place itself, so it is tried first.
    """
    fits, misfit = 0, len(tokens) + 1
    probes = [guess, guess + 1]
    while fits < misfit - 1:
        length = probes.pop(0) if probes else (fits + misfit) // 2
        if not fits < length < misfit:
            continue
        if _viable(tokens[:length], ends_operand, complete):
            fits = length
        else:
            misfit = length
    return fits if fits < len(tokens) else None


def _viable(tokens: Sequence[Token], ends_operand: Callable[[int], bool], complete: Complete) -> bool:
    last = tokens[-1]
    missing = [*_operand(tokens, ends_operand), *_closing(tokens)]
    return complete([*tokens, *(_made(kind, last) for kind in missing)])


def _operand(tokens: Sequence[Token], ends_operand: Callable[[int], bool]) -> tuple[TokenType, ...]:
    """What must follow the last token before anything can be closed."""
    at = len(tokens) - 1
    kinds = [token.token_type for token in tokens[-2:]]
    kind, before = kinds[-1], kinds[-2] if at else None
    if ends_operand(at):
        return ()
    if kind is TokenType.IS or (kind is TokenType.NOT and before is TokenType.IS):
        return (TokenType.NULL,)
    if kind is TokenType.NOT and at and ends_operand(at - 1):
        return (TokenType.IN, *_LIST)
    if kind in (TokenType.IN, TokenType.VAR):
        return _LIST
    return () if kind is TokenType.CASE else (TokenType.NUMBER,)


def _closing(tokens: Sequence[Token]) -> Iterator[TokenType]:
    """What closes everything that is open, the innermost first."""
    opened: list[TokenType] = []
    for token in tokens:
        kind = token.token_type
        if kind in (TokenType.L_PAREN, TokenType.CASE, TokenType.BETWEEN):
            opened.append(kind)
        elif kind in _IN_CASE and opened:
            opened[-1] = kind
        elif opened and (
            kind in (TokenType.R_PAREN, TokenType.END)
            or (kind is TokenType.AND and opened[-1] is TokenType.BETWEEN)
        ):
            opened.pop()
    for kind in reversed(opened):
        yield from _CLOSED_BY[kind]


def _made(kind: TokenType, last: Token) -> Token:
    return Token(kind, _TEXTS[kind], line=last.line, col=last.col, start=last.end + 1, end=last.end + 1)
