"""Formula text → SQLGlot expression whose leaves are token indices.

[price] * 2   →   Mul(Column(Identifier "0"), Literal 2)     with tokens 0 = [price], 2 = "2"
"""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokenizer_core import Token

from flowforge.errors import ErrorCode
from flowforge.formula.dialect import FormulaDialect
from flowforge.formula.errors import formula_error
from flowforge.formula.limits import MAX_DEPTH
from flowforge.formula.recursion import deep_recursion
from flowforge.formula.tokens import FUNCTION_PREFIX, WORD_PREFIX, Source, tokenize


@lru_cache(maxsize=2048)
def parse(text: str) -> tuple[Source, exp.Expr]:
    """The tree of a formula, not yet typed; callers must not change it (it is shared).

    Raises ``GraphError`` with ``FORMULA_SYNTAX``, ``FORMULA_TOO_LONG`` or ``FORMULA_TOO_DEEP``.
    """
    source, tokens = tokenize(text)
    try:
        with deep_recursion():
            trees = PostgresParser(dialect=FormulaDialect()).parse(tokens, text)
    except ParseError as error:
        raise _syntax_error(source, tokens, error) from None
    tree = trees[0] if len(trees) == 1 else None
    if tree is None:
        raise formula_error(
            ErrorCode.FORMULA_SYNTAX, "The formula is not one expression.", source=text, position=0
        )
    _check_height(source, tree)
    return source, tree


def _syntax_error(source: Source, tokens: list[Token], error: ParseError) -> Exception:
    """Point at the token after which the parser gave up; at the end of the text if it ran out."""
    details = error.errors[0] if error.errors else {}
    line, column = details.get("line"), details.get("col")
    for index, token in enumerate(tokens):
        if (token.line, token.col) == (line, column):
            if index == len(tokens) - 1 and source.unfinished:
                break
            return formula_error(
                ErrorCode.FORMULA_SYNTAX,
                f"The formula cannot be read at {source.text[token.start : token.end + 1][:64]!r}.",
                source=source.text,
                position=token.start,
                hint="Check operators, commas and parentheses around it.",
            )
    return formula_error(
        ErrorCode.FORMULA_SYNTAX,
        "The formula ends too early.",
        source=source.text,
        position=len(source.text),
        hint="Something is missing after the last operator, or a parenthesis is not closed.",
    )


def _check_height(source: Source, tree: exp.Expr) -> None:
    """Operators, calls and CASE nest at most ``MAX_DEPTH`` deep; parentheses do not count here."""
    stack = [(tree, 0)]
    while stack:
        node, above = stack.pop()
        transparent = type(node) is exp.Paren or (type(node) is exp.If and type(node.parent) is exp.Case)
        depth = above + (not transparent)
        if depth > MAX_DEPTH:
            raise formula_error(
                ErrorCode.FORMULA_TOO_DEEP,
                f"The formula chains more than {MAX_DEPTH} operations into each other.",
                hint="Split it into several formula nodes.",
            )
        if type(node) is not exp.Column:
            stack.extend((child, depth) for child in node.iter_expressions())


def token_index(node: exp.Expr) -> int:
    """The index of the user's token behind a name, a literal or a function call."""
    return int(node.name.removeprefix(FUNCTION_PREFIX).removeprefix(WORD_PREFIX))
